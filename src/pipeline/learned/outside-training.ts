/** What of a measurement a network never met in training. */
import type { ModelManifest } from '../../models/manifest.ts';
import type { MriMeasurement } from '../../mri/measurement.ts';
import { selfWeightedMean, type UnrolledProblem } from '../../mri/unrolled.ts';

/** One warning for each condition outside what the manifest states; what it does not state is not judged. */
export function outsideTraining({ pattern, trajectory }: MriMeasurement, problem: UnrolledProblem, { trained }: Pick<ModelManifest, 'trained'>): string[] {
  const [coils, rows, columns] = problem.maps.shape as [number, number, number];
  const warnings: string[] = [];
  const check = (what: string, value: number, range: readonly [number, number] | undefined): void => {
    if (range === undefined || (value >= range[0] && value <= range[1])) return;
    warnings.push(`Outside its training: ${what} ${Number(value.toPrecision(3))}, trained for ${range[0]}–${range[1]}`);
  };
  if (trajectory === undefined) check('acceleration', pattern.nominal, trained.acceleration);
  else warnings.push('Outside its training: sampling along a trajectory');
  check('coils', coils, trained.coils);
  check('rows', rows, trained.matrix);
  check('columns', columns, trained.matrix);
  if (problem.noise > 0) check('signal-to-noise ratio', selfWeightedMean(problem.adjoint) / problem.noise, trained.snr);
  return warnings;
}

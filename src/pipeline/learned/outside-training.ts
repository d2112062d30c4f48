/** What of a measurement a network never met in training. */
import type { ModelManifest } from '../../models/manifest.ts';
import type { MriMeasurement, SeenConditions } from '../../mri/measurement.ts';
import { selfWeightedMean, type UnrolledProblem } from '../../mri/unrolled.ts';

/** What the network was given, in the words of a manifest's `trained`: R as it was achieved, coils after compression. */
export function seenConditions({ pattern }: Pick<MriMeasurement, 'pattern'>, problem: UnrolledProblem): SeenConditions {
  const [coils, rows, columns] = problem.maps.shape as [number, number, number];
  return { acceleration: pattern.achieved, coils, rows, columns, snr: problem.noise > 0 ? selfWeightedMean(problem.adjoint) / problem.noise : null };
}

/** One warning for each condition outside what the manifest states; what it does not state, or nobody could measure, is not judged. */
export function outsideTraining({ trajectory }: Pick<MriMeasurement, 'trajectory'>, seen: SeenConditions, { trained }: Pick<ModelManifest, 'trained'>): string[] {
  return [
    // Along a trajectory R says how many readouts were left out, which is not what a Cartesian network was trained for.
    ...(trajectory === undefined ? outside('acceleration', Number(seen.acceleration.toFixed(1)), trained.acceleration) : ['Outside its training: sampling along a trajectory']),
    ...outside('coils', seen.coils, trained.coils),
    ...outside('rows', seen.rows, trained.matrix),
    ...outside('columns', seen.columns, trained.matrix),
    ...(seen.snr === null ? [] : outside('signal-to-noise ratio', Number(seen.snr.toPrecision(3)), trained.snr)),
  ];
}

/** A warning where `value`, as a person reads it, is outside of what the network was trained with; none where the manifest does not say. */
export function outside(what: string, value: number, range: readonly [number, number] | undefined): string[] {
  if (range === undefined || (value >= range[0] && value <= range[1])) return [];
  return [`Outside its training: ${what} ${Number(value.toPrecision(3))}, trained for ${range[0]}–${range[1]}`];
}

/** Turns the steps of an iterative reconstruction into what a method yields and returns. */
import { centreCrop, zeros, type NdArray } from '../array/nd-array.ts';
import type { AlgorithmStatus } from '../algorithms/status.ts';
import type { CalibratedMaps } from './cached-maps.ts';
import { predictSamples, relativeResidual, residualMap } from './data-residual.ts';
import type { MriEstimate, MriMeasurement } from './measurement.ts';

export interface EstimateStatus {
  readonly iteration: number;
  readonly iterations: number;
  readonly residual: number;
  /** Current image [output.rows, output.columns]; only until the next step. */
  preview(): NdArray<'complex64'>;
}

/**
 * Drives `steps` to the end, crops to the output, and states the data residual and the calibration. Frees them when stopped early.
 *
 * `steps` give images [row, column], or [set, row, column] with sets of maps, which are combined (see combineSets). `predict` is the
 * model of the samples, in the shape of measurement.kspace; default mask·F·maps. A method along a trajectory hands in its own.
 */
export async function* deliverEstimate(
  { kspace, pattern, output }: MriMeasurement,
  { maps, note }: Pick<CalibratedMaps, 'maps' | 'note'>,
  steps: AsyncGenerator<AlgorithmStatus, NdArray<'complex64'>>,
  notes: readonly string[] = [],
  predict: (x: NdArray<'complex64'>) => NdArray<'complex64'> = (x) => predictSamples(x, maps, pattern),
): AsyncGenerator<EstimateStatus, MriEstimate> {
  const crop = (image: NdArray<'complex64'>): NdArray<'complex64'> => centreCrop(combineSets(image), output.rows, output.columns);
  try {
    for (;;) {
      const { value, done } = await steps.next();
      if (done) {
        return {
          image: crop(value),
          provider: 'cpu (TypeScript)',
          dataResidual: relativeResidual(predict(value), kspace),
          residual: () => residualMap(predict(value), kspace),
          notes: [note, ...notes],
        };
      }
      const { iteration, iterations, residual } = value;
      yield { iteration, iterations, residual, preview: () => crop(value.x) };
    }
  } finally {
    await steps.return(kspace);
  }
}

/**
 * Images of sets of maps [set, row, column] as one: root-sum-of-squares over sets (which is that of the coil images, the sets being
 * orthonormal) with the phase of the first set. [row, column] is returned as it is.
 */
export function combineSets(x: NdArray<'complex64'>): NdArray<'complex64'> {
  if (x.shape.length === 2) return x;
  const [sets, ...shape] = x.shape as [number, number, number];
  const out = zeros('complex64', shape);
  const size = out.data.length;
  for (let i = 0; i < size; i += 2) {
    let power = 0;
    for (let s = 0; s < sets; s++) power += (x.data[s * size + i] as number) ** 2 + (x.data[s * size + i + 1] as number) ** 2;
    const [re, im] = [x.data[i] as number, x.data[i + 1] as number];
    const first = Math.hypot(re, im);
    const all = Math.sqrt(power);
    out.data[i] = first > 0 ? (all * re) / first : all;
    out.data[i + 1] = first > 0 ? (all * im) / first : 0;
  }
  return out;
}

/** Turns the steps of an iterative reconstruction into what a method yields and returns. */
import { centreCrop, type NdArray } from '../array/nd-array.ts';
import type { AlgorithmStatus } from '../algorithms/status.ts';
import type { CalibratedMaps } from './cached-maps.ts';
import { dataResidual } from './data-residual.ts';
import type { MriEstimate, MriMeasurement } from './measurement.ts';

export interface EstimateStatus {
  readonly iteration: number;
  readonly iterations: number;
  readonly residual: number;
  /** Current image [output.rows, output.columns]; only until the next step. */
  preview(): NdArray<'complex64'>;
}

/** Drives `steps` to the end, crops to the output, and states the data residual and the calibration. Frees them when stopped early. */
export async function* deliverEstimate(
  { kspace, pattern, output }: MriMeasurement,
  { maps, block }: CalibratedMaps,
  steps: AsyncGenerator<AlgorithmStatus, NdArray<'complex64'>>,
  notes: readonly string[] = [],
): AsyncGenerator<EstimateStatus, MriEstimate> {
  const crop = (image: NdArray<'complex64'>): NdArray<'complex64'> => centreCrop(image, output.rows, output.columns);
  try {
    for (;;) {
      const { value, done } = await steps.next();
      if (done) {
        return {
          image: crop(value),
          provider: 'cpu (TypeScript)',
          dataResidual: dataResidual(value, kspace, maps, pattern),
          notes: [`Maps: ${block.rows}×${block.columns} calibration`, ...notes],
        };
      }
      const { iteration, iterations, residual } = value;
      yield { iteration, iterations, residual, preview: () => crop(value.x) };
    }
  } finally {
    await steps.return(kspace);
  }
}

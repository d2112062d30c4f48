import { z } from 'zod';
import { throwIfCancelled } from '../../../algorithms/status.ts';
import { centreCrop } from '../../../array/nd-array.ts';
import type { MriEstimate, MriMeasurement } from '../../../mri/measurement.ts';
import { griddedEstimate } from '../../../mri/noncartesian-methods.ts';
import { zeroFilledOf } from '../../../mri/zero-filled.ts';
import { defineMethod } from '../../step.ts';

export default defineMethod({
  name: 'zero-filled',
  title: 'Zero-filled',
  help: 'Takes samples that were not measured as zero (along a trajectory: density-compensated gridding) and combines the coils by root-sum-of-squares.',
  reference: 'Roemer et al., The NMR phased array, Magn Reson Med 1990;16:192',
  accepts: 'any',
  params: z.object({}),
  memory: ({ coils, rows, columns }) => (3 * coils + 2) * rows * columns * 8,
  async *run(measurement, _params, context) {
    throwIfCancelled(context.signal);
    const estimate = reconstruct(measurement, context.cache);
    yield { iteration: 1, iterations: 1, preview: () => estimate.image };
    return estimate;
  },
});

function reconstruct(measurement: MriMeasurement, cache: Map<string, unknown>): MriEstimate {
  const { output, trajectory } = measurement;
  if (trajectory !== undefined) return griddedEstimate(measurement, trajectory, cache);
  return { image: centreCrop(zeroFilledOf(measurement), output.rows, output.columns), provider: 'cpu (TypeScript)', notes: [] };
}

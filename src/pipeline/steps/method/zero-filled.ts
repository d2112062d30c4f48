import { z } from 'zod';
import { throwIfCancelled } from '../../../algorithms/status.ts';
import { centreCrop } from '../../../array/nd-array.ts';
import { zeroFilled } from '../../../mri/zero-filled.ts';
import { defineMethod } from '../../step.ts';

export default defineMethod({
  name: 'zero-filled',
  title: 'Zero-filled',
  help: 'Takes samples that were not measured as zero and combines the coils by root-sum-of-squares: the baseline that shows the aliasing.',
  reference: 'Roemer et al., The NMR phased array, Magn Reson Med 1990;16:192',
  params: z.object({}),
  memory: ({ coils, rows, columns }) => (2 * coils + 2) * rows * columns * 8,
  async *run(measurement, _params, context) {
    throwIfCancelled(context.signal);
    const image = centreCrop(zeroFilled(measurement.kspace), measurement.output.rows, measurement.output.columns);
    yield { iteration: 1, iterations: 1, preview: () => image };
    return { image, provider: 'cpu (TypeScript)', notes: [] };
  },
});

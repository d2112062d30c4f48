import { z } from 'zod';
import { throwIfCancelled } from '../../../algorithms/status.ts';
import { centreCrop } from '../../../array/nd-array.ts';
import { homodyne } from '../../../mri/homodyne.ts';
import { partialExtent, refusePartialFourier } from '../../../mri/partial-extent.ts';
import { defineMethod } from '../../step.ts';

export default defineMethod({
  name: 'homodyne',
  title: 'Homodyne',
  help: 'Partial Fourier in one step: counts samples without a mirror image twice and keeps what is in phase with the low-resolution image.',
  reference: 'Noll, Nishimura and Macovski, Homodyne detection in magnetic resonance imaging, IEEE TMI 1991;10:154',
  params: z.object({
    weighting: z
      .enum(['ramp', 'step'])
      .default('ramp')
      .describe('How the weight goes from 0 to 2 at the centre: a ramp rings less where the phase estimate is off.')
      .meta({ title: 'Weighting' }),
  }),
  refuses: ({ pattern }) => refusePartialFourier(pattern),
  memory: ({ coils, rows, columns }) => (4 * coils + 2) * rows * columns * 8,
  async *run({ kspace, pattern, output }, { weighting }, { signal }) {
    throwIfCancelled(signal);
    const { half } = partialExtent(pattern);
    const image = centreCrop(homodyne(kspace, pattern, weighting), output.rows, output.columns);
    yield { iteration: 1, iterations: 1, preview: () => image };
    return { image, provider: 'cpu (TypeScript)', notes: [`Phase: from ${2 * half + 1} samples across the centre`] };
  },
});

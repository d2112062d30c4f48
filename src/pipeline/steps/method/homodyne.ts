import { z } from 'zod';
import { throwIfCancelled } from '../../../algorithms/status.ts';
import { centreCrop, type NdArray, zeros } from '../../../array/nd-array.ts';
import { predictSamples, relativeResidual, residualMap } from '../../../mri/data-residual.ts';
import { homodyne, homodyneMaps } from '../../../mri/homodyne.ts';
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
    const full = homodyne(kspace, pattern, weighting);
    const image = centreCrop(full, output.rows, output.columns);
    yield { iteration: 1, iterations: 1, preview: () => image };
    const predict = (): NdArray<'complex64'> => predictSamples(complexOf(full), homodyneMaps(kspace, pattern), pattern);
    return {
      image,
      provider: 'cpu (TypeScript)',
      dataResidual: relativeResidual(predict(), kspace),
      residual: () => residualMap(predict(), kspace),
      notes: [`Phase: from ${2 * half + 1} samples across the centre`],
    };
  },
});

function complexOf(image: NdArray<'float32'>): NdArray<'complex64'> {
  const out = zeros('complex64', image.shape);
  for (let i = 0; i < image.data.length; i++) out.data[2 * i] = image.data[i] as number;
  return out;
}

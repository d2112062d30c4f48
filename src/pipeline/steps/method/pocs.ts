import { z } from 'zod';
import { centreCrop, type NdArray } from '../../../array/nd-array.ts';
import { relativeResidual, residualMap } from '../../../mri/data-residual.ts';
import { partialExtent, refusePartialFourier } from '../../../mri/partial-extent.ts';
import { pocs, type PocsResult } from '../../../mri/pocs.ts';
import { rootSumOfSquares } from '../../../mri/root-sum-of-squares.ts';
import { mask } from '../../../operators/mask.ts';
import type { SamplingPattern } from '../../../sampling/pattern.ts';
import { fft1c } from '../../../transform/fft.ts';
import { defineMethod } from '../../step.ts';

const TOLERANCE = 1e-4;

export default defineMethod({
  name: 'pocs',
  title: 'POCS',
  help: 'Partial Fourier by turns: the image gets the low-resolution phase, k-space gets its samples back, until nothing changes.',
  reference: 'Haacke, Lindskog and Lin, A fast, iterative, partial-Fourier technique, J Magn Reson 1991;92:126',
  params: z.object({
    iterations: z.int().min(1).max(200).default(20).describe('Turns at most; it stops earlier when the image changes by less than 10⁻⁴.').meta({ title: 'Iterations', step: 1 }),
  }),
  refuses: ({ pattern }) => refusePartialFourier(pattern),
  memory: ({ coils, rows, columns }) => (8 * coils + 2) * rows * columns * 8,
  async *run({ kspace, pattern, output }, { iterations }, { signal }) {
    const crop = (images: NdArray<'complex64'>) => centreCrop(rootSumOfSquares(images), output.rows, output.columns);
    const steps = pocs(kspace, pattern, { iterations, tolerance: TOLERANCE, signal });
    for (;;) {
      const { value, done } = await steps.next();
      if (!done) {
        yield { iteration: value.iteration, iterations, residual: value.residual, preview: () => crop(value.images) };
        continue;
      }
      const predicted = () => predict(value, pattern);
      return {
        image: crop(value.images),
        provider: 'cpu (TypeScript)',
        dataResidual: relativeResidual(predicted(), kspace),
        residual: () => residualMap(predicted(), kspace),
        notes: [`Phase: from ${2 * partialExtent(pattern).half + 1} samples across the centre`],
      };
    }
  },
});

/** mask·F of the images that have the phase: what the model says was measured. */
function predict({ constrained }: PocsResult, pattern: SamplingPattern): NdArray<'complex64'> {
  const along = partialExtent(pattern).axis === 2 ? 1 : 2;
  return mask(pattern, constrained.shape[0] as number).apply(fft1c(constrained, along));
}

import { z } from 'zod';
import { centreCrop } from '../../../array/nd-array.ts';
import { relativeResidual, residualMap } from '../../../mri/data-residual.ts';
import { grappa, refuseGrappa } from '../../../mri/grappa.ts';
import { zeroFilled } from '../../../mri/zero-filled.ts';
import { mask } from '../../../operators/mask.ts';
import { defineMethod } from '../../step.ts';

/** The kernel that `refuses` reckons with, before parameters are known: the smallest that is offered. */
const SMALLEST = { readout: 3, lines: 2 } as const;

export default defineMethod({
  name: 'grappa',
  title: 'GRAPPA',
  help: 'Fills missing k-space samples from measured neighbours in all coils, with weights learnt at the k-space centre; coil images by root-sum-of-squares.',
  reference: 'Griswold et al., Generalized autocalibrating partially parallel acquisitions, Magn Reson Med 2002;47:1202',
  params: z.object({
    lambda: z
      .number()
      .min(1e-8)
      .max(1)
      .default(1e-4)
      .describe('Damping of the weights: more amplifies less noise and leaves more aliasing.')
      .meta({ title: 'Damping λ', scale: 'log' }),
    readout: z
      .enum(['3', '5', '7', '9'])
      .default('5')
      .describe('Kernel size along the readout, for patterns of lines.')
      .meta({ title: 'Kernel, readout', unit: 'samples', advanced: true }),
    lines: z
      .enum(['2', '4', '6'])
      .default('4')
      .describe('Measured lines that a missing line is made from, for patterns of lines; points use a 5×5 neighbourhood.')
      .meta({ title: 'Kernel, lines', advanced: true }),
  }),
  refuses: ({ pattern, coils }) => refuseGrappa(pattern, coils, SMALLEST),
  // k-space as measured, filled, its coil images and their transform; normal equations of a 5×4 kernel.
  memory: ({ coils, rows, columns }) => 4 * coils * rows * columns * 8 + 2 * (20 * coils) ** 2 * 16,
  async *run({ kspace, pattern, output }, { lambda, readout, lines }, { signal }) {
    const crop = (filled: typeof kspace) => centreCrop(zeroFilled(filled), output.rows, output.columns);
    const steps = grappa(kspace, pattern, { lambda, readout: Number(readout), lines: Number(lines), signal });
    for (;;) {
      const { value, done } = await steps.next();
      if (!done) {
        const { iteration, iterations, kspace: partial } = value;
        yield { iteration, iterations, preview: () => crop(partial) };
        continue;
      }
      const { kspace: filled, geometry } = value;
      const measured = () => mask(pattern, kspace.shape[0] as number).apply(filled);
      const { neighbourhoods, spacing, unreached } = geometry;
      return {
        image: crop(filled),
        provider: 'cpu (TypeScript)',
        dataResidual: relativeResidual(measured(), kspace),
        residual: () => residualMap(measured(), kspace),
        notes: [
          spacing === null ? `Weights: ${neighbourhoods.length} neighbourhoods` : `Weights: every line in ${spacing}, ${neighbourhoods.length} offsets`,
          ...(spacing === null && pattern.kind === 'lines' ? ['Warning: the lines are not regularly spaced. GRAPPA fits weights for every gap anew, and wide gaps amplify noise and artefacts: take regular lines, or SENSE or a sparse method for these'] : []),
          ...(unreached === 0 ? [] : [`${unreached} samples without a measured neighbour stay zero`]),
        ],
      };
    }
  },
});

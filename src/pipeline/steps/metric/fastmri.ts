import { z } from 'zod';
import { fastmriScores } from '../../../metrics/fastmri.ts';
import { defineMetric } from '../../step.ts';

export default defineMetric({
  name: 'fastmri',
  title: 'PSNR, SSIM, NMSE (fastMRI)',
  help: 'Fidelity to the fully sampled reference as fastMRI defines it: of the volume, on magnitudes, without rescaling.',
  reference: 'Zbontar et al., fastMRI, arXiv:1811.08839; SSIM: Wang et al., IEEE TIP 13(4), 2004',
  params: z.object({
    crop: z
      .int()
      .min(0)
      .max(4096)
      .default(0)
      .describe('Score the central N×N only (or all of a smaller image); 0 = no crop.')
      .meta({ title: 'Crop', unit: 'pixels', step: 1, advanced: true }),
    reference: z
      .enum(['root-sum-of-squares', 'combined'])
      .default('root-sum-of-squares')
      .describe(
        'Of fully sampled data: root-sum-of-squares of the coil images as fastMRI takes it, whose air holds the noise of all coils, or the coil images combined with uncropped ESPIRiT maps of the same data.',
      )
      .meta({ title: 'Reference', labels: { 'root-sum-of-squares': 'Root-sum-of-squares', combined: 'Combined coils' } }),
  }),
  referenceOf: ({ reference }) => reference,
  run(reference, estimate, { crop }, dataRange) {
    const scores = fastmriScores(reference, estimate, { crop, ...(dataRange === undefined ? {} : { dataRange }) });
    return {
      values: [
        { name: 'PSNR', value: scores.psnr, unit: 'dB', better: 'higher' },
        { name: 'SSIM', value: scores.ssim, unit: '', better: 'higher' },
        { name: 'NMSE', value: scores.nmse, unit: '', better: 'lower' },
      ],
      contract: scores.contract,
      dataRange: scores.dataRange,
      shape: scores.shape,
    };
  },
});

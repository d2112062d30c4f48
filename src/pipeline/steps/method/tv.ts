import { z } from 'zod';
import { calibratedMaps } from '../../../mri/cached-maps.ts';
import { refuseWithoutCentre } from '../../../mri/coil-maps.ts';
import { deliverEstimate } from '../../../mri/deliver-estimate.ts';
import { imageScale } from '../../../mri/image-scale.ts';
import { totalVariation } from '../../../mri/tv.ts';
import { zeroFilled } from '../../../mri/zero-filled.ts';
import { defineMethod } from '../../step.ts';
import { mapParams } from '../map-params.ts';

const TOLERANCE = 1e-5;
/** Of the threshold, in single precision. */
const SMALLEST = 1e-30;

export default defineMethod({
  name: 'tv',
  title: 'Total variation',
  help: 'The image that fits the samples and has few edges, by ADMM: flat regions become clean, fine texture may become patches.',
  reference: 'Block, Uecker and Frahm, Undersampled radial MRI with multiple coils, Magn Reson Med 2007;57:1086',
  params: z.object({
    lambda: z
      .number()
      .min(0.0002)
      .max(0.02)
      .default(0.001)
      .describe('Weight of the total variation, for an image whose brightest parts are about 1.')
      .meta({ title: 'Weight λ', scale: 'log' }),
    iterations: z.int().min(1).max(500).default(40).describe('ADMM steps at most; it stops earlier when the image no longer changes.').meta({ title: 'Iterations', step: 1 }),
    rho: z
      .number()
      .min(0.001)
      .max(1)
      .default(0.05)
      .describe('Coupling of image and edges: decides how fast it converges, not what to.')
      .meta({ title: 'Coupling ρ', scale: 'log', advanced: true }),
    innerIterations: z.int().min(1).max(20).default(4).describe('Conjugate-gradient steps within each ADMM step.').meta({ title: 'Inner steps', step: 1, advanced: true }),
    ...mapParams,
  }),
  refuses: ({ pattern }) => refuseWithoutCentre(pattern),
  // As SENSE, the coil images of the scale, and the differences and their duals.
  memory: ({ coils, rows, columns }) => (7 * coils + 18) * rows * columns * 8,
  async *run(measurement, params, { signal, cache }) {
    const calibrated = await calibratedMaps(measurement, params, cache);
    const scale = imageScale(zeroFilled(measurement.kspace));
    const { rho, iterations, innerIterations } = params;
    const options = { lambda: params.lambda * scale, rho, iterations, innerIterations, tolerance: TOLERANCE, signal };
    // A silent slice has no scale, and a threshold of 0 would divide by it.
    const steps = totalVariation(measurement.kspace, calibrated.maps, measurement.pattern, { ...options, lambda: options.lambda || SMALLEST });
    return yield* deliverEstimate(measurement, calibrated, steps, [`Scale ${scale.toPrecision(3)}`]);
  },
});

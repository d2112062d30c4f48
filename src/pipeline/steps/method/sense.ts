import { z } from 'zod';
import { calibratedMaps, type Calibration } from '../../../mri/cached-maps.ts';
import { refuseWithoutCentre } from '../../../mri/coil-maps.ts';
import { deliverEstimate } from '../../../mri/deliver-estimate.ts';
import { refuseTrajectory, senseEstimate } from '../../../mri/noncartesian-methods.ts';
import { sense } from '../../../mri/sense.ts';
import { hasTwin, senseOnGpu, type TwinRun, withProvider } from '../../gpu-twin.ts';
import { defineMethod } from '../../step.ts';
import { mapSetParams } from '../map-params.ts';

const TOLERANCE = 1e-5;

export default defineMethod({
  name: 'sense',
  title: 'SENSE',
  help: 'Unfolds the aliasing with coil maps from the k-space centre, by conjugate gradients on the regularised least-squares problem.',
  reference: 'Pruessmann et al., Advances in sensitivity encoding with arbitrary k-space trajectories, Magn Reson Med 2001;46:638',
  accepts: 'any',
  params: z.object({
    lambda: z
      .number()
      .min(1e-6)
      .max(1)
      .default(0.01)
      .describe('Weight of the energy of the image against the data: more suppresses noise and keeps aliasing.')
      .meta({ title: 'Regularisation λ', scale: 'log' }),
    iterations: z
      .int()
      .min(1)
      .max(200)
      .default(20)
      .describe('Conjugate-gradient steps at most; it stops earlier when the residual is below 10⁻⁵.')
      .meta({ title: 'Iterations', step: 1 }),
    ...mapSetParams,
  }),
  refuses: ({ pattern, nonCartesian }) => (nonCartesian ? refuseTrajectory(pattern) : refuseWithoutCentre(pattern)),
  // For two sets: maps as arrays and as row blocks, buffers of the adjoint, k-space, the prediction of the residual, ten images.
  memory: ({ coils, rows, columns }) => (9 * coils + 10) * rows * columns * 8,
  async *run(measurement, params, context) {
    const { signal, cache, gpu } = context;
    if (measurement.trajectory !== undefined) {
      const along = { cache, mapsOf: (calibration: Calibration) => calibratedMaps(calibration, params, cache) };
      return yield* senseEstimate(measurement, measurement.trajectory, { ...params, tolerance: TOLERANCE, signal }, along);
    }
    const calibrated = await calibratedMaps(measurement, params, cache);
    const { maps } = calibrated;
    const options = { ...params, tolerance: TOLERANCE, signal };
    const twin: TwinRun = { provider: '' };
    const steps =
      gpu !== undefined && hasTwin(measurement, maps)
        ? senseOnGpu(measurement, maps, options, { ...context, gpu }, twin)
        : sense(measurement.kspace, maps, measurement.pattern, options);
    return withProvider(yield* deliverEstimate(measurement, calibrated, steps), twin);
  },
});

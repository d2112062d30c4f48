import { z } from 'zod';
import { calibratedMaps, type Calibration } from '../../../mri/cached-maps.ts';
import { refuseWithoutCentre } from '../../../mri/coil-maps.ts';
import { deliverEstimate } from '../../../mri/deliver-estimate.ts';
import { imageScale } from '../../../mri/image-scale.ts';
import { l1Wavelet } from '../../../mri/l1-wavelet.ts';
import { l1WaveletEstimate, refuseTrajectory } from '../../../mri/noncartesian-methods.ts';
import { zeroFilled } from '../../../mri/zero-filled.ts';
import { usefulLevels, WAVELETS } from '../../../transform/wavelet.ts';
import { hasTwin, l1WaveletOnGpu, type TwinRun, withProvider } from '../../gpu-twin.ts';
import { defineMethod } from '../../step.ts';
import { mapParams } from '../map-params.ts';

const TOLERANCE = 1e-5;

export default defineMethod({
  name: 'l1-wavelet',
  title: 'L1-wavelet',
  help: 'Compressed sensing: the image that fits the samples and has few large wavelet coefficients, by FISTA with random shifts.',
  reference: 'Lustig et al., Sparse MRI, Magn Reson Med 2007;58:1182',
  accepts: 'any',
  params: z.object({
    lambda: z
      .number()
      .min(0.0005)
      .max(0.02)
      .default(0.002)
      .describe('Threshold of the wavelet coefficients, for an image whose brightest parts are about 1.')
      .meta({ title: 'Threshold λ', scale: 'log' }),
    iterations: z
      .int()
      .min(1)
      .max(500)
      .default(60)
      .describe('FISTA steps at most; strong undersampling gains from more.')
      .meta({ title: 'Iterations', step: 1 }),
    wavelet: z
      .enum(WAVELETS)
      .default('haar')
      .describe('Haar (2 taps) does best with patterns of lines, db4 (Daubechies, 4 vanishing moments, 8 taps) with patterns of points.')
      .meta({ title: 'Wavelet', advanced: true }),
    levels: z
      .int()
      .min(0)
      .max(8)
      .default(0)
      .describe('How often the image is halved; 0 takes as many as leave six pixels a side.')
      .meta({ title: 'Levels', step: 1, advanced: true }),
    seed: z
      .int()
      .min(0)
      .max(4294967295)
      .default(1)
      .describe('Seed of the random shifts: the same seed gives the same bits.')
      .meta({ title: 'Seed', step: 1, advanced: true }),
    ...mapParams,
  }),
  refuses: ({ pattern, nonCartesian }) => (nonCartesian ? refuseTrajectory(pattern) : refuseWithoutCentre(pattern)),
  // As SENSE, and the coil images of the scale, and the padded image of the wavelet.
  memory: ({ coils, rows, columns }) => (7 * coils + 12) * rows * columns * 8,
  async *run(measurement, { lambda, levels, ...params }, context) {
    const { signal, cache, gpu } = context;
    const { kspace, pattern, trajectory } = measurement;
    if (trajectory !== undefined) {
      const options = { ...params, lambda, levels, tolerance: TOLERANCE, signal };
      const along = { cache, mapsOf: (calibration: Calibration) => calibratedMaps(calibration, params, cache) };
      return yield* l1WaveletEstimate(measurement, trajectory, options, imageScale, along);
    }
    const [, rows, columns] = kspace.shape as [number, number, number];
    const calibrated = await calibratedMaps(measurement, params, cache);
    const scale = imageScale(zeroFilled(kspace));
    const { maps } = calibrated;
    const options = {
      ...params,
      lambda: lambda * scale,
      levels: Math.min(levels === 0 ? Infinity : levels, usefulLevels(rows, columns)),
      tolerance: TOLERANCE,
      signal,
    };
    const twin: TwinRun = { provider: '' };
    const steps =
      gpu !== undefined && hasTwin(measurement, maps)
        ? l1WaveletOnGpu(measurement, maps, options, { ...context, gpu }, twin)
        : l1Wavelet(kspace, maps, pattern, options);
    return withProvider(yield* deliverEstimate(measurement, calibrated, steps, [`Scale ${scale.toPrecision(3)}`]), twin);
  },
});


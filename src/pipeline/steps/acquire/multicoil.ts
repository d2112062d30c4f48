import { z } from 'zod';
import { coils, phase, seed, snr } from '../../../mri/simulate-params.ts';
import { simulateSeries } from '../../../mri/simulate-series.ts';
import { defineAcquire } from '../../step.ts';

export default defineAcquire({
  name: 'multicoil',
  title: 'Simulated multi-coil scan',
  help: 'Turns images into the k-space that receive coils around them would have measured: smooth coil maps, smooth phase, Gaussian noise.',
  params: z.object({ coils, phase, snr, seed }),
  run(series, params) {
    return Promise.resolve(simulateSeries(series, params));
  },
});

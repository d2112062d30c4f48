import { z } from 'zod';
import { brainRecording } from '../../../mri/phantom-recording.ts';
import { coils, contrast, seed, snr } from '../../../mri/simulate-params.ts';
import { defineSample } from '../../step.ts';

export default defineSample({
  name: 'brain',
  title: 'Brain phantom',
  help: 'A drawn head in axial slices, seen by simulated receive coils, with noise: no person was scanned.',
  params: z.object({
    contrast,
    coils,
    slices: z.int().min(1).max(32).default(8).describe('Axial slices, from the basal ganglia upwards.').meta({ title: 'Slices', step: 1 }),
    matrix: z
      .int()
      .min(64)
      .max(512)
      .default(320)
      .describe('Rows and columns of k-space; the field of view is 230 mm.')
      .meta({ title: 'Matrix', step: 2 }),
    snr,
    seed,
  }),
  run({ matrix, ...params }) {
    return brainRecording({ ...params, name: 'brain', rows: matrix, columns: matrix, fieldOfView: 230, phase: true });
  },
});

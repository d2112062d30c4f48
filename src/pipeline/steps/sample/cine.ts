import { z } from 'zod';
import { cineRecording } from '../../../mri/cine-recording.ts';
import { coils, seed, snr } from '../../../mri/simulate-params.ts';
import { defineSample } from '../../step.ts';

export default defineSample({
  name: 'cine',
  title: 'Beating heart phantom',
  help: 'A drawn chest whose heart beats and moves with the breath, as a series of frames seen by simulated receive coils: no person was scanned.',
  params: z.object({
    coils,
    frames: z.int().min(2).max(64).default(24).describe('Frames of the series.').meta({ title: 'Frames', step: 1 }),
    matrix: z.int().min(64).max(256).default(128).describe('Rows and columns of k-space.').meta({ title: 'Matrix', step: 2 }),
    beats: z.int().min(0).max(8).default(2).describe('Heart beats over the whole series; 0 for a heart that stands still.').meta({ title: 'Heart beats', step: 1 }),
    breaths: z.int().min(0).max(4).default(1).describe('Breaths over the whole series; 0 for a held breath.').meta({ title: 'Breaths', step: 1 }),
    snr,
    seed,
  }),
  run: ({ matrix, ...params }) => cineRecording({ ...params, rows: matrix, columns: matrix }),
});

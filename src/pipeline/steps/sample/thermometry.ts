import { z } from 'zod';
import { TUMOUR } from '../../../mri/thermometry/phantom.ts';
import { thermometryRecording } from '../../../mri/thermometry/phantom-recording.ts';
import { coils, seed, snrOf } from '../../../mri/simulate-params.ts';
import { defineSample } from '../../step.ts';

export default defineSample({
  name: 'thermometry',
  title: 'Heated thigh phantom',
  help: 'A drawn thigh with a tumour that warms up and cools down, as a series of frames with known temperature seen by simulated receive coils: no person was scanned.',
  params: z.object({
    coils,
    frames: z.int().min(2).max(64).default(16).describe('Frames of the series; the first one is not heated.').meta({ title: 'Frames', step: 1 }),
    matrix: z.int().min(64).max(256).default(128).describe('Rows and columns of k-space.').meta({ title: 'Matrix', step: 2 }),
    peak: z.number().min(-20).max(40).default(5).describe('Temperature rise in the middle of the tumour, in the hottest frame.').meta({ title: 'Peak rise', unit: '°C', step: 0.5 }),
    width: z.number().min(0.02).max(0.2).default(0.06).describe('Standard deviation of the hot spot, as a share of the field of view.').meta({ title: 'Spot width', step: 0.005 }),
    drift: z.number().min(-20).max(20).default(1).describe('Drift of the main field by the last frame; 0 for a perfect magnet.').meta({ title: 'Field drift', unit: 'Hz', step: 0.1 }),
    fieldStrength: z.number().min(0.2).max(7).default(1.5).describe('Main field.').meta({ title: 'B0', unit: 'T', step: 0.1 }),
    echoTime: z.number().min(1).max(60).default(17.4).describe('Echo time, of the last echo where there are several.').meta({ title: 'TE', unit: 'ms', step: 0.1 }),
    echoes: z.int().min(1).max(4).default(1).describe('Echoes at equal steps up to TE.').meta({ title: 'Echoes', step: 1 }),
    interval: z.number().min(1).max(600).default(60).describe('Time between frames.').meta({ title: 'Frame interval', unit: 's', step: 1 }),
    snr: snrOf(30),
    seed,
  }),
  run: ({ matrix, echoTime, interval, ...params }) =>
    thermometryRecording({ ...params, ...TUMOUR, rows: matrix, columns: matrix, echoTime: echoTime / 1e3, interval: interval / 60, baseline: 37 }),
});

import { z } from 'zod';
import { brainRecording } from '../../../mri/phantom-recording.ts';
import { contrast, seed, snr } from '../../../mri/simulate-params.ts';
import { defineSample } from '../../step.ts';

export default defineSample({
  name: 'brain-small',
  title: 'Brain phantom, small',
  help: 'The brain phantom at 192×160, 4 coils, 3 slices, for quick trials.',
  params: z.object({ contrast, snr, seed }),
  run(params) {
    const size = { rows: 192, columns: 160, slices: 3, coils: 4, fieldOfView: 240 };
    return brainRecording({ ...params, ...size, name: 'brain-small', phase: true });
  },
});

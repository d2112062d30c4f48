import { z } from 'zod';
import { throwIfCancelled } from '../../../algorithms/status.ts';
import type { NdArray } from '../../../array/nd-array.ts';
import { LacunaError } from '../../../errors.ts';
import { statedAcquisition } from '../../../mri/thermometry/acquisition.ts';
import { doseMap } from '../../../mri/thermometry/dose.ts';
import { framesOf } from '../../../array/frames.ts';
import { frameTemperature, STATIC } from '../../thermometry/frame-temperature.ts';
import { temperatureParams } from '../../thermometry/params.ts';
import { defineView } from '../../step.ts';

/** Doses that are spoken of: pain and oedema of muscle, and what counts as necrosis of most tissues. */
const LEVELS = [30, 240] as const;

export default defineView({
  name: 'thermal-dose',
  title: 'Thermal dose',
  help: 'Cumulative equivalent minutes at 43 °C (CEM43) from the first frame to the one on screen, over the magnitude.',
  reference: 'Sapareto and Dewey, Thermal dose determination in cancer therapy, Int J Radiat Oncol Biol Phys 1984;10:787',
  of: 'estimate',
  params: z.object({
    interval: z.number().min(0).max(3600).default(0).describe('Time between frames; 0 takes what the file states.').meta({ title: 'Frame interval', unit: 's', step: 1 }),
    ...temperatureParams,
    overlayFrom: z.number().min(0).max(1000).default(0.1).describe('Pixels with a lower dose show the magnitude in grey.').meta({ title: 'Colour from', unit: 'min', step: 0.1 }),
  }),
  refuses: ({ series }) => (framesOf(series) === null ? STATIC : null),
  async *run(input, params, { cache, signal }) {
    const minutes = params.interval > 0 ? params.interval / 60 : statedAcquisition(input.series).interval;
    if (minutes === undefined) {
      throw new LacunaError('usage.unsupported', `“${input.series.title}” does not state the time between frames; give the frame interval.`, { field: 'interval' });
    }
    const shown = input.frames.indexOf(input.slice);
    const maps: Float32Array[] = [];
    let magnitude: NdArray<'float32'> | undefined;
    yield { iteration: 0, iterations: shown + 1 };
    for (let frame = 0; frame <= shown; frame++) {
      throwIfCancelled(signal);
      const map = await frameTemperature(input, frame, params, cache);
      maps.push(map.rise.data.map((rise) => rise + params.baselineTemperature));
      magnitude = map.magnitude;
      yield { iteration: frame + 1, iterations: shown + 1 };
    }
    const dose = doseMap(maps, minutes);
    const { rows, columns } = input.series.output;
    const top = dose.reduce((most, value) => Math.max(most, Number.isFinite(value) ? value : 0), 0);
    return {
      images: { dtype: 'float32', shape: [1, rows, columns], data: dose },
      labels: ['CEM43'],
      space: 'image',
      colormap: 'inferno',
      unit: 'min',
      range: [0, Math.max(1, top)],
      ...(magnitude === undefined ? {} : { underlay: { images: { ...magnitude, shape: [1, rows, columns] }, below: params.overlayFrom } }),
      numbers: [
        { label: 'Highest', value: top, unit: 'min' },
        ...LEVELS.map((level) => ({ label: `Pixels from ${level} min`, value: dose.filter((value) => value >= level).length, unit: '' })),
      ],
      notes: [
        `${shown + 1} frames, ${Number((60 * minutes).toPrecision(4))} s apart; R = 0.5 from 43 °C on, 0.25 below; between frames the dose rate goes in a straight line.`,
        'Noise adds to a dose, since its rate is steeper upwards: smoothing matters more here than for temperature.',
        `The baseline frame is at ${params.baselineTemperature} °C.`,
      ],
    };
  },
});

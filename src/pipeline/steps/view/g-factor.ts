import { z } from 'zod';
import { centreCrop, magnitude, type NdArray } from '../../../array/nd-array.ts';
import { calibratedMaps, type MapParams } from '../../../mri/cached-maps.ts';
import { gFactor, refuseGFactor } from '../../../mri/g-factor.ts';
import { noiseAcceleration, replicaGFactor } from '../../../mri/g-factor-replicas.ts';
import { defineView, type MethodContext, type ViewInput } from '../../step.ts';

/** Pixels at least this bright, relative to the brightest ones, are the object that the numbers speak of. */
const OBJECT = 0.1;
const BRIGHTEST = 0.995;

export default defineView({
  name: 'g-factor',
  title: 'g-factor',
  help: 'By how much noise grows beyond what fewer samples alone cost: from the coil maps for SENSE, from noisy replicas of the measurement for any other method.',
  reference: 'Pruessmann et al., Magn Reson Med 1999;42:952; replicas: Robson et al., Magn Reson Med 2008;60:895',
  accepts: 'any',
  of: 'estimate',
  params: z.object({
    approach: z
      .enum(['automatic', 'replicas'])
      .default('automatic')
      .describe('Automatic takes the formula where the method is SENSE and the pattern one of lines; replicas works for every method and includes its regularisation.')
      .meta({ title: 'Approach' }),
    replicas: z
      .int()
      .min(4)
      .max(1000)
      .default(32)
      .describe('Reconstructions of noisy copies; the error of a pixel falls with their square root, 9 % for 32 complex images.')
      .meta({ title: 'Replicas', step: 1 }),
    noise: z
      .number()
      .min(0.01)
      .max(50)
      .default(1)
      .describe('Noise of a copy, relative to the brightest pixels of the image; it matters to methods that are not linear.')
      .meta({ title: 'Noise', unit: '%', scale: 'log', advanced: true }),
    seed: z.int().min(0).max(4294967295).default(1).describe('The same seed gives the same noise.').meta({ title: 'Seed', step: 1, advanced: true }),
  }),
  async *run(input, params, context) {
    const image = magnitude((await input.estimate()).image);
    const bright = brightest(image);
    const analytic = params.approach === 'automatic' && input.method.name === 'sense' && input.series.trajectory === undefined && refuseGFactor(input.pattern) === null;
    const measurement = await input.measurement();
    const g = analytic
      ? yield* ofMaps(input, context)
      : yield* replicaGFactor(measurement, (noisy) => input.estimate(noisy), { ...params, sigma: (params.noise / 100) * bright, signal: context.signal });
    const values = inside(g, image, OBJECT * bright);
    const at = (share: number): number => values[Math.floor(share * (values.length - 1))] ?? NaN;
    return {
      images: { dtype: 'float32', shape: [1, ...g.shape], data: g.data.map((value) => (Number.isFinite(value) ? value : 0)) },
      labels: [`g-factor of ${input.method.title}`],
      space: 'image',
      colormap: 'inferno',
      unit: '',
      range: [0, Math.max(1, 1.2 * at(0.95))],
      numbers: [
        { label: 'Mean g', value: values.reduce((sum, value) => sum + value, 0) / values.length, unit: '' },
        { label: '95 % below', value: at(0.95), unit: '' },
        { label: 'Maximum g', value: at(1), unit: '' },
      ],
      notes: [
        analytic
          ? 'From the coil maps, without regularisation; noise is taken as equal and uncorrelated between channels.'
          : `From ${params.replicas} replicas with noise of ${params.noise} %, regularisation included; relative to full sampling and √R, R = ${noiseAcceleration(measurement).toFixed(2)}${measurement.trajectory === undefined ? '' : ' in samples'}.`,
        `Numbers are of the ${values.length} pixels above ${100 * OBJECT} % of the brightest.`,
      ],
    };
  },
});

async function* ofMaps(input: ViewInput, { cache, signal }: MethodContext) {
  const measurement = await input.measurement();
  const { maps } = await calibratedMaps(measurement, { ...(input.method.params as unknown as MapParams), mapSets: 1 }, cache);
  const g = yield* gFactor(maps, input.pattern, signal);
  return centreCrop(g, measurement.output.rows, measurement.output.columns);
}

function brightest(image: NdArray<'float32'>): number {
  const sorted = image.data.slice().sort();
  return sorted[Math.floor(BRIGHTEST * (sorted.length - 1))] ?? 0;
}

/** Finite values where the image is above the threshold, ascending. */
function inside(g: NdArray<'float32'>, image: NdArray<'float32'>, threshold: number): Float32Array {
  return g.data.filter((value, i) => Number.isFinite(value) && (image.data[i] as number) > threshold).sort();
}

import { z } from 'zod';
import { type NdArray, zeros } from '../../../array/nd-array.ts';
import { COMPONENTS, leaveOutEnsemble, NEIGHBOURHOOD, objectMask, predictedError } from '../../../mri/ensemble.ts';
import { weightsOf } from '../../../mri/ensemble-weights.ts';
import { defineView, type ViewInput } from '../../step.ts';

/** Errors above this are counted, %. */
const LARGE = 10;
const TITLES = { spread: 'Spread of the copies', made: 'Error at the samples left out', mirrored: 'Spread of the mirror images' } as const;
/** Where the display range begins to cut, as a quantile of the error inside the object. */
const TOP = 0.995;

export default defineView({
  name: 'predicted-error',
  title: 'Predicted error',
  help: 'Where a learned reconstruction should not be believed: the network runs on copies of the measurement that each miss some samples, where what it makes up is held against what was measured, and on mirror images. It ranks neighbourhoods of about 7 pixels, not single pixels, and ranks them poorly where a wide gap near the centre of k-space was left out on both sides.',
  reference: 'Kott, The delete-a-group jackknife, J Off Stat 2001;17:521; Efron, The jackknife, the bootstrap and other resampling plans, SIAM 1982',
  accepts: 'cartesian',
  of: 'estimate',
  params: z.object({
    copies: z.int().min(2).max(32).default(8).describe('Copies of the measurement; each misses its share of the samples outside the fully sampled centre.').meta({ title: 'Copies', step: 1 }),
    components: z.boolean().default(false).describe('Shows beside the prediction what it is made of: the spread of the copies, their error at the samples left out, and the spread of the mirror images.').meta({ title: 'Show its components', advanced: true }),
    seed: z.int().min(0).max(4294967295).default(1).describe('Decides which copy misses which samples.').meta({ title: 'Seed', step: 1, advanced: true }),
  }),

  refuses({ model }) {
    return model === undefined ? 'The predicted error is for learned methods: it was fitted to the errors of networks. For classical methods, look at “Uncertainty”.' : null;
  },

  async *run(input, { copies, components, seed }, { signal }) {
    const measurement = await input.measurement();
    const single = oneCopy(input);
    const ensemble = yield* leaveOutEnsemble(measurement, (each) => input.estimate(each, single), { copies, seed, signal });
    const { model = '' } = input.method;
    const { weights, fitted } = weightsOf(model);
    const inside = objectMask(ensemble.image);
    const error = within(predictedError(ensemble, weights), inside);
    const sorted = Float32Array.from(percent(error).filter((_, i) => inside[i] !== 0)).sort();
    const { dealt } = ensemble;
    const what = measurement.pattern.kind === 'lines' ? 'lines' : 'points';
    return {
      images: stacked([error, ...(components ? COMPONENTS.map((name) => ensemble[name]) : [])]),
      labels: ['Predicted error', ...(components ? COMPONENTS.map((name) => TITLES[name]) : [])],
      space: 'image',
      colormap: 'inferno',
      unit: '%',
      range: [0, Math.max(1, quantile(sorted, TOP))],
      numbers: [
        { label: 'Median', value: quantile(sorted, 0.5), unit: '%' },
        { label: '95th percentile', value: quantile(sorted, 0.95), unit: '%' },
        { label: `Above ${LARGE} %`, value: sorted.length === 0 ? 0 : (100 * sorted.filter((value) => value > LARGE).length) / sorted.length, unit: '%' },
      ],
      notes: [
        `Learned: root-mean-square error to be expected within about ${Math.round(2.355 * NEIGHBOURHOOD)} pixels, in percent of the image’s 99th percentile (${ensemble.level.toPrecision(3)}). Air is left out: nothing was fitted there.`,
        `${dealt.copies} copies, each without its share of the ${dealt.leftOut} ${what} outside the fully sampled centre, seed ${seed}; coil maps are those of the same centre.`,
        'Errors that all copies share are not seen: what the coil maps, the calibration or the training got wrong, and what lies in a gap so wide that nothing near it can be left out. A dark place may still be wrong; of single pixels little is told.',
        fitted
          ? `Its level was fitted on training slices reconstructed by ${model}, not on test data.`
          : `Not calibrated for ${model}: the level is that of other networks, so trust the places more than the level.`,
      ],
    };
  },
});

/** Averaging copies of its own would make the network slower here, and no wiser. */
function oneCopy({ method }: ViewInput): Readonly<Record<string, string>> {
  return method.params['averages'] === undefined ? {} : { averages: '1' };
}

/** Zero outside the object. */
function within(image: NdArray<'float32'>, inside: Uint8Array): NdArray<'float32'> {
  return { ...image, data: image.data.map((value, i) => (inside[i] === 0 ? 0 : value)) };
}

function percent(share: NdArray<'float32'>): Float32Array {
  return share.data.map((value) => 100 * value);
}

/** Shares as percent, [n, row, column]. */
function stacked(images: readonly NdArray<'float32'>[]): NdArray<'float32'> {
  const [rows, columns] = (images[0]?.shape ?? [0, 0]) as [number, number];
  const out = zeros('float32', [images.length, rows, columns]);
  for (const [n, image] of images.entries()) out.data.set(percent(image), n * rows * columns);
  return out;
}

function quantile(sorted: Float32Array, q: number): number {
  return sorted[Math.floor(q * (sorted.length - 1))] ?? 0;
}

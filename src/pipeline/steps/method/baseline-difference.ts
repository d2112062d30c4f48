import { z } from 'zod';
import { centreCrop, type NdArray } from '../../../array/nd-array.ts';
import { LacunaError } from '../../../errors.ts';
import { calibratedMaps } from '../../../mri/cached-maps.ts';
import { refuseWithoutCentre } from '../../../mri/coil-maps.ts';
import { predictSamples, relativeResidual, residualMap } from '../../../mri/data-residual.ts';
import type { MriEstimate, MriMeasurement } from '../../../mri/measurement.ts';
import { sense } from '../../../mri/sense.ts';
import { trackPhase } from '../../../mri/thermometry/baseline-difference.ts';
import { defineMethod } from '../../step.ts';
import { mapParams } from '../map-params.ts';

const TOLERANCE = 1e-5;
const STATIC = 'Baseline and phase needs a dynamic series: a baseline frame and others after it. This series has one frame.';

export default defineMethod({
  name: 'baseline-difference',
  title: 'Baseline and phase',
  help: 'For thermometry: the first frame is measured in full, and of each later one only the smooth phase by which it differs is estimated from its few samples.',
  reference: 'Gaur and Grissom, Accelerated MRI thermometry by direct estimation of temperature from undersampled k-space data, Magn Reson Med 2015;73:1914',
  params: z.object({
    smooth: z
      .number()
      .min(0.3)
      .max(6)
      .default(2)
      .describe('Width in pixels below which the phase may not vary: more lowers noise, and flattens hot spots narrower than about four times as much.')
      .meta({ title: 'Smoothness', unit: 'px', step: 0.1 }),
    rounds: z.int().min(1).max(20).default(4).describe('Gauss–Newton steps of the phase of a frame at most, from that of the frame before it.').meta({ title: 'Rounds', step: 1 }),
    remainder: z
      .boolean()
      .default(false)
      .describe('Adds what a turned baseline cannot explain, such as motion or a change of brightness, by SENSE; it brings noise with it.')
      .meta({ title: 'Add the remainder' }),
    lambda: z.number().min(0.001).max(10).default(0.3).describe('Weight of the energy of the remainder against the data.').meta({ title: 'Remainder λ', scale: 'log', advanced: true }),
    ...mapParams,
  }),
  refuses: ({ pattern, frames }) => (frames === 1 ? STATIC : refuseWithoutCentre(pattern)),
  fullFrame: () => 0,
  // Of each frame its k-space and image; once the maps as arrays and as row blocks, buffers of the operator, a dozen fields.
  memory: ({ coils, rows, columns, frames = 1 }) => (frames * (coils + 1) + 6 * coils + 20) * rows * columns * 8,
  // biome-ignore lint/correctness/useYield: there is nothing to report on the way to a refusal.
  async *run() {
    throw new LacunaError('usage.unsupported', STATIC, { field: 'method' });
  },
  async *runFrames(frames, { smooth, rounds, remainder, lambda, ...maps }, { signal, cache }) {
    const first = frames[0] as MriMeasurement;
    const calibrated = await calibratedMaps(first, maps, cache);
    const notes = [calibrated.note, 'The first frame is measured in full', `Phase no finer than about ${smooth} pixels`, ...(remainder ? [`Remainder by SENSE, λ ${lambda}`] : [])];
    const estimates: MriEstimate[] = [];
    const steps = trackPhase(frames, calibrated.maps, { smooth, rounds, signal });
    for (;;) {
      const { value, done } = await steps.next();
      if (done) return estimates;
      const frame = frames[value.frame] as MriMeasurement;
      const image = remainder && value.frame > 0 ? await withRemainder(frame, value.image, calibrated.maps, lambda, signal) : value.image;
      estimates.push(estimateOf(frame, image, calibrated.maps, notes));
      yield { iteration: value.frame + 1, iterations: frames.length, residual: value.misfit, preview: () => centreCrop(image, frame.output.rows, frame.output.columns) };
    }
  },
});

type Complex = NdArray<'complex64'>;

/** x + d, where d solves (AᴴA + λ) d = Aᴴ(y − A x). */
async function withRemainder({ kspace, pattern }: MriMeasurement, image: Complex, maps: Complex, lambda: number, signal: { readonly cancelled: boolean }): Promise<Complex> {
  const left = predictSamples(image, maps, pattern);
  for (let i = 0; i < left.data.length; i++) left.data[i] = (kspace.data[i] as number) - (left.data[i] as number);
  const steps = sense(left, maps, pattern, { lambda, iterations: 20, tolerance: TOLERANCE, signal });
  for (;;) {
    const { value, done } = await steps.next();
    if (done) return { ...value, data: value.data.map((x, i) => x + (image.data[i] as number)) };
  }
}

function estimateOf({ kspace, pattern, output }: MriMeasurement, image: Complex, maps: Complex, notes: readonly string[]): MriEstimate {
  return {
    image: centreCrop(image, output.rows, output.columns),
    provider: 'cpu (TypeScript)',
    dataResidual: relativeResidual(predictSamples(image, maps, pattern), kspace),
    residual: () => residualMap(predictSamples(image, maps, pattern), kspace),
    notes,
  };
}

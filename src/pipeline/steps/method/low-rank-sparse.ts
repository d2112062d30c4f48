import { z } from 'zod';
import { centreCrop, type NdArray } from '../../../array/nd-array.ts';
import { LacunaError } from '../../../errors.ts';
import { calibratedMaps } from '../../../mri/cached-maps.ts';
import { refuseWithoutCentre } from '../../../mri/coil-maps.ts';
import { predictSamples, relativeResidual, residualMap } from '../../../mri/data-residual.ts';
import { imageScale } from '../../../mri/image-scale.ts';
import { lowRankSparse } from '../../../mri/low-rank-sparse.ts';
import type { MriEstimate, MriMeasurement } from '../../../mri/measurement.ts';
import { timeAverage } from '../../../mri/time-average.ts';
import { zeroFilled } from '../../../mri/zero-filled.ts';
import { defineMethod } from '../../step.ts';
import { mapParams } from '../map-params.ts';

const TOLERANCE = 1e-4;
const STATIC = 'Low-rank + sparse needs a dynamic series: several frames of the same place. This series has one.';

export default defineMethod({
  name: 'low-rank-sparse',
  title: 'Low-rank + sparse',
  help: 'For dynamic series: a background that hardly changes (few singular values) plus motion with few temporal frequencies, all frames together.',
  reference: 'Otazo, Candès and Sodickson, Low-rank plus sparse matrix decomposition, Magn Reson Med 2015;73:1125',
  params: z.object({
    lambdaLow: z
      .number()
      .min(0.0005)
      .max(0.2)
      .default(0.01)
      .describe('Threshold of the singular values, as a share of the largest one: more leaves a simpler background.')
      .meta({ title: 'Background λ', scale: 'log' }),
    lambdaSparse: z
      .number()
      .min(0.0005)
      .max(0.1)
      .default(0.01)
      .describe('Threshold of the temporal spectrum, for images whose brightest parts are about 1: more suppresses noise and blurs motion.')
      .meta({ title: 'Motion λ', scale: 'log' }),
    iterations: z.int().min(1).max(300).default(50).describe('Steps at most; it stops earlier when the series no longer changes.').meta({ title: 'Iterations', step: 1 }),
    ...mapParams,
  }),
  refuses: ({ pattern, frames }) => (frames === 1 ? STATIC : refuseWithoutCentre(pattern)),
  // Of each frame its k-space, its share of Eᴴd, M, S and their sum, and its image; once the average, the maps, and buffers of the operator.
  memory: ({ coils, rows, columns, frames = 1 }) => (frames * (coils + 7) + 7 * coils + 8) * rows * columns * 8,
  // biome-ignore lint/correctness/useYield: there is nothing to report on the way to a refusal.
  async *run() {
    throw new LacunaError('usage.unsupported', STATIC, { field: 'method' });
  },
  async *runFrames(frames, params, { signal, cache }) {
    const average = timeAverage(frames);
    const calibrated = await calibratedMaps(average, params, cache);
    const scale = imageScale(zeroFilled(average.kspace));
    const { lambdaLow, iterations } = params;
    const steps = lowRankSparse(frames, calibrated.maps, { lambdaLow, lambdaSparse: params.lambdaSparse * scale, iterations, tolerance: TOLERANCE, signal });
    for (;;) {
      const { value, done } = await steps.next();
      if (!done) {
        yield { iteration: value.iteration, iterations, residual: value.residual, preview: (frame = 0) => crop(value.frame(frame), frames[0]) };
        continue;
      }
      const notes = [calibrated.note, `Scale ${scale.toPrecision(3)}`, `Background of rank ${value.rank}, ${frames.length} frames`];
      return frames.map((frame, t) => estimateOf(frame, value.images[t] as NdArray<'complex64'>, calibrated.maps, notes));
    }
  },
});

function estimateOf({ kspace, pattern, output }: MriMeasurement, image: NdArray<'complex64'>, maps: NdArray<'complex64'>, notes: readonly string[]): MriEstimate {
  return {
    image: centreCrop(image, output.rows, output.columns),
    provider: 'cpu (TypeScript)',
    dataResidual: relativeResidual(predictSamples(image, maps, pattern), kspace),
    residual: () => residualMap(predictSamples(image, maps, pattern), kspace),
    notes,
  };
}

function crop(image: NdArray<'complex64'>, frame: MriMeasurement | undefined): NdArray<'complex64'> {
  return frame === undefined ? image : centreCrop(image, frame.output.rows, frame.output.columns);
}

/** One slice: what the view says about the error of a learned reconstruction, beside the error that it has. */
import { magnitude, type NdArray, subArray } from '../../src/array/nd-array.ts';
import type { Recording, Series } from '../../src/array/recording.ts';
import type { Engine } from '../../src/cli/engine.ts';
import { levelOf, NEIGHBOURHOOD, objectMask } from '../../src/mri/ensemble.ts';
import { neighbourhoodMean } from '../../src/mri/neighbourhood.ts';
import { pipelineSchema, type StepCall } from '../../src/pipeline/document.ts';

export interface TrustPlace {
  readonly recording: Recording;
  readonly series: Series;
  readonly slice: number;
  readonly acquire: StepCall | undefined;
}

/** Pixels inside the object, all as shares of the reconstruction's level (its 99th percentile). */
export interface TrustPixels {
  readonly predicted: Float32Array;
  readonly spread: Float32Array;
  readonly made: Float32Array;
  readonly mirrored: Float32Array;
  /** Root-mean-square of the true error over the neighbourhood that the prediction speaks of. */
  readonly around: Float32Array;
  /** |Error| of the pixel alone. */
  readonly alone: Float32Array;
}

/** Against the combined reference, so that the noise of the coils in air does not count. `ms` is the view's own time. */
export async function trustPixels(engine: Engine, place: TrustPlace, pattern: StepCall, model: string): Promise<TrustPixels & { readonly ms: number }> {
  const { recording, series, slice, acquire } = place;
  const document = pipelineSchema.parse({
    lacuna: 1,
    input: { name: recording.name, sha256: await recording.sha256(), series: series.id },
    slices: [slice, slice + 1],
    ...(acquire === undefined ? {} : { acquire }),
    pattern,
    method: { name: 'unrolled', params: { model } },
    metric: { name: 'fastmri', params: { reference: 'combined' } },
    provider: 'cpu',
  });
  const { outcome } = await engine.run(series, document, () => {});
  if (outcome.reference === null) throw new Error(`${recording.name} has no reference.`);
  const { image, ms } = await engine.view(series, document, { name: 'predicted-error', params: { components: true } }, () => {});
  const estimate = subArray(magnitude(outcome.volume), 0);
  const level = levelOf(estimate);
  const squares = squaredError(subArray(outcome.reference, 0), estimate, level);
  const inside = objectMask(estimate);
  const predicted = (subArray(image.images, 0) as NdArray<'float32'>).data;
  // The view finds the object in an image of its own, which ends a pixel earlier or later; air is zero there.
  const pick = (values: Float32Array, of: (value: number) => number): Float32Array => values.filter((_, i) => inside[i] !== 0 && predicted[i] !== 0).map(of);
  const shown = (index: number): Float32Array => pick((subArray(image.images, index) as NdArray<'float32'>).data, (percent) => percent / 100);
  return {
    predicted: shown(0),
    spread: shown(1),
    made: shown(2),
    mirrored: shown(3),
    around: pick(neighbourhoodMean(squares, NEIGHBOURHOOD).data, Math.sqrt),
    alone: pick(squares.data, Math.sqrt),
    ms,
  };
}

function squaredError(reference: NdArray<'float32'>, estimate: NdArray<'float32'>, level: number): NdArray<'float32'> {
  return { ...estimate, data: estimate.data.map((value, i) => ((value - (reference.data[i] as number)) / level) ** 2) };
}

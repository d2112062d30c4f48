/** A series whose channels are combined anew by a matrix, wherever samples are read. */
import { ndArray, type NdArray } from '../array/nd-array.ts';
import type { Attribute, Series } from '../array/recording.ts';
import { compressCoils } from './coil-compression.ts';

/** `matrixOf` gives [channel, coil] for a slice; noise takes that of slice 0. */
export function combineChannels(series: Series, channels: number, matrixOf: (slice: number) => Promise<NdArray<'complex64'>>, attribute: Attribute): Series {
  const { readNoise, readNavigators } = series;
  const combine = async (samples: NdArray<'complex64'>, slice: number): Promise<NdArray<'complex64'>> =>
    compressCoils(samples, { matrix: await matrixOf(slice), kept: 1 });
  return {
    ...series,
    coils: channels,
    axes: series.axes.map((axis) => (axis.name === 'coil' ? { ...axis, length: channels } : axis)),
    attributes: [...series.attributes, attribute],
    read: async (slice) => combine((await series.read(slice)) as NdArray<'complex64'>, slice),
    ...(readNoise === undefined
      ? {}
      : {
          async readNoise() {
            const noise = await readNoise.call(series);
            const [coils, samples] = noise.shape as [number, number];
            const combined = await combine(ndArray('complex64', [coils, 1, samples], noise.data), 0);
            return ndArray('complex64', [channels, samples], combined.data);
          },
        }),
    ...(readNavigators === undefined
      ? {}
      : {
          async readNavigators(slice) {
            const navigators = await readNavigators.call(series, slice);
            return { ...navigators, data: await combine(navigators.data, slice) };
          },
        }),
  };
}

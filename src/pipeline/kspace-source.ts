/** Every recording as multi-coil k-space: measured, transformed from complex coil images, or simulated from an image. */
import type { NdArray } from '../array/nd-array.ts';
import { zeros } from '../array/nd-array.ts';
import type { Series } from '../array/recording.ts';
import { LacunaError } from '../errors.ts';
import { fft2c } from '../transform/fft.ts';
import type { StepCall } from './document.ts';
import { hasPartitions, partitionsAsSlices } from './partitions.ts';
import { checkParams, findStep } from './registry.ts';

/** The acquisition that a series needs before it can be sampled; undefined for k-space and complex coil images. */
export function defaultAcquire(series: Series): StepCall | undefined {
  return needsSimulation(series) ? { name: 'multicoil', params: {} } : undefined;
}

/**
 * Series whose `read` gives [coil, row, column] k-space; 3-D k-space becomes slices (see partitionsAsSlices). Throws usage.invalid when `acquire` is named for data that are
 * already k-space, and usage.unsupported for matrices too small to sample.
 */
export async function asKspace(series: Series, acquire: StepCall | undefined): Promise<Series> {
  if (series.rows < 8 || series.columns < 8) {
    throw new LacunaError('usage.unsupported', `“${series.title}” is ${series.rows}×${series.columns}; sampling needs at least 8×8.`);
  }
  if (needsSimulation(series)) {
    const call = acquire ?? { name: 'multicoil', params: {} };
    const step = findStep('acquire', call.name);
    return step.run(series, checkParams(step, call.params));
  }
  if (acquire !== undefined) {
    throw new LacunaError('usage.invalid', `“${series.title}” holds measured coil data; a simulated acquisition applies to images only.`, { field: 'acquire' });
  }
  if (series.domain === 'image') return coilImagesAsKspace(series);
  return hasPartitions(series) ? partitionsAsSlices(series) : series;
}

function needsSimulation(series: Series): boolean {
  return series.domain === 'image' && !(series.dtype === 'complex64' && series.coils > 1);
}

function coilImagesAsKspace(series: Series): Series {
  return {
    ...series,
    domain: 'kspace',
    dtype: 'complex64',
    acquired: null,
    async read(slice) {
      const image = (await series.read(slice)) as NdArray<'complex64'>;
      return fft2c(image, zeros('complex64', image.shape));
    },
  };
}

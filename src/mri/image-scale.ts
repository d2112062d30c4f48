/** What thresholds are relative to, so that they mean the same whatever the units of the data. */
import { magnitude, type NdArray } from '../array/nd-array.ts';

/** Stands for the image's maximum: a few bright pixels, such as fat at the skin, do not move it. */
const SCALE_QUANTILE = 0.995;

/** The 99.5th percentile of the magnitude. */
export function imageScale(image: NdArray<'float32'> | NdArray<'complex64'>): number {
  const sorted = magnitude(image).data.sort();
  return sorted[Math.floor(SCALE_QUANTILE * (sorted.length - 1))] ?? 0;
}

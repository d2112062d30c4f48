/** Small image arithmetic for display. */
import { type NdArray, magnitude, ndArray } from '../../../src/array/nd-array.ts';
import { autoWindow, windowOf } from '../../viewers/image/window-level.ts';
import type { PaneImage, ValueWindow } from '../../viewers/image/types.ts';

export function magnitudeOf(image: PaneImage): NdArray<'float32'> {
  return image.dtype === 'float32' ? image : magnitude(image);
}

/** |estimate| − |reference|, or null when the sizes differ. */
export function signedError(estimate: PaneImage, reference: PaneImage): NdArray<'float32'> | null {
  if (estimate.shape[0] !== reference.shape[0] || estimate.shape[1] !== reference.shape[1]) return null;
  const a = magnitudeOf(estimate).data;
  const b = magnitudeOf(reference).data;
  return ndArray('float32', [...estimate.shape], Float32Array.from(a, (value, i) => value - (b[i] as number)));
}

/** From 0 to the 99.8th percentile of the magnitude: bright fat may clip, brain does not. */
export function anatomyWindow(image: PaneImage): ValueWindow {
  const window = autoWindow(magnitudeOf(image).data, 0, 0.998);
  return windowOf(0, window.centre + window.width / 2);
}

/** For log magnitudes of k-space: noise floor dark, centre not burnt. */
export function kspaceWindow(image: PaneImage): ValueWindow {
  return autoWindow(magnitudeOrValues(image), 0.2, 0.9995);
}

// The log of a magnitude may be negative; its absolute value would fold it.
function magnitudeOrValues(image: PaneImage): Float32Array {
  return image.dtype === 'float32' ? image.data : magnitude(image).data;
}

export function largest(image: PaneImage): number {
  let most = 0;
  for (const value of magnitudeOf(image).data) if (value > most) most = value;
  return most;
}

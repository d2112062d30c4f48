/** How far coil maps of two programs point apart, where there is an object and one direction. */
import type { NdArray } from '../../src/array/nd-array.ts';
import type { EspiritMaps } from '../../src/mri/espirit.ts';

/** Share of the brightest pixel from which a pixel counts as object. */
const OBJECT = 0.1;
/** bart stops after 30 iterations: where the second eigenvalue comes closer than this it has not arrived (0.7 to the power of 30 is 2·10⁻⁵). */
const APART = 0.7;

/**
 * NRMSE of unit maps [coil, row, column] after each pixel's common phase is taken out, √(mean (2 − 2|⟨u, v⟩|)), over the pixels
 * of the object whose second eigenvalue is well below the first; and how many these are. `object` is an image of the scan.
 */
export function mapDifference({ maps, eigenvalues }: EspiritMaps, theirs: NdArray<'complex64'>, object: Float32Array): { nrmse: number; pixels: number } {
  const [coils] = theirs.shape as [number, number, number];
  const brightest = object.reduce((most, value) => Math.max(most, value), 0);
  let [sum, pixels] = [0, 0];
  for (let i = 0; i < object.length; i++) {
    const [first, second] = [eigenvalues.data[i] ?? NaN, eigenvalues.data[object.length + i] ?? NaN];
    if ((object[i] ?? NaN) < OBJECT * brightest || second > APART * first) continue;
    pixels++;
    sum += 2 - 2 * alike(maps.data, theirs.data, i, coils, object.length);
  }
  return { nrmse: Math.sqrt(sum / pixels), pixels };
}

/** |⟨u, v⟩| / (‖u‖ ‖v‖) over coils at pixel i. */
function alike(u: Float32Array, v: Float32Array, i: number, coils: number, size: number): number {
  let [re, im, uu, vv] = [0, 0, 0, 0];
  for (let at = 2 * i; at < 2 * coils * size; at += 2 * size) {
    const [ur, ui, vr, vi] = [u[at] ?? NaN, u[at + 1] ?? NaN, v[at] ?? NaN, v[at + 1] ?? NaN];
    re += ur * vr + ui * vi;
    im += ur * vi - ui * vr;
    uu += ur * ur + ui * ui;
    vv += vr * vr + vi * vi;
  }
  return Math.hypot(re, im) / Math.sqrt(uu * vv);
}

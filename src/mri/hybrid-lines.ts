/**
 * Patterns of whole readouts in hybrid space: rows in image space, columns in k-space. What of a recording does not depend on the
 * pattern (channels compressed, rows transformed) is kept with it, so that a moved slider finds it done.
 */
import { zeros, type NdArray } from '../array/nd-array.ts';
import { coils } from '../operators/coils.ts';
import { fft1c, ifft1c } from '../transform/fft.ts';
import { compressCoils, type CoilCompression } from './coil-compression.ts';

const ROW_AXIS = 1;
const COLUMN_AXIS = 2;

interface Kept {
  readonly compression: CoilCompression | null;
  readonly hybrid: NdArray<'complex64'>;
}

/** Of each recorded slice the last; it goes with the slice. */
const kept = new WeakMap<NdArray<'complex64'>, Kept>();

/** All columns of recorded k-space [coil, row, column], kept under the array itself and the compression object. */
export function hybridOf(recorded: NdArray<'complex64'>, compression: CoilCompression | null): NdArray<'complex64'> {
  const known = kept.get(recorded);
  if (known?.compression === compression) return known.hybrid;
  const hybrid = ifft1c(compression === null ? recorded : compressCoils(recorded, compression), ROW_AXIS);
  kept.set(recorded, { compression, hybrid });
  return hybrid;
}

/** The columns whose flag is set, zeros between them. */
export function maskedLines({ data, shape }: NdArray<'complex64'>, mask: Uint8Array): NdArray<'complex64'> {
  const out = zeros('complex64', shape);
  const offsets = acquired(mask);
  for (let line = 0; line < data.length; line += 2 * mask.length) {
    for (let i = 0; i < offsets.length; i++) {
      const at = line + (offsets[i] as number);
      out.data[at] = data[at] as number;
      out.data[at + 1] = data[at + 1] as number;
    }
  }
  return out;
}

/** Aᴴ y of hybrid k-space that is zero where nothing was acquired, [row, column]. */
export function adjointOfLines(hybrid: NdArray<'complex64'>, maps: NdArray<'complex64'>): NdArray<'complex64'> {
  return coils(maps).adjoint(ifft1c(hybrid, COLUMN_AXIS));
}

/** ‖M·F·S·x − y‖ / ‖y‖ over the acquired lines; 0 where y is silent. */
export function residualOfLines(image: NdArray<'complex64'>, maps: NdArray<'complex64'>, hybrid: NdArray<'complex64'>, mask: Uint8Array): number {
  const predicted = coils(maps).apply(image);
  fft1c(predicted, COLUMN_AXIS, predicted);
  const [found, y] = [predicted.data, hybrid.data];
  const offsets = acquired(mask);
  let [difference, energy] = [0, 0];
  for (let line = 0; line < y.length; line += 2 * mask.length) {
    for (let i = 0; i < offsets.length; i++) {
      const at = line + (offsets[i] as number);
      const [re, im] = [y[at] as number, y[at + 1] as number];
      const [dr, di] = [(found[at] as number) - re, (found[at + 1] as number) - im];
      difference += dr * dr + di * di;
      energy += re * re + im * im;
    }
  }
  return energy === 0 ? 0 : Math.sqrt(difference / energy);
}

/** Offsets of the acquired columns within a row of complex numbers. */
function acquired(mask: Uint8Array): Int32Array {
  const columns = [...mask.keys()].filter((column) => mask[column] !== 0);
  return Int32Array.from(columns, (column) => 2 * column);
}

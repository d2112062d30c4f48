/**
 * Patterns of whole readouts in hybrid space: rows in image space, columns in k-space. What of a recording does not depend on the
 * pattern (channels compressed, rows transformed) is kept with it, so that a moved slider finds it done. Nothing here waits between
 * two uses of the scratch memory, so that one serves all.
 */
import { zeros, type NdArray } from '../array/nd-array.ts';
import { addConjugate, multiply } from '../operators/coils.ts';
import { fft1c, ifft1c } from '../transform/fft.ts';
import { compressCoils, type CoilCompression } from './coil-compression.ts';

const ROW_AXIS = 1;
const COLUMN_AXIS = 2;

interface Kept {
  readonly compression: CoilCompression | null;
  readonly hybrid: NdArray<'complex64'>;
}

/** Of the slice looked at last, the channels as they are, for the zero-filled image, and those compressed last; they go with the slice. */
const kept = new WeakMap<NdArray<'complex64'>, readonly Kept[]>();
let last = new WeakRef<NdArray<'complex64'>>(zeros('complex64', [0]));

/** All columns of recorded k-space [coil, row, column], kept under the array itself and the compression object. */
export function hybridOf(recorded: NdArray<'complex64'>, compression: CoilCompression | null): NdArray<'complex64'> {
  const known = kept.get(recorded) ?? [];
  const found = known.find((each) => each.compression === compression);
  if (found !== undefined) return found.hybrid;
  const hybrid = ifft1c(compression === null ? recorded : compressCoils(recorded, compression), ROW_AXIS);
  const others = known.filter((each) => (each.compression === null) !== (compression === null));
  const before = last.deref();
  if (before !== undefined && before !== recorded) kept.delete(before);
  last = new WeakRef(recorded);
  kept.set(recorded, [...others, { compression, hybrid }]);
  return hybrid;
}

/** The columns whose flag is set, zeros between them. */
export function maskedLines({ data, shape }: NdArray<'complex64'>, mask: Uint8Array): NdArray<'complex64'> {
  const out = zeros('complex64', shape);
  copyLines(data, out.data, acquired(mask), mask.length);
  return out;
}

/** Root-sum-of-squares of the coil images of recorded k-space of which only the flagged columns were acquired, [row, column]. */
export function zeroFilledLines(recorded: NdArray<'complex64'>, mask: Uint8Array): NdArray<'float32'> {
  const out = zeros('float32', recorded.shape.slice(1));
  const sum = out.data;
  eachCoilImage(hybridOf(recorded, null), mask, (image) => {
    for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) + (image[2 * i] as number) ** 2 + (image[2 * i + 1] as number) ** 2;
  });
  for (let i = 0; i < sum.length; i++) sum[i] = Math.sqrt(sum[i] as number);
  return out;
}

/** Aᴴ y, y the flagged columns of hybrid k-space [coil, row, column]; [row, column]. */
export function adjointOfLines(hybrid: NdArray<'complex64'>, mask: Uint8Array, maps: NdArray<'complex64'>): NdArray<'complex64'> {
  const out = zeros('complex64', hybrid.shape.slice(1));
  const size = out.data.length;
  eachCoilImage(hybrid, mask, (image, coil) => addConjugate(image, maps.data.subarray(coil * size, (coil + 1) * size), out.data));
  return out;
}

/** ‖M·F·S·x − y‖ / ‖y‖ over the flagged columns of hybrid k-space y; 0 where y is silent. */
export function residualOfLines(image: NdArray<'complex64'>, maps: NdArray<'complex64'>, hybrid: NdArray<'complex64'>, mask: Uint8Array): number {
  const [count, rows, columns] = hybrid.shape as [number, number, number];
  const size = 2 * rows * columns;
  const predicted = scratch(rows, columns);
  const offsets = acquired(mask);
  let [difference, energy] = [0, 0];
  for (let coil = 0; coil < count; coil++) {
    multiply(image.data, maps.data.subarray(coil * size, (coil + 1) * size), predicted.data);
    const found = fft1c(predicted, COLUMN_AXIS, predicted).data;
    const y = hybrid.data.subarray(coil * size, (coil + 1) * size);
    for (let line = 0; line < size; line += 2 * columns) {
      for (let i = 0; i < offsets.length; i++) {
        const at = line + (offsets[i] as number);
        const [re, im] = [y[at] as number, y[at + 1] as number];
        const [dr, di] = [(found[at] as number) - re, (found[at + 1] as number) - im];
        difference += dr * dr + di * di;
        energy += re * re + im * im;
      }
    }
  }
  return energy === 0 ? 0 : Math.sqrt(difference / energy);
}

/** The image of each coil in turn, always in the same memory: one for all would be new megabytes at every move of a slider. */
function eachCoilImage({ data, shape }: NdArray<'complex64'>, mask: Uint8Array, take: (image: Float32Array, coil: number) => void): void {
  const [count, rows, columns] = shape as [number, number, number];
  const size = 2 * rows * columns;
  const lines = scratch(rows, columns);
  const offsets = acquired(mask);
  for (let coil = 0; coil < count; coil++) {
    lines.data.fill(0);
    copyLines(data.subarray(coil * size, (coil + 1) * size), lines.data, offsets, columns);
    take(ifft1c(lines, COLUMN_AXIS, lines).data, coil);
  }
}

let spare = zeros('complex64', [1, 0, 0]);
function scratch(rows: number, columns: number): NdArray<'complex64'> {
  if (spare.shape[1] !== rows || spare.shape[2] !== columns) spare = zeros('complex64', [1, rows, columns]);
  return spare;
}

function copyLines(from: Float32Array, to: Float32Array, offsets: Int32Array, columns: number): void {
  for (let line = 0; line < from.length; line += 2 * columns) {
    for (let i = 0; i < offsets.length; i++) {
      const at = line + (offsets[i] as number);
      to[at] = from[at] as number;
      to[at + 1] = from[at + 1] as number;
    }
  }
}

/** Offsets of the acquired columns within a row of complex numbers. */
function acquired(mask: Uint8Array): Int32Array {
  const columns = [...mask.keys()].filter((column) => mask[column] !== 0);
  return Int32Array.from(columns, (column) => 2 * column);
}

/** Failure cases for a card: reference, estimate and five times their difference, side by side, where the error is largest. */
import type { NdArray } from '../../src/array/nd-array.ts';
import { magnitude, subArray } from '../../src/array/nd-array.ts';
import { encodePng } from '../../src/formats/png/encode.ts';

/** Pixels a side of each part: three of them stay below 60 kB even where nothing can be compressed. */
const WINDOW = 128;
const GAP = 2;
/** How much darker the difference is drawn than it would be on the scale of the images. */
const ERROR_GAIN = 5;

/** `volume` is [1, row, column] as a run delivers it; `reference` likewise. White is the reference's 99.9th percentile. */
export function failurePicture(reference: NdArray<'float32'>, volume: NdArray<'float32'> | NdArray<'complex64'>, title: string): Uint8Array {
  const truth = subArray(reference, 0);
  const estimate = subArray(magnitude(volume), 0);
  const [rows, columns] = truth.shape as [number, number];
  const error = Float32Array.from(truth.data, (value, i) => Math.abs((estimate.data[i] as number) - value));
  const window = { rows: Math.min(WINDOW, rows), columns: Math.min(WINDOW, columns) };
  const corner = worstWindow(error, rows, columns, window);
  const white = Float32Array.from(truth.data).sort()[Math.floor(0.999 * (truth.data.length - 1))] || 1;
  const width = 3 * window.columns + 2 * GAP;
  const levels = new Uint8Array(window.rows * width).fill(255);
  for (const [part, { data, gain }] of [{ data: truth.data, gain: 1 }, { data: estimate.data, gain: 1 }, { data: error, gain: ERROR_GAIN }].entries()) {
    for (let r = 0; r < window.rows; r++) {
      for (let c = 0; c < window.columns; c++) {
        const value = data[(corner.row + r) * columns + corner.column + c] as number;
        levels[r * width + part * (window.columns + GAP) + c] = Math.min(255, Math.round((255 * gain * value) / white));
      }
    }
  }
  return encodePng({ rows: window.rows, columns: width, depth: 8, levels }, { Title: title, Comment: `reference, estimate, ${ERROR_GAIN} × difference`, Warning: 'Not for diagnostic use' });
}

/** Top left corner of the window with the most squared error, by an integral image. */
function worstWindow(error: Float32Array, rows: number, columns: number, size: { readonly rows: number; readonly columns: number }): { readonly row: number; readonly column: number } {
  const sums = new Float64Array((rows + 1) * (columns + 1));
  const at = (r: number, c: number): number => sums[r * (columns + 1) + c] as number;
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) sums[(r + 1) * (columns + 1) + c + 1] = (error[r * columns + c] as number) ** 2 + at(r, c + 1) + at(r + 1, c) - at(r, c);
  }
  let best = { row: 0, column: 0, energy: -1 };
  for (let row = 0; row + size.rows <= rows; row++) {
    for (let column = 0; column + size.columns <= columns; column++) {
      const [bottom, right] = [row + size.rows, column + size.columns];
      const energy = at(bottom, right) - at(row, right) - at(bottom, column) + at(row, column);
      if (energy > best.energy) best = { row, column, energy };
    }
  }
  return best;
}

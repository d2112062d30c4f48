/** What a point becomes when it is seen through a sampling pattern, and how far its main lobe stands out (Lustig et al., Magn Reson Med 2007;58:1182). */
import { zeros, type NdArray } from '../array/nd-array.ts';
import type { SamplingPattern } from '../sampling/pattern.ts';
import { ifft2c } from '../transform/fft.ts';

/** Samples of k-space along one direction: positions in cycles per field of view, and what each counts. */
export interface AxisSamples {
  readonly length: number;
  readonly k: ArrayLike<number>;
  readonly weight: ArrayLike<number>;
}

export interface PointSpreadNumbers {
  /** Full width of the main lobe at half its height, pixels, along columns (vertically) and along rows (horizontally). */
  readonly width: { readonly rows: number; readonly columns: number };
  /** Highest value outside the main lobe, dB from the main lobe; −∞ where there is none. */
  readonly sideLobe: number;
  /** Where: offset from the main lobe, pixels. */
  readonly at: { readonly rows: number; readonly columns: number };
  /** Root-mean-square of everything outside the main lobe, as a share of the main lobe. */
  readonly incoherence: number;
}

/** The inverse transform of the mask, [row, column], main lobe at [⌊rows/2⌋, ⌊columns/2⌋] and 1 high. */
export function cartesianPointSpread({ kind, rows, columns, mask, kept }: SamplingPattern): NdArray<'complex64'> {
  const flags = zeros('complex64', [rows, columns]);
  const height = Math.sqrt(rows * columns) / (kind === 'lines' ? kept * rows : kept);
  for (let i = 0; i < rows * columns; i++) flags.data[2 * i] = mask[kind === 'lines' ? i % columns : i] ? height : 0;
  return ifft2c(flags, flags);
}

/** How many samples of the mask lie at each row, and at each column. */
export function maskAlong({ kind, rows, columns, mask }: SamplingPattern): { readonly rows: AxisSamples; readonly columns: AxisSamples } {
  const [down, across] = [new Float64Array(rows), new Float64Array(columns)];
  for (let i = 0; i < rows * columns; i++) {
    const [row, column] = [Math.floor(i / columns), i % columns];
    if (mask[kind === 'lines' ? column : i] === 0) continue;
    down[row] = (down[row] as number) + 1;
    across[column] = (across[column] as number) + 1;
  }
  const axis = (weight: Float64Array): AxisSamples => ({ length: weight.length, k: weight.map((_, i) => i - Math.floor(weight.length / 2)), weight });
  return { rows: axis(down), columns: axis(across) };
}

/** `lines`: only the row of the main lobe is looked at, since a pattern of lines does not spread along columns of pixels. */
export function pointSpreadNumbers(psf: NdArray<'complex64'>, along: { readonly rows: AxisSamples; readonly columns: AxisSamples }, lines: boolean): PointSpreadNumbers {
  const [rows, columns] = psf.shape as [number, number];
  const [middleRow, middleColumn] = [Math.floor(rows / 2), Math.floor(columns / 2)];
  const height = (row: number, column: number): number => {
    const at = 2 * (row * columns + column);
    return Math.hypot(psf.data[at] as number, psf.data[at + 1] as number);
  };
  const top = height(middleRow, middleColumn);
  const down = firstRise(rows - middleRow, (i) => height(middleRow + i, middleColumn) / top);
  const across = firstRise(columns - middleColumn, (i) => height(middleRow, middleColumn + i) / top);
  let highest = 0;
  let at = { rows: 0, columns: 0 };
  let power = 0;
  let count = 0;
  for (let row = lines ? middleRow : 0; row < (lines ? middleRow + 1 : rows); row++) {
    for (let column = 0; column < columns; column++) {
      const [y, x] = [row - middleRow, column - middleColumn];
      if ((y / down) ** 2 + (x / across) ** 2 < 1) continue;
      const value = height(row, column) / top;
      power += value * value;
      count++;
      // Side lobes come in mirrored pairs, equal but for rounding: the one on the positive side is named.
      if (value > highest * (1 + 1e-4) || (value > highest * (1 - 1e-4) && (x > at.columns || (x === at.columns && y > at.rows)) && -x === at.columns && -y === at.rows)) {
        highest = value;
        at = { rows: y, columns: x };
      }
    }
  }
  return {
    width: { rows: fullWidth(along.rows), columns: fullWidth(along.columns) },
    sideLobe: highest > SILENT ? 20 * Math.log10(highest) : -Infinity,
    at,
    incoherence: count === 0 ? 0 : Math.sqrt(power / count),
  };
}

/** Below this share of the main lobe there is nothing but rounding. */
const SILENT = 1e-6;

/** Where `height` first stops falling, from 1 on: the edge of the main lobe. */
function firstRise(length: number, height: (i: number) => number): number {
  for (let i = 1; i + 1 < length; i++) {
    const value = height(i);
    if (value < SILENT || height(i + 1) >= value) return i;
  }
  return Math.max(1, length);
}

/** Of |Σ w exp(2πi k x/N)|, between pixels too: a fully sampled axis gives 1.207, the width of a sinc. */
function fullWidth({ length, k, weight }: AxisSamples): number {
  const height = (x: number): number => {
    let [re, im] = [0, 0];
    for (let i = 0; i < k.length; i++) {
      const angle = (2 * Math.PI * (k[i] as number) * x) / length;
      re += (weight[i] as number) * Math.cos(angle);
      im += (weight[i] as number) * Math.sin(angle);
    }
    return Math.hypot(re, im);
  };
  const half = height(0) / 2;
  let [low, high] = [0, STEP];
  while (height(high) > half) {
    if (high > length) return length;
    [low, high] = [high, high + STEP];
  }
  while (high - low > 1e-4) {
    const middle = (low + high) / 2;
    if (height(middle) > half) low = middle;
    else high = middle;
  }
  return low + high;
}

const STEP = 0.1;

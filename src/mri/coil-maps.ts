/**
 * Coil maps from the fully sampled centre of k-space: low-resolution coil images divided by their root-sum-of-squares
 * (McKenzie et al., Magn Reson Med 2002;47:529). The maps cover the whole field of view, background included.
 */
import { zeros, type NdArray } from '../array/nd-array.ts';
import { LacunaError } from '../errors.ts';
import type { SamplingPattern } from '../sampling/pattern.ts';
import { ifft2c } from '../transform/fft.ts';
import { rootSumOfSquares } from './root-sum-of-squares.ts';

/** Fewer than this many lines or points across cannot tell one coil from another. */
export const SMALLEST_CALIBRATION = 4;
/** A line pattern has all rows at its centre; more than these, or twice the columns, would only add noise to the maps. */
const FEWEST_ROWS = 24;

export interface CalibrationBlock {
  /** Rows and columns used, counted around index ⌊n/2⌋ of each axis. */
  readonly rows: number;
  readonly columns: number;
}

/** The part of the sampled centre that is symmetric about the origin, and not much taller than wide. */
export function calibrationBlock(shape: readonly [number, number], centre: SamplingPattern['centre']): CalibrationBlock {
  const columns = symmetricLength(shape[1], centre.columns);
  const rows = Math.min(symmetricLength(shape[0], centre.rows), Math.max(FEWEST_ROWS, 2 * columns));
  return { rows, columns };
}

/**
 * Maps [coil, row, column] of unit root-sum-of-squares. `kspace` is [coil, row, column]; only samples inside `centre` are looked at.
 * Throws `usage.unsupported` where the centre is smaller than SMALLEST_CALIBRATION either way.
 */
export function estimateMaps(kspace: NdArray<'complex64'>, centre: SamplingPattern['centre']): NdArray<'complex64'> {
  const [coils, rows, columns] = kspace.shape as [number, number, number];
  const block = calibrationBlock([rows, columns], centre);
  const reason = refuseBlock(block);
  if (reason !== null) throw new LacunaError('usage.unsupported', reason, { field: 'pattern' });
  const tapered = zeros('complex64', kspace.shape);
  const down = taper(rows, block.rows);
  const across = taper(columns, block.columns);
  for (let c = 0; c < coils; c++) {
    for (let r = 0; r < rows; r++) {
      if (down[r] === 0) continue;
      for (let k = 0; k < columns; k++) {
        const weight = (down[r] as number) * (across[k] as number);
        if (weight === 0) continue;
        const at = 2 * ((c * rows + r) * columns + k);
        tapered.data[at] = (kspace.data[at] as number) * weight;
        tapered.data[at + 1] = (kspace.data[at + 1] as number) * weight;
      }
    }
  }
  return normaliseMaps(ifft2c(tapered, tapered));
}

/** Why maps cannot be made from what this pattern keeps, or null. */
export function refuseWithoutCentre({ rows, columns, centre }: SamplingPattern): string | null {
  return refuseBlock(calibrationBlock([rows, columns], centre));
}

function refuseBlock({ rows, columns }: CalibrationBlock): string | null {
  if (Math.min(rows, columns) >= SMALLEST_CALIBRATION) return null;
  return (
    `Coil maps need a fully sampled centre of at least ${SMALLEST_CALIBRATION}×${SMALLEST_CALIBRATION} samples; ` +
    `this pattern has ${rows}×${columns}.`
  );
}

/** Divides coil images [coil, row, column] by their root-sum-of-squares, in place; silent pixels become 0. */
function normaliseMaps(images: NdArray<'complex64'>): NdArray<'complex64'> {
  const rss = rootSumOfSquares(images).data;
  const silent = 1e-12 * rss.reduce((largest, value) => Math.max(largest, value), 0);
  for (let i = 0; i < rss.length; i++) {
    const value = rss[i] as number;
    rss[i] = value > silent ? 1 / value : 0;
  }
  const { data } = images;
  for (let start = 0; start < data.length; start += 2 * rss.length) {
    for (let i = 0; i < rss.length; i++) {
      const at = start + 2 * i;
      const inverse = rss[i] as number;
      data[at] = (data[at] as number) * inverse;
      data[at + 1] = (data[at + 1] as number) * inverse;
    }
  }
  return images;
}

/** How many samples of [start, end) remain when it is cut to be symmetric about the origin ⌊n/2⌋ (one more before it where even). */
function symmetricLength(n: number, [start, end]: readonly [number, number]): number {
  const before = Math.floor(n / 2) - start;
  const after = end - 1 - Math.floor(n / 2);
  if (after < 0 || before < 0) return 0;
  return before > after ? 2 * (after + 1) : 2 * before + 1;
}

/** Hann window ½(1 + cos(πk/(count/2 + ½))) over the `count` samples from ⌊n/2⌋ − ⌊count/2⌋, k counted from ⌊n/2⌋; zero elsewhere. */
function taper(n: number, count: number): Float64Array {
  const window = new Float64Array(n);
  for (let i = 0; i < count; i++) {
    const k = i - Math.floor(count / 2);
    window[Math.floor(n / 2) + k] = 0.5 * (1 + Math.cos((Math.PI * k) / (count / 2 + 0.5)));
  }
  return window;
}

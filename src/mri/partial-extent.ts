/** What partial Fourier methods need to know of a pattern: which direction is cut short, where it ends, and its symmetric centre. */
import { zeros, type NdArray } from '../array/nd-array.ts';
import { LacunaError } from '../errors.ts';
import type { SamplingPattern } from '../sampling/pattern.ts';

export interface PartialExtent {
  /** Axis of [coil, row, column] that is cut short. */
  readonly axis: 1 | 2;
  readonly length: number;
  /** Acquired, [start, end). */
  readonly start: number;
  readonly end: number;
  /** Samples on either side of the origin ⌊length/2⌋ that are acquired on both. */
  readonly half: number;
}

/** Fewer than this many samples on the short side show no phase. */
const SMALLEST_HALF = 2;

/** Why these methods cannot take that pattern, or null. */
export function refusePartialFourier(pattern: SamplingPattern): string | null {
  const extent = findExtent(pattern);
  if (extent === null) return 'Partial Fourier methods need neighbouring samples from one end of k-space; this pattern leaves gaps.';
  if (extent.half >= SMALLEST_HALF) return null;
  return `The phase is estimated from the symmetric centre of k-space, which needs at least ${SMALLEST_HALF} samples on either side; this pattern has ${Math.max(0, extent.half)}.`;
}

/** Throws usage.unsupported where refusePartialFourier has a reason. */
export function partialExtent(pattern: SamplingPattern): PartialExtent {
  const reason = refusePartialFourier(pattern);
  const extent = findExtent(pattern);
  if (reason !== null || extent === null) throw new LacunaError('usage.unsupported', reason ?? '', { field: 'pattern' });
  return extent;
}

function findExtent({ kind, rows, columns, mask, kept }: SamplingPattern): PartialExtent | null {
  if (kind === 'lines') return extentOf(2, mask, kept);
  const byColumn = Uint8Array.from({ length: columns }, (_, j) => mask[Math.floor(rows / 2) * columns + j] as number);
  const byRow = Uint8Array.from({ length: rows }, (_, i) => mask[i * columns + Math.floor(columns / 2)] as number);
  if (byRow.every((flag) => flag === 1)) return extentOf(2, byColumn, kept / rows);
  return byColumn.every((flag) => flag === 1) ? extentOf(1, byRow, kept / columns) : null;
}

/** `count` flags are set in the whole pattern; only a run without gaps has as many between its ends. */
function extentOf(axis: 1 | 2, flags: Uint8Array, count: number): PartialExtent | null {
  const [start, end] = [flags.indexOf(1), flags.lastIndexOf(1) + 1];
  if (start < 0 || end - start !== count || flags.subarray(start, end).includes(0)) return null;
  const middle = Math.floor(flags.length / 2);
  return { axis, length: flags.length, start, end, half: Math.min(middle - start, end - 1 - middle) };
}

/** Hann window over the symmetric centre, zero elsewhere, one value a sample of the axis. */
export function phaseWindow({ length, half }: PartialExtent): Float64Array {
  const middle = Math.floor(length / 2);
  return Float64Array.from({ length }, (_, i) => {
    const k = Math.abs(i - middle);
    return k > half ? 0 : 0.5 * (1 + Math.cos((Math.PI * k) / (half + 1)));
  });
}

/** [coil, row, column] times one weight a sample along the axis. */
export function weighted(kspace: NdArray<'complex64'>, axis: 1 | 2, weights: ArrayLike<number>): NdArray<'complex64'> {
  const [, rows, columns] = kspace.shape as [number, number, number];
  const out = zeros('complex64', kspace.shape);
  for (let i = 0; i < kspace.data.length; i++) {
    const pixel = i >> 1;
    const weight = weights[axis === 2 ? pixel % columns : Math.floor(pixel / columns) % rows] as number;
    out.data[i] = (kspace.data[i] as number) * weight;
  }
  return out;
}

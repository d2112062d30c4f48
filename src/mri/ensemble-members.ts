/**
 * Copies of a measurement that each miss some of its samples: the delete-a-group jackknife (Kott, J Off Stat 2001;17:521), with
 * groups of k-space samples. What a reconstruction makes of the gap that was known can be looked up; the true gaps cannot.
 */
import type { NdArray } from '../array/nd-array.ts';
import { LacunaError } from '../errors.ts';
import { Random } from '../random/xoshiro.ts';
import type { SamplingPattern } from '../sampling/pattern.ts';
import type { MriMeasurement } from './measurement.ts';

/** Stream of the draw among all that a seed gives. */
const GROUPS = 0x6a4b;
/** Fewer samples outside the centre than this for each copy say nothing. */
const FEWEST_EACH = 2;

/** Which copy misses which sample. */
export interface LeaveOut {
  readonly copies: number;
  /** As long as the pattern's mask: 0 for what every copy keeps or nobody has, else the number of the copy, from 1. */
  readonly missing: Uint8Array;
  /** Lines or points that one of the copies misses. */
  readonly leftOut: number;
  /** Samples of the matrix that the pattern itself misses for each that was left out. */
  readonly ratio: number;
}

/**
 * Deals the lines or points outside the fully sampled centre out to `copies`, at most as many as leave each two of them. Neighbours
 * go to different copies, so that each copy thins out the whole of k-space. Throws usage.unsupported where too few lie outside the
 * centre, or none is missing.
 */
export function dealSamples(pattern: SamplingPattern, copies: number, seed: number): LeaveOut {
  const outside = [...pattern.mask.keys()].filter((i) => pattern.mask[i] !== 0 && !isCentre(pattern, i));
  const what = pattern.kind === 'lines' ? 'lines' : 'points';
  const many = Math.min(copies, Math.floor(outside.length / FEWEST_EACH));
  if (many < 2) throw new LacunaError('usage.unsupported', `Only ${outside.length} ${what} lie outside the fully sampled centre, too few to leave some out.`, { field: 'pattern' });
  const gap = pattern.mask.length - pattern.kept;
  if (gap === 0) throw new LacunaError('usage.unsupported', 'Every sample was acquired: nothing has been made up by the network.', { field: 'pattern' });
  const missing = new Uint8Array(pattern.mask.length);
  const random = new Random(seed, GROUPS);
  for (let start = 0; start < outside.length; start += many) {
    const order = random.permutation(many);
    for (let k = 0; k < many && start + k < outside.length; k++) missing[outside[start + k] as number] = (order[k] as number) + 1;
  }
  return { copies: many, missing, leftOut: outside.length, ratio: gap / outside.length };
}

/** The measurement without what copy `copy` (from 1) misses. Cartesian; the fully sampled centre stays. */
export function withoutSamples({ kspace, pattern, ...rest }: MriMeasurement, { missing }: LeaveOut, copy: number): MriMeasurement {
  const mask = pattern.mask.slice();
  for (let i = 0; i < mask.length; i++) if (missing[i] === copy) mask[i] = 0;
  const kept = mask.reduce((sum, flag) => sum + flag, 0);
  return { ...rest, kspace: keep(kspace, mask), pattern: { ...pattern, mask, kept, achieved: pattern.total / kept } };
}

/** [.., row, column] with zeros where the mask (one flag a column, or one a pixel) is zero. */
export function keep(kspace: NdArray<'complex64'>, mask: Uint8Array): NdArray<'complex64'> {
  const data = kspace.data.slice();
  for (let i = 0; i < data.length / 2; i++) if (mask[i % mask.length] === 0) data.fill(0, 2 * i, 2 * i + 2);
  return { ...kspace, data };
}

function isCentre({ kind, columns, centre }: SamplingPattern, i: number): boolean {
  const within = (value: number, [start, end]: readonly [number, number]): boolean => value >= start && value < end;
  return within(i % columns, centre.columns) && (kind === 'lines' || within(Math.floor(i / columns), centre.rows));
}

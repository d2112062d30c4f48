/** A bare mask with everything that is derived from it: counts, achieved acceleration, fully sampled centre. */
import { LacunaError } from '../errors.ts';
import type { SamplingPattern } from './pattern.ts';

export interface BareMask {
  readonly kind: SamplingPattern['kind'];
  readonly rows: number;
  readonly columns: number;
  /** Non-zero = kept; length `columns` for lines, `rows·columns` for points. */
  readonly mask: Uint8Array;
  /** Acceleration that was asked for; `achieved` when absent. */
  readonly nominal?: number;
}

/** What the scanner has: patterns can only keep what was acquired. */
export interface Acquired {
  /** One value per column. */
  readonly acquired?: Uint8Array;
  /** One value per [row, column]. */
  readonly acquiredPoints?: Uint8Array;
}

/**
 * Completes `bare`, after dropping what was never acquired. A line counts as acquired when `acquired` has it; when the
 * scanner skipped single points (`acquiredPoints`), a pattern of lines becomes one of points.
 * Throws `usage.invalid` when nothing is left, `internal` when lengths disagree.
 */
export function describePattern(bare: BareMask, acquired: Acquired = {}): SamplingPattern {
  const { kind, rows, columns, mask } = intersect(bare, acquired);
  const kept = mask.reduce((sum, flag) => sum + flag, 0);
  const total = mask.length;
  if (kept === 0) {
    throw new LacunaError('usage.invalid', 'The pattern keeps no sample at all.', { field: 'pattern' });
  }
  const achieved = total / kept;
  const centre = kind === 'lines' ? centreOfLines(mask, rows) : centreOfPoints(mask, rows, columns);
  return { kind, rows, columns, mask, nominal: bare.nominal ?? achieved, achieved, kept, total, centre };
}

function intersect(bare: BareMask, { acquired, acquiredPoints }: Acquired): BareMask {
  const { rows, columns } = bare;
  expectLength('mask', bare.mask, bare.kind === 'lines' ? columns : rows * columns);
  if (acquired !== undefined) expectLength('acquired', acquired, columns);
  if (acquiredPoints !== undefined) expectLength('acquiredPoints', acquiredPoints, rows * columns);
  const toPoints = acquiredPoints !== undefined;
  const kind = toPoints ? 'points' : bare.kind;
  const mask = new Uint8Array(kind === 'lines' ? columns : rows * columns);
  for (let i = 0; i < mask.length; i++) {
    const column = i % columns;
    const wanted = bare.mask[bare.kind === 'lines' ? column : i] !== 0;
    const has = (acquired === undefined || acquired[column] !== 0) && (!toPoints || acquiredPoints[i] !== 0);
    mask[i] = wanted && has ? 1 : 0;
  }
  return { kind, rows, columns, mask };
}

function expectLength(name: string, flags: Uint8Array, expected: number): void {
  if (flags.length === expected) return;
  throw new LacunaError('internal', `${name} has ${flags.length} values, expected ${expected}`, { field: name });
}

/** The run of kept lines that holds the k-space centre ⌊n/2⌋; empty when that line is not kept. */
function centreOfLines(mask: Uint8Array, rows: number): SamplingPattern['centre'] {
  const [start, end] = runAround(Math.floor(mask.length / 2), mask.length, (i) => mask[i] === 1);
  return { rows: start < end ? [0, rows] : [0, 0], columns: [start, end] };
}

/**
 * The fully kept rectangle around the centre point whose shorter side is longest (then the largest): calibration
 * kernels need room both ways. Empty when the centre point is not kept.
 */
function centreOfPoints(mask: Uint8Array, rows: number, columns: number): SamplingPattern['centre'] {
  const middleRow = Math.floor(rows / 2);
  const middleColumn = Math.floor(columns / 2);
  const runOf = (row: number) => runAround(middleColumn, columns, (column) => mask[row * columns + column] === 1);
  const [top, bottom] = runAround(middleRow, rows, (row) => mask[row * columns + middleColumn] === 1);
  const runs = new Map<number, readonly [number, number]>();
  for (let row = top; row < bottom; row++) runs.set(row, runOf(row));

  let best: SamplingPattern['centre'] = { rows: [middleRow, middleRow], columns: [middleColumn, middleColumn] };
  let bestScore = 0;
  let [left, right] = [0, columns];
  for (let first = middleRow; first >= top; first--) {
    const run = runs.get(first);
    if (run === undefined) break;
    [left, right] = [Math.max(left, run[0]), Math.min(right, run[1])];
    let [start, end] = [left, right];
    for (let last = middleRow; last < bottom; last++) {
      const below = runs.get(last) ?? [start, end];
      [start, end] = [Math.max(start, below[0]), Math.min(end, below[1])];
      const score = Math.min(last + 1 - first, end - start) * rows * columns + (last + 1 - first) * (end - start);
      if (score <= bestScore) continue;
      bestScore = score;
      best = { rows: [first, last + 1], columns: [start, end] };
    }
  }
  return best;
}

/** [start, end) of the consecutive indices around `middle` for which `holds`. */
function runAround(middle: number, length: number, holds: (index: number) => boolean): readonly [number, number] {
  if (!holds(middle)) return [middle, middle];
  let [start, end] = [middle, middle + 1];
  while (start > 0 && holds(start - 1)) start--;
  while (end < length && holds(end)) end++;
  return [start, end];
}

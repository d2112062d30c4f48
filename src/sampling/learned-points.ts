/** Points of a learned 2-D density: an exact number, never close together, the same every time. */
import { LacunaError } from '../errors.ts';
import { Random } from '../random/xoshiro.ts';
import { centreStart, inclusionProbabilities, knotOf, learnedCentre, sampleBudget, weightsOf } from './learned-density.ts';
import type { LearnedPoints } from './learned-file.ts';

const STREAM = 0x6c726e64;
/** Radii vary by this share: on a grid, one radius for all would keep every second point where two of three are wanted. */
const JITTER = 0.35;
/** The search for the radius ends when its bracket is this narrow. */
const PRECISION = 1.005;
/** Densities are found for as many points as a volume's largest face has. */
const MOST_POINTS = 2 ** 22;

/**
 * Keeps exactly round(rows·columns / acceleration) points (all acquired ones, where there are fewer): the centre block, then grid
 * points in one fixed random order, each refused when it lies nearer than r(p) = ρ / √(inclusion probability), varied a little, to a point p kept
 * before it, or nearer than `mirror`·r(p) ≥ 1 to the mirror image of p. ρ is the largest that reaches the budget, by bisection.
 * Throws `usage.unsupported` beyond 2²² points.
 */
export function learnedPoints(
  rows: number,
  columns: number,
  acceleration: number,
  design: LearnedPoints,
  isAcquired: (point: number) => boolean = () => true,
): Uint8Array {
  const total = rows * columns;
  if (total > MOST_POINTS) {
    throw new LacunaError('usage.unsupported', `Learned points are made for at most 2²² of them; this matrix has ${rows}×${columns}.`, { field: 'pattern' });
  }
  const kept = sampleBudget(total, acceleration);
  const centre = centreOfPoints(rows, columns, design.centreFraction, kept, isAcquired);
  const inside = centre.reduce((sum, flag) => sum + flag, 0);
  const order = new Random(STREAM).permutation(total).filter((point) => centre[point] === 0 && isAcquired(point));
  const left = kept - inside;
  if (left >= order.length) return fill(centre, order);
  const radii = radiiOf(rows, columns, design, order, left);
  return spread({ rows, columns, centre, order, radii, mirror: design.mirror }, left);
}

/** The acquired points of the centre block, whose sides shrink where the budget is too small for it. */
function centreOfPoints(rows: number, columns: number, fraction: number, kept: number, isAcquired: (point: number) => boolean): Uint8Array {
  const most = Math.floor(Math.sqrt(kept));
  const [high, wide] = [learnedCentre(rows, fraction, most), learnedCentre(columns, fraction, most)];
  const [top, left] = [centreStart(rows, high), centreStart(columns, wide)];
  const centre = new Uint8Array(rows * columns);
  for (let row = top; row < top + high; row++) {
    for (let column = left; column < left + wide; column++) centre[row * columns + column] = isAcquired(row * columns + column) ? 1 : 0;
  }
  return centre;
}

function fill(centre: Uint8Array, points: Uint32Array): Uint8Array {
  const mask = centre.slice();
  for (const point of points) mask[point] = 1;
  return mask;
}

/** 1/√p of every point of `order`, varied, by point; 0 elsewhere. */
function radiiOf(rows: number, columns: number, { logits }: LearnedPoints, order: Uint32Array, count: number): Float64Array {
  const across = Array.from({ length: columns }, (_, k) => knotOf(k, columns, (logits[0] as number[]).length));
  const values = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const { low, part } = knotOf(row, rows, logits.length);
    const [above, below] = [logits[low] as number[], logits[low + 1] as number[]];
    for (let column = 0; column < columns; column++) {
      const knot = across[column] as { low: number; part: number };
      const at = (line: number[]) => (line[knot.low] as number) * (1 - knot.part) + (line[knot.low + 1] as number) * knot.part;
      values[row * columns + column] = at(above) * (1 - part) + at(below) * part;
    }
  }
  const probabilities = inclusionProbabilities(weightsOf(Float64Array.from(order, (point) => values[point] as number)), count);
  const radii = new Float64Array(rows * columns);
  const random = new Random(STREAM, 1);
  order.forEach((point, i) => {
    radii[point] = (1 + JITTER * (2 * random.uniform() - 1)) / Math.sqrt(Math.max(1e-6, probabilities[i] as number));
  });
  return radii;
}

interface Darts {
  readonly rows: number;
  readonly columns: number;
  readonly centre: Uint8Array;
  readonly order: Uint32Array;
  /** At ρ = 1. */
  readonly radii: Float64Array;
  readonly mirror: number;
}

/** The mask of the largest ρ that still reaches `left` points besides the centre. */
function spread(darts: Darts, left: number): Uint8Array {
  // At ρ = 0 nothing is refused; no distance is longer than the diagonal.
  let [low, high] = [0, 0.7];
  let best = fill(darts.centre, darts.order.subarray(0, left));
  for (let mask = throwDarts(darts, high, left); mask !== null && high < darts.rows + darts.columns; mask = throwDarts(darts, high, left)) {
    [low, best] = [high, mask];
    high *= 1.3;
  }
  while (high > 0.05 && high / Math.max(low, 1e-9) > PRECISION) {
    const rho = low === 0 ? high / 1.3 : Math.sqrt(low * high);
    const mask = throwDarts(darts, rho, left);
    if (mask === null) high = rho;
    else [low, best] = [rho, mask];
  }
  return best;
}

/** Null where fewer than `left` points find room. */
function throwDarts({ rows, columns, centre, order, radii, mirror }: Darts, rho: number, left: number): Uint8Array | null {
  const blocked = new Uint8Array(rows * columns);
  const mask = centre.slice();
  let room = left;
  for (const point of order) {
    if (room === 0) break;
    if (blocked[point] === 1) continue;
    mask[point] = 1;
    room--;
    const row = Math.floor(point / columns);
    const column = point - row * columns;
    const radius = rho * (radii[point] as number);
    block(blocked, rows, columns, row, column, radius);
    const [r, c] = [2 * Math.floor(rows / 2) - row, 2 * Math.floor(columns / 2) - column];
    // Below 1 there would be nothing but the mirror image itself: where so many points are wanted, it is one of them.
    if (mirror * radius >= 1 && r < rows && c < columns) block(blocked, rows, columns, r, c, mirror * radius);
  }
  return room === 0 ? mask : null;
}

/** Blocks every grid point nearer than `radius`. */
function block(blocked: Uint8Array, rows: number, columns: number, row: number, column: number, radius: number): void {
  const reach = Math.ceil(radius) - 1;
  const limit = radius * radius;
  for (let y = Math.max(0, row - reach); y <= Math.min(rows - 1, row + reach); y++) {
    const half = Math.ceil(Math.sqrt(limit - (y - row) * (y - row))) - 1;
    const from = Math.max(0, column - half);
    const to = Math.min(columns - 1, column + half);
    for (let i = y * columns + from; i <= y * columns + to; i++) blocked[i] = 1;
  }
}

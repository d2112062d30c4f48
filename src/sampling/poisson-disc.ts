/**
 * Variable-density Poisson-disc points (Bridson's criterion on the k-space grid; densities as in Lustig et al., MRM 58,
 * 2007, and BART's `poisson`): random, but never close together, and the closer the nearer to the centre.
 */
import { LacunaError } from '../errors.ts';
import { Random } from '../random/xoshiro.ts';

export interface PoissonDiscParams {
  readonly acceleration: number;
  /** Share of the rows, and of the columns, of the fully sampled centre block. */
  readonly centreFraction: number;
  /** Size of that block in samples instead; 0 or absent for the share. */
  readonly calibrationRows?: number;
  readonly calibrationColumns?: number;
  /** Leaves out the points outside the ellipse that touches the edges. Default false. */
  readonly elliptical?: boolean;
  readonly seed: number;
}

const STREAM = 0x706f6973;
/**
 * The radius grows as RISE + d, d = 0 at the centre and 1 at the edges' middles: threefold, so the density falls
 * ninefold.
 */
const RISE = 0.5;
/** The search for ρ ends when its bracket is this narrow; the points in surplus then number about 2 %. */
const PRECISION = 1.01;
/** Nothing is blocked below r = 1, nor reached beyond the matrix: ρ outside these bounds changes nothing. */
const SMALLEST_RHO = 0.25;

/**
 * Keeps exactly round(rows·columns / acceleration) points (fewer only where too few were acquired): the centre block,
 * then grid points in random order, each refused when it lies nearer than r(p) = ρ·(RISE + d(p)) to a point p kept
 * before it. ρ is the largest that still reaches the budget (by bisection); what exceeds the budget is not kept.
 * Radii are in grid steps. Throws `usage.invalid` when the centre alone exceeds the budget.
 */
export function poissonDiscPoints(
  rows: number,
  columns: number,
  params: PoissonDiscParams,
  isAcquired: (point: number) => boolean = () => true,
): Uint8Array {
  const { acceleration, seed } = params;
  const budget = Math.round((rows * columns) / acceleration);
  const grid = makeGrid(rows, columns, params, isAcquired);
  if (grid.centre.length > budget || budget === 0) {
    throw new LacunaError(
      'usage.invalid',
      `The fully sampled centre (${grid.centre.length} of ${rows * columns} points) exceeds the budget of ` +
        `acceleration ${acceleration} (${budget} points); choose a smaller centre fraction or a lower acceleration.`,
      { field: 'centreFraction' },
    );
  }
  const order = new Random(seed, STREAM).permutation(rows * columns).filter((point) => grid.state[point] === FREE);

  return largestRadius(grid, order, budget, 0.75 * Math.sqrt(acceleration)).mask;
}

/** The mask of the largest ρ that reaches the budget, sought outwards from `guess`, then by bisection. */
function largestRadius(grid: Grid, order: Uint32Array, budget: number, guess: number): Thrown {
  let [low, high] = [0, Infinity];
  let best = throwDarts(grid, order, 0, budget);
  if (!best.reached) return best;
  for (let rho = guess; rho > SMALLEST_RHO && rho < grid.rows + grid.columns && high / low > PRECISION; ) {
    const thrown = throwDarts(grid, order, rho, budget);
    if (thrown.reached) [low, best] = [rho, thrown];
    else high = rho;
    if (high === Infinity) rho *= 1.15;
    else if (low === 0) rho /= 1.15;
    else rho = Math.sqrt(low * high);
  }
  return best;
}

const FREE = 0;
const CENTRE = 1;
const UNAVAILABLE = 2;

interface Grid {
  readonly rows: number;
  readonly columns: number;
  /** FREE, CENTRE or UNAVAILABLE. */
  readonly state: Uint8Array;
  readonly centre: readonly number[];
}

function makeGrid(rows: number, columns: number, params: PoissonDiscParams, isAcquired: (point: number) => boolean): Grid {
  const { centreFraction, calibrationRows = 0, calibrationColumns = 0, elliptical = false } = params;
  const state = new Uint8Array(rows * columns);
  const centre: number[] = [];
  const [top, bottom] = centreSpan(rows, calibrationRows || rows * centreFraction);
  const [left, right] = centreSpan(columns, calibrationColumns || columns * centreFraction);
  for (let point = 0; point < state.length; point++) {
    const row = Math.floor(point / columns);
    const column = point % columns;
    const outside = elliptical && centreDistance(rows, columns, row, column) > 1;
    if (outside || !isAcquired(point)) state[point] = UNAVAILABLE;
    else if (row >= top && row < bottom && column >= left && column < right) {
      state[point] = CENTRE;
      centre.push(point);
    }
  }
  return { rows, columns, state, centre };
}

function centreSpan(length: number, wanted: number): readonly [number, number] {
  const count = Math.min(length, Math.round(wanted));
  const start = Math.floor((length - count + 1) / 2);
  return [start, start + count];
}

interface Thrown {
  readonly mask: Uint8Array;
  /** Whether the budget was reached. */
  readonly reached: boolean;
}

function throwDarts(grid: Grid, order: Uint32Array, rho: number, budget: number): Thrown {
  const { rows, columns } = grid;
  const blocked = new Uint8Array(rows * columns);
  const mask = new Uint8Array(rows * columns);
  for (const point of grid.centre) mask[point] = 1;
  let left = budget - grid.centre.length;
  for (const point of order) {
    if (left === 0) break;
    if (blocked[point] === 1) continue;
    mask[point] = 1;
    left--;
    const row = Math.floor(point / columns);
    const column = point - row * columns;
    block(blocked, rows, columns, row, column, rho * (RISE + centreDistance(rows, columns, row, column)));
  }
  return { mask, reached: left === 0 };
}

/** 0 at the k-space centre, 1 at the middle of each edge, √2 in the corners. */
function centreDistance(rows: number, columns: number, row: number, column: number): number {
  const y = (row - Math.floor(rows / 2)) / (rows / 2);
  const x = (column - Math.floor(columns / 2)) / (columns / 2);
  return Math.sqrt(x * x + y * y);
}

/** Blocks every grid point nearer than `radius`. */
function block(blocked: Uint8Array, rows: number, columns: number, row: number, column: number, radius: number): void {
  const reach = Math.ceil(radius) - 1;
  const limit = radius * radius;
  for (let y = Math.max(0, row - reach); y <= Math.min(rows - 1, row + reach); y++) {
    const room = limit - (y - row) * (y - row);
    const half = Math.ceil(Math.sqrt(room)) - 1;
    const from = Math.max(0, column - half);
    const to = Math.min(columns - 1, column + half);
    // A loop, since TypedArray.fill costs more than the few bytes it writes here.
    for (let i = y * columns + from; i <= y * columns + to; i++) blocked[i] = 1;
  }
}

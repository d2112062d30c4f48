/** Where the samples of a trajectory fall on the grid, sorted and weighted, in kernel memory (wasm/gridding.ts). */
import type { Heap } from '../heap.ts';
import { kaiserBesselTable } from './kaiser-bessel.ts';

export interface GridAxis {
  /** Image length. */
  readonly length: number;
  /** Grid length, at least `width`. */
  readonly grid: number;
  readonly beta: number;
}

export interface SamplePlan {
  readonly count: number;
  readonly bins: number;
  readonly binStarts: number;
  readonly corners: number;
  readonly weights: number;
  readonly order: number;
}

/** Grid rows of a bin at least; must not be less than the widest kernel less one. */
const BIN_ROWS = 8;

/** Bytes that `placeSamples` takes. */
export function samplePlanBytes(count: number, width: number): number {
  return count * (8 + 8 * width + 4);
}

/**
 * Sorts samples by bin, then by column, so that spreading stays in the cache. `points` are pairs (k₀, k₁) in cycles per field of
 * view; position p = k·grid/length touches the grid points ⌈p − W/2⌉ … + W − 1, modulo the grid.
 */
export function placeSamples(heap: Heap, points: Float32Array, rows: GridAxis, columns: GridAxis, width: number): SamplePlan {
  const count = points.length / 2;
  const bins = Math.max(1, Math.floor(rows.grid / BIN_ROWS));
  const binOfRow = new Int32Array(rows.grid);
  for (let bin = 0; bin < bins; bin++) binOfRow.fill(bin, Math.floor((bin * rows.grid) / bins), Math.floor(((bin + 1) * rows.grid) / bins));

  const firstRow = new Int32Array(count);
  const firstColumn = new Int32Array(count);
  for (let m = 0; m < count; m++) {
    firstRow[m] = modulo(Math.ceil(position(points[2 * m] as number, rows) - width / 2), rows.grid);
    firstColumn[m] = modulo(Math.ceil(position(points[2 * m + 1] as number, columns) - width / 2), columns.grid);
  }
  // Two stable counting sorts: by column, then by bin.
  const byColumn = countingSort(Int32Array.from({ length: count }, (_, m) => m), columns.grid, (m) => firstColumn[m] as number).order;
  const { order, starts } = countingSort(byColumn, bins, (m) => binOfRow[firstRow[m] as number] as number);

  const plan = {
    count,
    bins,
    binStarts: heap.allocate(4 * (bins + 1)),
    corners: heap.allocate(8 * count),
    weights: heap.allocate(8 * width * count),
    order: heap.allocate(4 * count),
  };
  heap.ints(plan.binStarts, bins + 1).set(starts);
  heap.ints(plan.order, count).set(order);
  const corners = heap.ints(plan.corners, 2 * count);
  const weights = heap.floats(plan.weights, 2 * width * count);
  const down = kaiserBesselTable(width, rows.beta);
  const across = kaiserBesselTable(width, columns.beta);
  for (let i = 0; i < count; i++) {
    const m = order[i] as number;
    corners[2 * i] = firstRow[m] as number;
    corners[2 * i + 1] = firstColumn[m] as number;
    writeWeights(weights, 2 * width * i, position(points[2 * m] as number, rows), width, down);
    writeWeights(weights, 2 * width * i + width, position(points[2 * m + 1] as number, columns), width, across);
  }
  return plan;
}

export function freeSamples(heap: Heap, plan: SamplePlan): void {
  for (const address of [plan.binStarts, plan.corners, plan.weights, plan.order]) heap.free(address);
}

const position = (k: number, { length, grid }: GridAxis): number => (k * grid) / length;

const modulo = (i: number, n: number): number => ((i % n) + n) % n;

function writeWeights(weights: Float32Array, at: number, p: number, width: number, kernel: (u: number) => number): void {
  const first = Math.ceil(p - width / 2);
  for (let t = 0; t < width; t++) weights[at + t] = kernel(first + t - p);
}

/** `items` in the order of their keys (0 ≤ key < keys), equal ones as they were; `starts` has where each key begins, and the end. */
function countingSort(items: Int32Array, keys: number, keyOf: (item: number) => number): { order: Int32Array; starts: Int32Array } {
  const starts = new Int32Array(keys + 1);
  for (const item of items) {
    const at = keyOf(item) + 1;
    starts[at] = (starts[at] as number) + 1;
  }
  for (let key = 0; key < keys; key++) starts[key + 1] = (starts[key + 1] as number) + (starts[key] as number);
  const next = starts.slice();
  const order = new Int32Array(items.length);
  for (const item of items) {
    const key = keyOf(item);
    const at = next[key] as number;
    order[at] = item;
    next[key] = at + 1;
  }
  return { order, starts };
}

/**
 * The g-factor of SENSE: by how much noise exceeds what fewer samples alone cost (Pruessmann et al., Magn Reson Med 1999;42:952).
 *
 *   g_i = √([N⁻¹]_ii · [SᴴS]_ii / R),  N = AᴴA,  A = mask·F·S, without regularisation.
 *
 * For every R-th line N falls apart into groups of R pixels that fold onto each other; for other patterns of lines into one matrix
 * for each image row. Maps and noise are taken as given: unit noise, uncorrelated between channels (pre-whiten to make it so).
 */
import { throwIfCancelled, type CancelSignal } from '../algorithms/status.ts';
import { zeros, type NdArray } from '../array/nd-array.ts';
import type { SamplingPattern } from '../sampling/pattern.ts';
import { cholesky, solveLower } from './cholesky.ts';
import { kernels } from '../transform/kernels.ts';
import { regularSpacing } from './grappa-geometry.ts';

/** Relative to the largest diagonal element, so that pixels without signal do not spoil the factorisation. */
const RIDGE = 1e-7;
/** Complex multiplications of one g-factor map: about a minute. */
const MOST_WORK = 4e10;

export interface GFactorStatus {
  readonly iteration: number;
  readonly iterations: number;
}

/** Why there is no analytic g-factor for that pattern, or null. */
export function refuseGFactor(pattern: SamplingPattern): string | null {
  if (pattern.kind !== 'lines') return 'The analytic g-factor is for patterns of lines.';
  return pattern.rows * pattern.columns ** 3 > 3 * MOST_WORK ? `The analytic g-factor of ${pattern.columns} columns would take too long.` : null;
}

/**
 * [row, column] for maps [coil, row, column]; NaN where the coils cannot tell the folded pixels apart, or the maps are silent. A
 * status after every few rows. Throws `job.cancelled`, and `job.memory` where the maps do not fit.
 */
export async function* gFactor(maps: NdArray<'complex64'>, pattern: SamplingPattern, signal: CancelSignal): AsyncGenerator<GFactorStatus, NdArray<'float32'>> {
  const groups = foldedGroups(pattern);
  if (groups.length === 1) return yield* ofWholeRows(maps, pattern, signal);
  const [, rows, columns] = maps.shape as [number, number, number];
  const out = zeros('float32', [rows, columns]);
  for (let row = 0; row < rows; row++) {
    throwIfCancelled(signal);
    for (const group of groups) {
      const g = ofGroup(maps, row, group, pattern.achieved);
      for (const [i, column] of group.entries()) out.data[row * columns + column] = g[i] as number;
    }
    yield { iteration: row + 1, iterations: rows };
  }
  return out;
}

/** Rows that the kernels take between two statuses. */
const ROWS_AT_ONCE = 16;

/** All pixels of a row fold onto each other: dense matrices, a row a task (wasm/g-factor.ts). */
async function* ofWholeRows(maps: NdArray<'complex64'>, pattern: SamplingPattern, signal: CancelSignal): AsyncGenerator<GFactorStatus, NdArray<'float32'>> {
  const [coils, rows, columns] = maps.shape as [number, number, number];
  const { heap } = kernels();
  const out = zeros('float32', [rows, columns]);
  const taken: number[] = [];
  const take = (bytes: number): number => {
    const address = heap.allocate(bytes);
    taken.push(address);
    return address;
  };
  try {
    const [mapsAt, outAt, spread] = [take(maps.data.byteLength), take(out.data.byteLength), take(16 * columns + 8)];
    heap.floats(mapsAt, maps.data.length).set(maps.data);
    new Float64Array(heap.memory.buffer, spread, 2 * columns + 1).set([...pointSpread(pattern), pattern.achieved]);
    const scratch = (columns + coils + 3) * 16 * (columns + 1);
    for (let first = 0; first < rows; first += ROWS_AT_ONCE) {
      throwIfCancelled(signal);
      const count = Math.min(ROWS_AT_ONCE, rows - first);
      kernels().run('gFactorRow', [mapsAt, coils, rows, columns, first, spread, outAt], count, scratch);
      yield { iteration: first + count, iterations: rows };
    }
    out.data.set(heap.floats(outAt, out.data.length));
    return out;
  } finally {
    for (const address of taken) heap.free(address);
  }
}

/** Pixels of a row that fold onto each other: groups of R for every R-th line and nothing else, else the whole row. */
export function foldedGroups(pattern: SamplingPattern): number[][] {
  const { columns, kept } = pattern;
  const regular = regularSpacing(pattern);
  const spacing = regular !== null && kept * regular.spacing === columns ? regular.spacing : null;
  if (spacing === null) return [Array.from({ length: columns }, (_, i) => i)];
  const distance = columns / spacing;
  return Array.from({ length: distance }, (_, first) => Array.from({ length: spacing }, (_, j) => first + j * distance));
}

/** F⁻¹·mask·F as a function of the distance between two columns, interleaved. */
function pointSpread({ mask, columns }: SamplingPattern): Float64Array {
  const out = new Float64Array(2 * columns);
  for (let d = 0; d < columns; d++) {
    for (let k = 0; k < columns; k++) {
      if (mask[k] === 0) continue;
      const angle = (2 * Math.PI * (((k - Math.floor(columns / 2)) * d) % columns)) / columns;
      out[2 * d] = (out[2 * d] as number) + Math.cos(angle) / columns;
      out[2 * d + 1] = (out[2 * d + 1] as number) + Math.sin(angle) / columns;
    }
  }
  return out;
}

function ofGroup(maps: NdArray<'complex64'>, row: number, group: readonly number[], acceleration: number): Float64Array {
  const n = group.length;
  const normal = gram(maps, row, group);
  const own = Float64Array.from(group, (_, i) => normal[2 * (i * n + i)] as number);
  // With every R-th line N = SᴴS/R up to a phase of each pixel, which the diagonal of the inverse does not see.
  for (let i = 0; i < normal.length; i++) normal[i] = (normal[i] as number) / acceleration;
  const largest = own.reduce((most, value) => Math.max(most, value), 0);
  for (let i = 0; i < n; i++) normal[2 * (i * n + i)] = (normal[2 * (i * n + i)] as number) + RIDGE * largest;
  if (!(largest > 0) || !cholesky(normal, n)) return new Float64Array(n).fill(NaN);
  const variance = inverseDiagonal(normal, n);
  return variance.map((value, i) => ((own[i] as number) > 0 ? Math.sqrt((value * (own[i] as number)) / acceleration) : NaN));
}

/** Σ_c conj(S_c(i))·S_c(j) for the pixels of a group, interleaved. */
function gram(maps: NdArray<'complex64'>, row: number, group: readonly number[]): Float64Array {
  const [coils, rows, columns] = maps.shape as [number, number, number];
  const n = group.length;
  const out = new Float64Array(2 * n * n);
  for (let c = 0; c < coils; c++) {
    const line = 2 * (c * rows + row) * columns;
    for (let i = 0; i < n; i++) {
      const a = line + 2 * (group[i] as number);
      const [ar, ai] = [maps.data[a] as number, maps.data[a + 1] as number];
      for (let j = 0; j < n; j++) {
        const b = line + 2 * (group[j] as number);
        const [br, bi] = [maps.data[b] as number, maps.data[b + 1] as number];
        const to = 2 * (i * n + j);
        out[to] = (out[to] as number) + ar * br + ai * bi;
        out[to + 1] = (out[to + 1] as number) + ar * bi - ai * br;
      }
    }
  }
  return out;
}

/** [(L·Lᴴ)⁻¹]_ii = Σ_k |[L⁻¹]_ki|² */
function inverseDiagonal(l: Float64Array, n: number): Float64Array {
  const out = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const x = new Float64Array(2 * n);
    x[2 * i] = 1;
    solveLower(l, n, x, 0, i);
    for (let k = 2 * i; k < 2 * n; k++) out[i] = (out[i] as number) + (x[k] as number) ** 2;
  }
  return out;
}

/**
 * Drift of the field between two frames: a polynomial in two dimensions fitted to the map where nothing is heated. Which pixels
 * those are is found by the fit itself: iteratively reweighted least squares, first of absolute values (Huber), then with Tukey's
 * biweight, which gives a region that sticks out no say at all (Holland and Welsch, Commun Stat 1977;A6:813).
 */
import { solveSymmetric } from './solve-symmetric.ts';

/** −1: no correction; 0 a constant, 1 a plane, 2 with squares and the product. */
export type DriftOrder = -1 | 0 | 1 | 2;

export interface DriftInput {
  /** [row, column] */
  readonly map: Float64Array;
  /** Inverse variance up to a factor; 0 leaves a pixel out. */
  readonly weights: Float64Array;
  readonly rows: number;
  readonly columns: number;
  readonly order: DriftOrder;
}

export interface Drift {
  /** The polynomial everywhere, [row, column]. */
  readonly field: Float64Array;
  /** Of 1, x, y, x², xy, y² with x and y from −1 to 1 over the columns and rows. */
  readonly coefficients: readonly number[];
  /** Share of the weighted pixels that were given no say. */
  readonly setAside: number;
}

const ABSOLUTE_ROUNDS = 12;
const BIWEIGHT_ROUNDS = 20;
/** Residuals beyond this many standard deviations have no say: 95 % efficient where nothing is heated. */
const BIWEIGHT = 4.685;
/** Median absolute deviation to standard deviation, of a normal distribution. */
const MAD = 1.4826;
const TERMS = { '-1': 0, 0: 1, 1: 3, 2: 6 } as const;

export function fitDrift({ map, weights, rows, columns, order }: DriftInput): Drift {
  const terms = TERMS[order];
  const used = [...weights.keys()].filter((i) => (weights[i] as number) > 0);
  if (terms === 0 || used.length < 4 * terms) return { field: new Float64Array(map.length), coefficients: [], setAside: 0 };
  const basis = used.map((i) => basisAt(Math.floor(i / columns), i % columns, rows, columns, terms));
  const scaled = used.map((i) => Math.sqrt(weights[i] as number));
  const residualsOf = (c: readonly number[]): number[] => used.map((i, n) => (map[i] as number) - dot(basis[n] as number[], c));
  const say = new Float64Array(used.length).fill(1);
  let coefficients = solve();
  for (let round = 0; round < ABSOLUTE_ROUNDS + BIWEIGHT_ROUNDS; round++) {
    // In standard deviations: what a bright and a dim pixel may differ by is not the same.
    const standard = residualsOf(coefficients).map((r, n) => r * (scaled[n] as number));
    const spread = MAD * median(standard.map(Math.abs));
    if (!(spread > 0)) break;
    for (let n = 0; n < say.length; n++) {
      const u = Math.abs(standard[n] as number) / spread;
      say[n] = round < ABSOLUTE_ROUNDS ? 1 / Math.max(1, u) : u >= BIWEIGHT ? 0 : (1 - (u / BIWEIGHT) ** 2) ** 2;
    }
    coefficients = solve();
  }
  const field = Float64Array.from({ length: map.length }, (_, i) => dot(basisAt(Math.floor(i / columns), i % columns, rows, columns, terms), coefficients));
  return { field, coefficients, setAside: say.filter((s) => s === 0).length / say.length };

  function solve(): number[] {
    const normal = Array.from({ length: terms }, () => new Float64Array(terms));
    const right = new Float64Array(terms);
    for (const [n, i] of used.entries()) {
      const weight = (weights[i] as number) * (say[n] as number);
      if (weight === 0) continue;
      const b = basis[n] as number[];
      for (let p = 0; p < terms; p++) {
        right[p] = (right[p] as number) + weight * (b[p] as number) * (map[i] as number);
        const row = normal[p] as Float64Array;
        for (let q = 0; q < terms; q++) row[q] = (row[q] as number) + weight * (b[p] as number) * (b[q] as number);
      }
    }
    return solveSymmetric(normal, right);
  }
}

function basisAt(row: number, column: number, rows: number, columns: number, terms: number): number[] {
  const y = (2 * (row + 0.5)) / rows - 1;
  const x = (2 * (column + 0.5)) / columns - 1;
  return [1, x, y, x * x, x * y, y * y].slice(0, terms);
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1] as number;
}

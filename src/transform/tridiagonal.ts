/** Eigenvalues and eigenvectors of a real symmetric tridiagonal matrix, in double precision. */
import { Random } from '../random/xoshiro.ts';
import { LacunaError } from '../errors.ts';

const MAX_STEPS = 60;
const EPSILON = Number.EPSILON;
/** Two steps of inverse iteration bring a random vector to rounding level; the third pays for close eigenvalues. */
const INVERSE_STEPS = 3;

/**
 * All eigenvalues, in no order, by QL with implicit shifts (Golub and Van Loan, 8.3.5), to rounding level of the largest one.
 * `off[i]` is element (i + 1, i).
 */
export function tridiagonalEigenvalues(diagonal: Float64Array, off: Float64Array): Float64Array {
  const d = diagonal.slice();
  const e = off.slice();
  const n = d.length;
  e[n - 1] = 0;
  // Relative to neighbours the many eigenvalues near 0 of a matrix without full rank would never part.
  const negligible = EPSILON * normOf(d, e);
  for (let l = 0; l < n; l++) {
    for (let step = 0; ; step++) {
      let m = l;
      while (m < n - 1 && Math.abs(at(e, m)) > negligible) m++;
      if (m === l) break;
      if (step === MAX_STEPS) throw new LacunaError('internal', 'the QL iteration did not converge');
      sweep(d, e, l, m);
    }
  }
  return d;
}

/** Largest |diagonal| + |off-diagonal|: within a factor of two of the norm. */
function normOf(d: Float64Array, e: Float64Array): number {
  return d.reduce((largest, value, i) => Math.max(largest, Math.abs(value) + Math.abs(at(e, i))), 0);
}

/** One implicit QL step on the unreduced block l … m. */
function sweep(d: Float64Array, e: Float64Array, l: number, m: number): void {
  let g = (at(d, l + 1) - at(d, l)) / (2 * at(e, l));
  let r = Math.hypot(g, 1);
  g = at(d, m) - at(d, l) + at(e, l) / (g + (g >= 0 ? r : -r));
  let [s, c, p] = [1, 1, 0];
  for (let i = m - 1; i >= l; i--) {
    const f = s * at(e, i);
    const b = c * at(e, i);
    r = Math.hypot(f, g);
    e[i + 1] = r;
    if (r === 0) {
      d[i + 1] = at(d, i + 1) - p;
      e[m] = 0;
      return;
    }
    s = f / r;
    c = g / r;
    g = at(d, i + 1) - p;
    r = (at(d, i) - g) * s + 2 * c * b;
    p = s * r;
    d[i + 1] = g + p;
    g = c * r - b;
  }
  d[l] = at(d, l) - p;
  e[l] = g;
  e[m] = 0;
}

/**
 * Orthonormal eigenvectors of the given eigenvalues (descending) by inverse iteration. Each is made orthogonal to all before it,
 * so that close eigenvalues give a basis of their common space. The matrix must not be zero (not checked).
 */
export function tridiagonalEigenvectors(diagonal: Float64Array, off: Float64Array, values: Float64Array): Float64Array[] {
  const n = diagonal.length;
  const scale = normOf(diagonal, off);
  const random = new Random(1, n);
  const vectors: Float64Array[] = [];
  let last = Infinity;
  for (const value of values) {
    // Equal eigenvalues are moved apart by rounding level, or the iteration would find the same vector again.
    const shift = Math.min(value, last - 10 * EPSILON * scale);
    last = shift;
    const factors = factor(diagonal, off, shift, EPSILON * scale);
    const x = new Float64Array(n).map(() => random.uniform() - 0.5);
    for (let step = 0; step < INVERSE_STEPS; step++) {
      solve(factors, x);
      normalise(x);
      // Twice is enough (Giraud et al., Numer Math 2005;101:87).
      for (let pass = 0; pass < 2; pass++) for (const y of vectors) removeProjection(x, y);
      normalise(x);
    }
    vectors.push(x);
  }
  return vectors;
}

interface Factors {
  readonly diagonal: Float64Array;
  readonly first: Float64Array;
  readonly second: Float64Array;
  readonly multiplier: Float64Array;
  readonly swapped: Uint8Array;
}

/** T − shift = P·L·U with partial pivoting; a vanishing pivot becomes `tiny`. LAPACK's dgttrf. */
function factor(diagonal: Float64Array, off: Float64Array, shift: number, tiny: number): Factors {
  const n = diagonal.length;
  const d = diagonal.map((v) => v - shift);
  const first = off.slice();
  const second = new Float64Array(n);
  const multiplier = new Float64Array(n);
  const swapped = new Uint8Array(n);
  for (let i = 0; i < n - 1; i++) {
    const below = at(off, i);
    if (Math.abs(at(d, i)) >= Math.abs(below)) {
      if (Math.abs(at(d, i)) < tiny) d[i] = tiny;
      multiplier[i] = below / at(d, i);
      d[i + 1] = at(d, i + 1) - at(multiplier, i) * at(first, i);
    } else {
      swapped[i] = 1;
      multiplier[i] = at(d, i) / below;
      const next = at(d, i + 1);
      d[i] = below;
      d[i + 1] = at(first, i) - at(multiplier, i) * next;
      first[i] = next;
      if (i < n - 2) {
        second[i] = at(first, i + 1);
        first[i + 1] = -at(multiplier, i) * at(second, i);
      }
    }
  }
  if (Math.abs(at(d, n - 1)) < tiny) d[n - 1] = tiny;
  return { diagonal: d, first, second, multiplier, swapped };
}

function solve({ diagonal, first, second, multiplier, swapped }: Factors, x: Float64Array): void {
  const n = x.length;
  for (let i = 0; i < n - 1; i++) {
    if (swapped[i] === 0) {
      x[i + 1] = at(x, i + 1) - at(multiplier, i) * at(x, i);
    } else {
      const value = at(x, i);
      x[i] = at(x, i + 1);
      x[i + 1] = value - at(multiplier, i) * at(x, i);
    }
  }
  for (let i = n - 1; i >= 0; i--) {
    let value = at(x, i);
    if (i < n - 1) value -= at(first, i) * at(x, i + 1);
    if (i < n - 2) value -= at(second, i) * at(x, i + 2);
    x[i] = value / at(diagonal, i);
  }
}

function normalise(x: Float64Array): void {
  let largest = 0;
  for (const value of x) largest = Math.max(largest, Math.abs(value));
  let power = 0;
  for (const value of x) power += (value / largest) ** 2;
  const scale = 1 / (largest * Math.sqrt(power));
  for (let i = 0; i < x.length; i++) x[i] = at(x, i) * scale;
}

function removeProjection(x: Float64Array, y: Float64Array): void {
  let dot = 0;
  for (let i = 0; i < x.length; i++) dot += at(x, i) * at(y, i);
  for (let i = 0; i < x.length; i++) x[i] = at(x, i) - dot * at(y, i);
}

const at = (x: Float64Array, i: number): number => x[i] as number;

/**
 * Eigen-decomposition of a small Hermitian matrix by cyclic complex Jacobi rotations
 * (Golub and Van Loan, Matrix Computations, 4th ed., §8.5; each rotation first turns a_pq real).
 */

export interface HermitianEigen {
  /** Descending. */
  readonly values: Float64Array;
  /** Eigenvector j in column j: element (i, j) at 2·(i·n + j), interleaved (re, im). Columns are orthonormal. */
  readonly vectors: Float64Array;
}

const MAX_SWEEPS = 60;

/**
 * `matrix` is n×n, C order, interleaved complex; only its Hermitian part is meaningful (not checked). Deterministic: the
 * same bits in give the same bits out.
 */
export function hermitianEigen(matrix: Float64Array, n: number): HermitianEigen {
  const a = matrix.slice();
  const v = identity(n);
  const scale = frobenius(a);
  for (let sweep = 0; sweep < MAX_SWEEPS && offDiagonal(a, n) > 1e-15 * scale; sweep++) {
    for (let p = 0; p < n - 1; p++) for (let q = p + 1; q < n; q++) rotate(a, v, n, p, q);
  }
  return sorted(a, v, n);
}

/** One rotation that makes a_pq zero: A ← JᴴAJ, V ← VJ with J = [c, s; −s·ē, c·ē] and e = a_pq/|a_pq|. */
function rotate(a: Float64Array, v: Float64Array, n: number, p: number, q: number): void {
  const re = at(a, 2 * (p * n + q));
  const im = at(a, 2 * (p * n + q) + 1);
  const size = Math.hypot(re, im);
  if (size === 0) return;
  const tau = (at(a, 2 * (q * n + q)) - at(a, 2 * (p * n + p))) / (2 * size);
  const t = (tau >= 0 ? 1 : -1) / (Math.abs(tau) + Math.sqrt(1 + tau * tau));
  const c = 1 / Math.sqrt(1 + t * t);
  const s = t * c;
  const er = re / size;
  const ei = -im / size; // ē
  for (let i = 0; i < n; i++) turn(v, 2 * (i * n + p), 2 * (i * n + q), c, s, er, ei);
  for (let i = 0; i < n; i++) turn(a, 2 * (i * n + p), 2 * (i * n + q), c, s, er, ei);
  // Rows take the conjugate rotation.
  for (let i = 0; i < n; i++) turn(a, 2 * (p * n + i), 2 * (q * n + i), c, s, er, -ei);
}

/** (x_p, x_q) ← (c·x_p − s·ē·x_q, s·x_p + c·ē·x_q), in place. */
function turn(x: Float64Array, p: number, q: number, c: number, s: number, er: number, ei: number): void {
  const pr = at(x, p);
  const pi = at(x, p + 1);
  const qr = at(x, q) * er - at(x, q + 1) * ei;
  const qi = at(x, q) * ei + at(x, q + 1) * er;
  x[p] = c * pr - s * qr;
  x[p + 1] = c * pi - s * qi;
  x[q] = s * pr + c * qr;
  x[q + 1] = s * pi + c * qi;
}

function sorted(a: Float64Array, v: Float64Array, n: number): HermitianEigen {
  const diagonal = Array.from({ length: n }, (_, i) => at(a, 2 * (i * n + i)));
  const order = diagonal.map((_, i) => i).sort((i, j) => (diagonal[j] as number) - (diagonal[i] as number) || i - j);
  const vectors = new Float64Array(2 * n * n);
  order.forEach((from, to) => {
    for (let i = 0; i < n; i++) vectors.set(v.subarray(2 * (i * n + from), 2 * (i * n + from) + 2), 2 * (i * n + to));
  });
  return { values: Float64Array.from(order, (i) => diagonal[i] as number), vectors };
}

function identity(n: number): Float64Array {
  const v = new Float64Array(2 * n * n);
  for (let i = 0; i < n; i++) v[2 * (i * n + i)] = 1;
  return v;
}

function frobenius(a: Float64Array): number {
  return Math.sqrt(a.reduce((sum, value) => sum + value * value, 0));
}

function offDiagonal(a: Float64Array, n: number): number {
  let sum = 0;
  for (let p = 0; p < n; p++) {
    for (let q = 0; q < n; q++) if (p !== q) sum += at(a, 2 * (p * n + q)) ** 2 + at(a, 2 * (p * n + q) + 1) ** 2;
  }
  return Math.sqrt(sum);
}

const at = (x: Float64Array, i: number): number => x[i] as number;

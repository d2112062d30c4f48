/**
 * Dominant eigenvectors of large Hermitian matrices in kernel memory: Householder tridiagonalisation, eigenvalues by implicit QL,
 * eigenvectors by inverse iteration (Golub and Van Loan, Matrix Computations, 4th ed., 8.3 and 8.2.2; LAPACK's zhetd2, zstein).
 */
import { LacunaError } from '../errors.ts';
import type { Kernels } from './kernels.ts';
import { tridiagonalEigenvalues, tridiagonalEigenvectors } from './tridiagonal.ts';

/** Rows of one task: fewer tasks than this many rows are not worth a second thread. */
const CHUNK = 48;

/** n rows of `stride` bytes: real parts, then imaginary parts, each padded with zeros to an even count (wasm/hermitian.ts). */
export class HermitianMatrix {
  readonly n: number;
  readonly stride: number;
  readonly address: number;
  readonly #kernels: Kernels;

  /** A zero matrix. Throws `job.memory`. */
  constructor(kernels: Kernels, n: number) {
    this.#kernels = kernels;
    this.n = n;
    this.stride = 16 * (n + (n % 2));
    this.address = kernels.heap.allocate(this.stride * n);
    this.doubles().fill(0);
  }

  /** All rows; element (i, j) at i·stride/8 + j, its imaginary part stride/16 further. Valid until the memory grows. */
  doubles(): Float64Array {
    return new Float64Array(this.#kernels.heap.memory.buffer, this.address, (this.stride / 8) * this.n);
  }

  dispose(): void {
    this.#kernels.heap.free(this.address);
  }
}

export interface Subspace {
  /** All eigenvalues, descending. */
  readonly values: Float64Array;
  /** How many eigenvectors were made. */
  readonly kept: number;
  /** The projector Σ v·vᴴ on them, in the layout of HermitianMatrix; the caller frees it. */
  readonly projector: number;
}

/**
 * The projector on the eigenvectors whose eigenvalue is at least `share` times the largest; a zero matrix has none. Destroys `matrix`.
 * The same bits for any number of threads.
 */
export function dominantSubspace(kernels: Kernels, matrix: HermitianMatrix, share: number): Subspace {
  const { n, stride } = matrix;
  const { heap } = kernels;
  const work = heap.allocate(stride * n + 16 * n + 3 * stride);
  const [reflectors, taus, small] = [work, work + stride * n, work + stride * n + 16 * n];
  let vectors = 0;
  try {
    const { diagonal, off } = tridiagonalise(kernels, matrix, reflectors, taus, small);
    const values = tridiagonalEigenvalues(diagonal, off).sort().reverse();
    const least = share * (values[0] as number);
    const kept = values.filter((value) => value >= least && value > 0).length;
    vectors = heap.allocate(stride * kept);
    const rows = new Float64Array(heap.memory.buffer, vectors, (stride / 8) * kept).fill(0);
    for (const [k, vector] of tridiagonalEigenvectors(diagonal, off, values.subarray(0, kept)).entries()) rows.set(vector, (k * stride) / 8);
    kernels.run('applyReflectors', [vectors, stride, n, reflectors, taus], kept);
    kernels.run('projectorRow', [vectors, stride, kept, matrix.address], n);
    return { values, kept, projector: matrix.address };
  } finally {
    if (vectors !== 0) heap.free(vectors);
    heap.free(work);
  }
}

interface Tridiagonal {
  readonly diagonal: Float64Array;
  /** Element (i + 1, i), real; the last one is 0. */
  readonly off: Float64Array;
}

/** QᴴAQ = T; the reflectors of Q go to rows of `reflectors`, their τ to `taus`. `small` is room for three rows. */
function tridiagonalise(kernels: Kernels, matrix: HermitianMatrix, reflectors: number, taus: number, small: number): Tridiagonal {
  const { n, stride } = matrix;
  const half = stride / 16;
  const { buffer } = kernels.heap.memory;
  const a = matrix.doubles();
  const v = new Float64Array(buffer, reflectors, 2 * half * n).fill(0);
  const tau = new Float64Array(buffer, taus, 2 * n);
  const w = new Float64Array(buffer, small, 2 * half).fill(0);
  const product = new Float64Array(buffer, small + stride, 2 * half).fill(0);
  const diagonal = new Float64Array(n);
  const off = new Float64Array(n);
  for (let k = 0; k < n; k++) {
    const row = a.subarray(k * 2 * half, (k + 1) * 2 * half);
    if (k > 0) updateRow(row, v.subarray((k - 1) * 2 * half, k * 2 * half), w, k, n, half);
    diagonal[k] = row[k] as number;
    if (k === n - 1) break;
    const x = v.subarray(k * 2 * half, (k + 1) * 2 * half);
    off[k] = reflector(row, x, tau.subarray(2 * k, 2 * k + 2), k, n, half);
    const left = n - k - 1;
    const before = k > 0 ? [reflectors + (k - 1) * stride, small] : [0, 0];
    const words = [matrix.address, stride, n, k + 1, ...before, reflectors + k * stride, small + stride, CHUNK];
    kernels.run('reduceRows', words, Math.ceil(left / CHUNK), 0, left < 2 * CHUNK);
    makeUpdate(x, product, tau[2 * k] as number, tau[2 * k + 1] as number, w, k + 1, n, half);
  }
  if (!diagonal.every(Number.isFinite)) throw new LacunaError('internal', 'the eigen-decomposition met numbers that are not finite');
  return { diagonal, off };
}

/** Row k of A ← A − v·wᴴ − w·vᴴ, from column k on. */
function updateRow(row: Float64Array, v: Float64Array, w: Float64Array, k: number, n: number, half: number): void {
  const [vr, vi, wr, wi] = [v[k] as number, v[half + k] as number, w[k] as number, w[half + k] as number];
  for (let j = k; j < n; j++) {
    const [pr, pi, qr, qi] = [v[j] as number, v[half + j] as number, w[j] as number, w[half + j] as number];
    row[j] = (row[j] as number) - (vr * qr + vi * qi) - (wr * pr + wi * pi);
    row[half + j] = (row[half + j] as number) - (vi * qr - vr * qi) - (wi * pr - wr * pi);
  }
}

/** Householder vector x (x_{k+1} = 1) and τ of column k below the diagonal, which is conj(row k); returns β. LAPACK's zlarfg. */
function reflector(row: Float64Array, x: Float64Array, tau: Float64Array, k: number, n: number, half: number): number {
  let rest = 0;
  for (let j = k + 2; j < n; j++) rest += (row[j] as number) ** 2 + (row[half + j] as number) ** 2;
  const re = row[k + 1] as number;
  const im = -(row[half + k + 1] as number);
  x[k + 1] = 1;
  if (rest === 0 && im === 0) {
    tau.fill(0);
    return re;
  }
  const beta = -Math.sign(re || 1) * Math.sqrt(re * re + im * im + rest);
  tau[0] = (beta - re) / beta;
  tau[1] = -im / beta;
  // 1/(α − β)
  const size = (re - beta) ** 2 + im * im;
  const [sr, si] = [(re - beta) / size, -im / size];
  for (let j = k + 2; j < n; j++) {
    const [yr, yi] = [row[j] as number, -(row[half + j] as number)];
    x[j] = sr * yr - si * yi;
    x[half + j] = sr * yi + si * yr;
  }
  return beta;
}

/** w = τ·A·x − ½τ·(τ·A·x)ᴴx·x, so that HᴴAH = A − x·wᴴ − w·xᴴ. */
function makeUpdate(x: Float64Array, product: Float64Array, tr: number, ti: number, w: Float64Array, from: number, n: number, half: number): void {
  let [dr, di] = [0, 0];
  for (let j = from; j < n; j++) {
    const [pr, pi, xr, xi] = [product[j] as number, product[half + j] as number, x[j] as number, x[half + j] as number];
    const [re, im] = [tr * pr - ti * pi, tr * pi + ti * pr];
    w[j] = re;
    w[half + j] = im;
    dr += re * xr + im * xi;
    di += re * xi - im * xr;
  }
  const [ar, ai] = [-0.5 * (tr * dr - ti * di), -0.5 * (tr * di + ti * dr)];
  for (let j = from; j < n; j++) {
    const [xr, xi] = [x[j] as number, x[half + j] as number];
    w[j] = (w[j] as number) + ar * xr - ai * xi;
    w[half + j] = (w[half + j] as number) + ar * xi + ai * xr;
  }
}

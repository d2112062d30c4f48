/**
 * Singular value thresholding of a Casorati matrix X, whose columns are frames (Cai, Candès and Shen, SIAM J Optim 2010;20:1956),
 * through the eigenvectors of the small Gram matrix: X = UΣVᴴ gives XᴴX = VΣ²Vᴴ and U·soft(Σ, t)·Vᴴ = X·V·soft(Σ, t)Σ⁻¹·Vᴴ.
 */
import type { NdArray } from '../array/nd-array.ts';
import { hermitianEigen } from './hermitian-eigen.ts';

/** Pixels whose frames are worked on together, so that they stay in the cache. */
const TILE = 256;

/**
 * X [frame, …] in place; `thresholdOf` is told the largest singular value. Returns how many are left, and the threshold. Frames are few: the cost is
 * pixels · frames² and the eigenvectors of frames × frames. Singular values below 10⁻⁷ of the largest are lost in the Gram matrix.
 */
export function shrinkSingularValues(x: NdArray<'complex64'>, thresholdOf: (largest: number) => number): { readonly rank: number; readonly threshold: number } {
  const frames = x.shape[0] as number;
  const { values, vectors } = hermitianEigen(gram(x, frames), frames);
  const singular = Array.from(values, (value) => Math.sqrt(Math.max(0, value)));
  const threshold = thresholdOf(singular[0] as number);
  const shares = singular.map((value) => (value > threshold ? 1 - threshold / value : 0));
  timesSmall(x, projector(vectors, shares, frames), frames);
  return { rank: shares.filter((share) => share > 0).length, threshold };
}

/** XᴴX, interleaved: element (s, t) = Σ conj(x_s)·x_t. */
function gram({ data }: NdArray<'complex64'>, frames: number): Float64Array {
  const size = data.length / frames;
  const out = new Float64Array(2 * frames * frames);
  for (let s = 0; s < frames; s++) {
    const a = data.subarray(s * size, (s + 1) * size);
    for (let t = s; t < frames; t++) {
      const b = data.subarray(t * size, (t + 1) * size);
      let re = 0;
      let im = 0;
      for (let i = 0; i < size; i += 2) {
        const ar = a[i] as number;
        const ai = a[i + 1] as number;
        const br = b[i] as number;
        const bi = b[i + 1] as number;
        re += ar * br + ai * bi;
        im += ar * bi - ai * br;
      }
      out.set([re, im], 2 * (s * frames + t));
      out.set([re, -im], 2 * (t * frames + s));
    }
  }
  return out;
}

/** P = V·diag(shares)·Vᴴ, interleaved. */
function projector(vectors: Float64Array, shares: readonly number[], n: number): Float64Array {
  const out = new Float64Array(2 * n * n);
  for (let s = 0; s < n; s++) {
    for (let t = 0; t < n; t++) {
      let re = 0;
      let im = 0;
      for (const [j, share] of shares.entries()) {
        const [a, b] = [2 * (s * n + j), 2 * (t * n + j)];
        const [ar, ai, br, bi] = [vectors[a] as number, vectors[a + 1] as number, vectors[b] as number, vectors[b + 1] as number];
        re += share * (ar * br + ai * bi);
        im += share * (ai * br - ar * bi);
      }
      out.set([re, im], 2 * (s * n + t));
    }
  }
  return out;
}

/** X ← X·P */
function timesSmall({ data }: NdArray<'complex64'>, p: Float64Array, frames: number): void {
  const size = data.length / frames;
  const sums = new Float64Array(frames * 2 * TILE);
  for (let at = 0; at < size; at += 2 * TILE) {
    const width = Math.min(2 * TILE, size - at);
    sums.fill(0);
    for (let s = 0; s < frames; s++) {
      for (let t = 0; t < frames; t++) {
        const [re, im] = [p[2 * (s * frames + t)] as number, p[2 * (s * frames + t) + 1] as number];
        const [from, to] = [s * size + at, t * 2 * TILE];
        for (let i = 0; i < width; i += 2) {
          const xr = data[from + i] as number;
          const xi = data[from + i + 1] as number;
          sums[to + i] = (sums[to + i] as number) + xr * re - xi * im;
          sums[to + i + 1] = (sums[to + i + 1] as number) + xr * im + xi * re;
        }
      }
    }
    for (let t = 0; t < frames; t++) data.set(sums.subarray(t * 2 * TILE, t * 2 * TILE + width), t * size + at);
  }
}

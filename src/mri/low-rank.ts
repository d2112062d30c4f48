/**
 * Singular value thresholding of a Casorati matrix X, whose columns are frames (Cai, Candès and Shen, SIAM J Optim 2010;20:1956),
 * through the eigenvectors of the small Gram matrix: X = UΣVᴴ gives XᴴX = VΣ²Vᴴ and U·soft(Σ, t)·Vᴴ = X·V·soft(Σ, t)Σ⁻¹·Vᴴ.
 */
import { hermitianEigen } from './hermitian-eigen.ts';

export interface SingularShrinkage {
  /** P with X·P = U·soft(Σ, t)·Vᴴ; frames × frames, interleaved. */
  readonly projector: Float64Array;
  /** How many singular values are left. */
  readonly rank: number;
  readonly threshold: number;
}

/**
 * `gram` is XᴴX, frames × frames, interleaved; `thresholdOf` is told the largest singular value. Frames are few: the cost beside the
 * Gram matrix is the eigenvectors of frames × frames. Singular values below 10⁻⁷ of the largest are lost in the Gram matrix.
 */
export function shrinkSingularValues(gram: Float64Array, frames: number, thresholdOf: (largest: number) => number): SingularShrinkage {
  const { values, vectors } = hermitianEigen(gram, frames);
  const singular = Array.from(values, (value) => Math.sqrt(Math.max(0, value)));
  const threshold = thresholdOf(singular[0] as number);
  const shares = singular.filter((value) => value > threshold).map((value) => 1 - threshold / value);
  return { projector: projectorOf(vectors, shares, frames), rank: shares.length, threshold };
}

/** V·diag(shares)·Vᴴ over the first eigenvectors. */
function projectorOf(vectors: Float64Array, shares: readonly number[], n: number): Float64Array {
  const out = new Float64Array(2 * n * n);
  for (let s = 0; s < n; s++) {
    for (let t = 0; t < n; t++) {
      let re = 0;
      let im = 0;
      for (let j = 0; j < shares.length; j++) {
        const share = shares[j] as number;
        const ar = vectors[2 * (s * n + j)] as number;
        const ai = vectors[2 * (s * n + j) + 1] as number;
        const br = vectors[2 * (t * n + j)] as number;
        const bi = vectors[2 * (t * n + j) + 1] as number;
        re += share * (ar * br + ai * bi);
        im += share * (ai * br - ar * bi);
      }
      out[2 * (s * n + t)] = re;
      out[2 * (s * n + t) + 1] = im;
    }
  }
  return out;
}

/**
 * FISTA for ½‖A x − y‖² + g(x), given N = AᴴA with ‖N‖ ≤ 1, b = Aᴴy and the proximal map of g
 * (Beck and Teboulle, SIAM J Imaging Sci 2009;2:183, with step 1). That ‖N‖ ≤ 1 is not checked.
 */
import { throwIfCancelled, type AlgorithmStatus, type CancelSignal } from './status.ts';
import type { VectorSpace } from './vector-space.ts';

export interface FistaOptions {
  readonly iterations: number;
  /** Stops when ‖x⁺ − x‖ < tolerance · ‖x⁺‖; 0 runs all iterations. */
  readonly tolerance: number;
  readonly signal: CancelSignal;
}

/**
 * Improves `x` in place, one status an iteration; its `residual` is the relative change ‖x⁺ − x‖ / ‖x⁺‖. `shrink` applies the
 * proximal map in place and is told the iteration, so that it can vary its wavelet. Throws `job.cancelled`.
 */
export async function* fista<V>(
  space: VectorSpace<V>,
  normal: (x: V, out: V) => void,
  shrink: (x: V, iteration: number) => void,
  b: V,
  x: V,
  { iterations, tolerance, signal }: FistaOptions,
): AsyncGenerator<AlgorithmStatus, void> {
  const z = space.create();
  const next = space.create();
  try {
    space.combine(z, 1, x, 0, x);
    let t = 1;
    for (let iteration = 1; iteration <= iterations; iteration++) {
      throwIfCancelled(signal);
      // x⁺ = prox(z − (N z − b))
      normal(z, next);
      space.combine(next, -1, next, 1, z);
      space.combine(next, 1, next, 1, b);
      shrink(next, iteration);
      // z = x⁺ + (t − 1)/t⁺ (x⁺ − x)
      const following = (1 + Math.sqrt(1 + 4 * t * t)) / 2;
      space.combine(x, 1, next, -1, x);
      const change = space.dot(x, x);
      const size = space.dot(next, next);
      space.combine(z, 1, next, (t - 1) / following, x);
      space.combine(x, 1, next, 0, next);
      t = following;
      const residual = size === 0 ? 0 : Math.sqrt(change / size);
      yield { iteration, iterations, residual, get x() { return space.toArray(x); } };
      if (residual < tolerance) return;
    }
  } finally {
    for (const vector of [z, next]) space.free(vector);
  }
}

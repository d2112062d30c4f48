/**
 * Conjugate gradients for N x = b with N Hermitian and positive semi-definite (Hestenes and Stiefel 1952; Saad, Iterative
 * Methods for Sparse Linear Systems, 2nd ed., algorithm 6.18). That N is Hermitian is not checked.
 */
import { throwIfCancelled, type AlgorithmStatus, type CancelSignal } from './status.ts';
import type { VectorSpace } from './vector-space.ts';

export interface CgOptions {
  readonly iterations: number;
  /** Stops when ‖b − N x‖ < tolerance · ‖b‖. */
  readonly tolerance: number;
  readonly signal: CancelSignal;
}

/**
 * Improves `x` in place, one status an iteration; its `residual` is ‖b − N x‖ / ‖b‖ by recursion. `normal` writes N x into
 * its second argument. Throws `job.cancelled`.
 */
export async function* conjugateGradients<V>(
  space: VectorSpace<V>,
  normal: (x: V, out: V) => void,
  b: V,
  x: V,
  { iterations, tolerance, signal }: CgOptions,
): AsyncGenerator<AlgorithmStatus, void> {
  const target = space.dot(b, b);
  if (target === 0) {
    space.combine(x, 0, b, 0, b);
    return;
  }
  const r = space.create();
  const p = space.create();
  const image = space.create();
  try {
    normal(x, image);
    space.combine(r, 1, b, -1, image);
    space.combine(p, 1, r, 0, r);
    let rr = space.dot(r, r);
    for (let iteration = 1; iteration <= iterations && rr >= tolerance ** 2 * target; iteration++) {
      throwIfCancelled(signal);
      normal(p, image);
      const curvature = space.dot(p, image);
      // Rounding has exhausted the Krylov space, or p lies in the null space.
      if (!(curvature > 0)) return;
      const step = rr / curvature;
      space.combine(x, 1, x, step, p);
      space.combine(r, 1, r, -step, image);
      const before = rr;
      rr = space.dot(r, r);
      space.combine(p, 1, r, rr / before, p);
      yield { iteration, iterations, residual: Math.sqrt(rr / target), get x() { return space.toArray(x); } };
    }
  } finally {
    for (const vector of [r, p, image]) space.free(vector);
  }
}

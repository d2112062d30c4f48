/**
 * ADMM in scaled form for min f(x) + g(Kx): x ← argmin f(x) + ρ/2‖Kx − (v − u)‖², v ← prox_{g/ρ}(Kx + u), u ← u + Kx − v
 * (Boyd et al., Foundations and Trends in Machine Learning 2011;3:1, §3.1.1). That g is convex is not checked.
 */
import { throwIfCancelled, type AlgorithmStatus, type CancelSignal } from './status.ts';
import type { VectorSpace } from './vector-space.ts';

export interface Splitting<V> {
  /** The first step, in place: improves x towards the minimum. A few steps of an inner solver will do (§4.3). */
  improve(x: V): void | Promise<void>;
  /** The second and third step; v and u are the problem's own. */
  split(x: V): void;
}

export interface AdmmOptions {
  readonly iterations: number;
  /** Stops when ‖x⁺ − x‖ < tolerance · ‖x⁺‖; 0 runs all iterations. */
  readonly tolerance: number;
  readonly signal: CancelSignal;
}

/** Improves `x` in place, one status an iteration; its `residual` is the relative change ‖x⁺ − x‖ / ‖x⁺‖. Throws `job.cancelled`. */
export async function* admm<V>(space: VectorSpace<V>, problem: Splitting<V>, x: V, { iterations, tolerance, signal }: AdmmOptions): AsyncGenerator<AlgorithmStatus, void> {
  const before = space.create();
  try {
    for (let iteration = 1; iteration <= iterations; iteration++) {
      throwIfCancelled(signal);
      space.combine(before, 1, x, 0, x);
      await problem.improve(x);
      problem.split(x);
      space.combine(before, 1, x, -1, before);
      const size = space.dot(x, x);
      const residual = size === 0 ? 0 : Math.sqrt(space.dot(before, before) / size);
      yield { iteration, iterations, residual, get x() { return space.toArray(x); } };
      if (residual < tolerance) return;
    }
  } finally {
    space.free(before);
  }
}

/** Largest eigenvalue of a Hermitian positive semi-definite N by power iteration (Golub and Van Loan, 4th ed., 8.2.1). */
import { throwIfCancelled, type AlgorithmStatus, type CancelSignal } from './status.ts';
import type { VectorSpace } from './vector-space.ts';

export interface PowerIterationOptions {
  /** 15 give the norm of an imaging operator to about 1 %. */
  readonly iterations: number;
  readonly signal: CancelSignal;
}

/**
 * Turns `x` (not zero) into the eigenvector in place and returns the eigenvalue, that is ‖A‖² for N = AᴴA. A status'
 * `residual` is the relative change of the eigenvalue. A lower bound: how close depends on the gap to the next one.
 */
export async function* powerIteration<V>(
  space: VectorSpace<V>,
  normal: (x: V, out: V) => void,
  x: V,
  { iterations, signal }: PowerIterationOptions,
): AsyncGenerator<AlgorithmStatus, number> {
  const image = space.create();
  let eigenvalue = 0;
  try {
    space.combine(x, 1 / Math.sqrt(space.dot(x, x)), x, 0, x);
    for (let iteration = 1; iteration <= iterations; iteration++) {
      throwIfCancelled(signal);
      normal(x, image);
      const size = Math.sqrt(space.dot(image, image));
      if (size === 0) return 0;
      space.combine(x, 1 / size, image, 0, image);
      const residual = Math.abs(size - eigenvalue) / size;
      eigenvalue = size;
      yield { iteration, iterations, residual, get x() { return space.toArray(x); } };
    }
    return eigenvalue;
  } finally {
    space.free(image);
  }
}

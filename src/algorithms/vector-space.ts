/** What an iterative algorithm needs to know of its vectors, so that one text serves plain arrays and images in kernel memory. */
import type { NdArray } from '../array/nd-array.ts';

export interface VectorSpace<V> {
  /** A zero vector. */
  create(): V;
  free(vector: V): void;
  /** out = a·x + b·y, real a and b; `out` may be x or y. */
  combine(out: V, a: number, x: V, b: number, y: V): void;
  /** Re ⟨x, y⟩, summed in double precision in an order that is always the same. */
  dot(x: V, y: V): number;
  /** A copy. */
  toArray(vector: V): NdArray<'complex64'>;
}

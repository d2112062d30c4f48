/** Arrays in memory that threads share: a message hands them over without a copy. */
import type { NdArray } from './nd-array.ts';

/** The same values in shared memory. Whoever holds it must not write to it. */
export function shared<A extends NdArray<'complex64'> | NdArray<'float32'>>(array: A): A {
  const data = new Float32Array(new SharedArrayBuffer(array.data.byteLength));
  data.set(array.data);
  return { ...array, data };
}

/** complex64 arrays of one shape as a vector space, in plain TypeScript. */
import { zeros, type NdArray } from '../array/nd-array.ts';
import type { VectorSpace } from './vector-space.ts';

export function arraySpace(shape: readonly number[]): VectorSpace<NdArray<'complex64'>> {
  return {
    create: () => zeros('complex64', shape),
    free: () => undefined,
    combine(out, a, x, b, y) {
      for (let i = 0; i < out.data.length; i++) out.data[i] = a * (x.data[i] as number) + b * (y.data[i] as number);
    },
    dot(x, y) {
      let sum = 0;
      for (let i = 0; i < x.data.length; i++) sum += (x.data[i] as number) * (y.data[i] as number);
      return sum;
    },
    toArray: (vector) => ({ ...vector, data: vector.data.slice() }),
  };
}

import type { NdArray } from '../../array/nd-array.ts';
import { Random } from '../../random/xoshiro.ts';

/** The random shifts (down, right) that l1Wavelet draws for that seed, int64 [iterations, 2]. */
export function waveletShifts(seed: number, iterations: number, levels: number): NdArray<'int64'> {
  const random = new Random(seed);
  const data = BigInt64Array.from({ length: 2 * iterations }, () => BigInt(random.integer(2 ** levels)));
  return { dtype: 'int64', shape: [iterations, 2], data };
}

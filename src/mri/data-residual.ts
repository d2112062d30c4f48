/** How far an image is from the samples it was made of. */
import type { NdArray } from '../array/nd-array.ts';
import { senseOperator } from '../operators/sense.ts';
import type { SamplingPattern } from '../sampling/pattern.ts';

/** ‖mask·F·S·x − y‖ / ‖y‖; 0 where y is silent. `x` is [row, column], `y` and `maps` are [coil, row, column]. */
export function dataResidual(
  x: NdArray<'complex64'>,
  y: NdArray<'complex64'>,
  maps: NdArray<'complex64'>,
  pattern: SamplingPattern,
): number {
  const predicted = senseOperator(maps, pattern).apply(x).data;
  let difference = 0;
  let energy = 0;
  for (let i = 0; i < predicted.length; i++) {
    const sample = y.data[i] as number;
    difference += ((predicted[i] as number) - sample) ** 2;
    energy += sample ** 2;
  }
  return energy === 0 ? 0 : Math.sqrt(difference / energy);
}

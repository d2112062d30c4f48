/** How far an image is from the samples it was made of. */
import { zeros, type NdArray } from '../array/nd-array.ts';
import { senseOperator } from '../operators/sense.ts';
import type { SamplingPattern } from '../sampling/pattern.ts';
import { rootSumOfSquares } from './root-sum-of-squares.ts';

/** What the model says was measured: mask·F·Σ_s S_s·x_s, [coil, row, column]. `x` is [row, column] or, with sets of maps, [set, row, column]. */
export function predictSamples(x: NdArray<'complex64'>, maps: NdArray<'complex64'>, pattern: SamplingPattern): NdArray<'complex64'> {
  if (maps.shape.length === 3) return senseOperator(maps, pattern).apply(x);
  const [sets, ...shape] = maps.shape as [number, number, number, number];
  const sum = zeros('complex64', shape);
  for (let s = 0; s < sets; s++) {
    const part = senseOperator(plane(maps, sets, s, shape), pattern).apply(plane(x, sets, s, shape.slice(1)));
    for (let i = 0; i < sum.data.length; i++) sum.data[i] = (sum.data[i] as number) + (part.data[i] as number);
  }
  return sum;
}

function plane(stack: NdArray<'complex64'>, count: number, index: number, shape: readonly number[]): NdArray<'complex64'> {
  const size = stack.data.length / count;
  return { dtype: 'complex64', shape, data: stack.data.subarray(index * size, (index + 1) * size) };
}

/** ‖predicted − y‖ / ‖y‖; 0 where y is silent. Both of any one shape. */
export function relativeResidual(predicted: NdArray<'complex64'>, y: NdArray<'complex64'>): number {
  let difference = 0;
  let energy = 0;
  for (let i = 0; i < y.data.length; i++) {
    const sample = y.data[i] as number;
    difference += ((predicted.data[i] as number) - sample) ** 2;
    energy += sample ** 2;
  }
  return energy === 0 ? 0 : Math.sqrt(difference / energy);
}

/** |predicted − y| as root-sum-of-squares over coils: [coil, row, column] → [row, column]. Overwrites `predicted`. */
export function residualMap(predicted: NdArray<'complex64'>, y: NdArray<'complex64'>): NdArray<'float32'> {
  for (let i = 0; i < y.data.length; i++) predicted.data[i] = (predicted.data[i] as number) - (y.data[i] as number);
  return rootSumOfSquares(predicted);
}

/** ‖mask·F·S·x − y‖ / ‖y‖; 0 where y is silent. `y` is [coil, row, column]; x and maps as in predictSamples. */
export function dataResidual(
  x: NdArray<'complex64'>,
  y: NdArray<'complex64'>,
  maps: NdArray<'complex64'>,
  pattern: SamplingPattern,
): number {
  return relativeResidual(predictSamples(x, maps, pattern), y);
}

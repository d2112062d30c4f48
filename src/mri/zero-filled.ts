/** The image that k-space gives as it is: zeros where nothing was sampled, inverse transform, root-sum-of-squares. */
import type { NdArray } from '../array/nd-array.ts';
import { ifft2c } from '../transform/fft.ts';
import { rootSumOfSquares } from './root-sum-of-squares.ts';

/** [coil, row, column] → [row, column]. */
export function zeroFilled(kspace: NdArray<'complex64'>): NdArray<'float32'> {
  return rootSumOfSquares(ifft2c(kspace));
}

/** The image that k-space gives as it is: zeros where nothing was sampled, inverse transform, root-sum-of-squares. */
import type { NdArray } from '../array/nd-array.ts';
import { ifft2c } from '../transform/fft.ts';
import { zeroFilledLines } from './hybrid-lines.ts';
import type { MriMeasurement } from './measurement.ts';
import { rootSumOfSquares } from './root-sum-of-squares.ts';

/** [coil, row, column] → [row, column]. */
export function zeroFilled(kspace: NdArray<'complex64'>): NdArray<'float32'> {
  return rootSumOfSquares(ifft2c(kspace));
}

/** The same of a Cartesian measurement. Of lines, what does not depend on the pattern is kept with the recorded slice: half of the work. */
export function zeroFilledOf(measurement: Pick<MriMeasurement, 'kspace' | 'pattern' | 'recorded'>): NdArray<'float32'> {
  const { pattern, recorded } = measurement;
  return pattern.kind === 'lines' && recorded !== undefined ? zeroFilledLines(recorded, pattern.mask) : zeroFilled(measurement.kspace);
}

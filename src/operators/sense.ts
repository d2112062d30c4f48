import type { NdArray } from '../array/nd-array.ts';
import type { SamplingPattern } from '../sampling/pattern.ts';
import { coils } from './coils.ts';
import { compose } from './compose.ts';
import { fourier } from './fourier.ts';
import type { LinearOperator } from './linear-operator.ts';
import { mask } from './mask.ts';

/** A = Mask · Fourier · Coils (Pruessmann et al., Magn Reson Med 2001;46:638): image [row, column] → k-space [coil, row, column]. */
export function senseOperator(maps: NdArray<'complex64'>, pattern: SamplingPattern): LinearOperator {
  return compose(mask(pattern, maps.shape[0] as number), fourier(maps.shape), coils(maps));
}

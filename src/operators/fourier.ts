import { fft2c, ifft2c } from '../transform/fft.ts';
import type { LinearOperator } from './linear-operator.ts';

/** Centred orthonormal transform over the last two axes of `shape`; unitary. */
export function fourier(shape: readonly number[]): LinearOperator {
  return { name: 'Fourier', domain: shape, range: shape, apply: fft2c, adjoint: ifft2c };
}

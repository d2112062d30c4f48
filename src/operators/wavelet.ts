import { zeros, type NdArray } from '../array/nd-array.ts';
import { dwt2, idwt2, paddedLength, type WaveletOptions } from '../transform/wavelet.ts';
import type { LinearOperator } from './linear-operator.ts';

/** Orthonormal wavelet transform of an image [rows, columns]; the range is the padded size. */
export function wavelet(rows: number, columns: number, options: WaveletOptions): LinearOperator {
  const domain = [rows, columns];
  const range = [paddedLength(rows, options.levels), paddedLength(columns, options.levels)];
  return {
    name: `Wavelet ${options.wavelet}`,
    domain,
    range,
    apply: (x, out = zeros('complex64', range)) => copied(dwt2(x, options), out),
    adjoint: (y, out = zeros('complex64', domain)) => copied(idwt2(y, rows, columns, options), out),
  };
}

function copied(from: NdArray<'complex64'>, to: NdArray<'complex64'>): NdArray<'complex64'> {
  to.data.set(from.data);
  return to;
}

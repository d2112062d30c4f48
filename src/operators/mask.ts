import { zeros, type NdArray } from '../array/nd-array.ts';
import type { SamplingPattern } from '../sampling/pattern.ts';
import type { LinearOperator } from './linear-operator.ts';

/** Keeps the samples of `pattern` in each coil of k-space [coil, row, column], zeroes the others; a projection. */
export function mask(pattern: Pick<SamplingPattern, 'kind' | 'rows' | 'columns' | 'mask'>, coilCount: number): LinearOperator {
  const { kind, rows, columns } = pattern;
  const shape = [coilCount, rows, columns];
  const period = kind === 'lines' ? columns : rows * columns;
  const keep = (x: NdArray<'complex64'>, out = zeros('complex64', shape)): NdArray<'complex64'> => {
    for (let i = 0; i < out.data.length; i++) out.data[i] = pattern.mask[(i >> 1) % period] === 0 ? 0 : (x.data[i] as number);
    return out;
  };
  return { name: 'Mask', domain: shape, range: shape, apply: keep, adjoint: keep };
}

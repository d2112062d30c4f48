import { zeros, type NdArray } from '../array/nd-array.ts';
import type { LinearOperator } from './linear-operator.ts';

/** Image [row, column] times each map → coil images [coil, row, column]; the adjoint sums conj(map) · coil image. */
export function coils(maps: NdArray<'complex64'>): LinearOperator {
  const [count, ...shape] = maps.shape as [number, ...number[]];
  const size = maps.data.length / count;
  return {
    name: 'Coils',
    domain: shape,
    range: maps.shape,
    apply(x, out = zeros('complex64', maps.shape)) {
      for (let c = 0; c < count; c++) {
        multiply(x.data, maps.data.subarray(c * size, (c + 1) * size), out.data.subarray(c * size, (c + 1) * size));
      }
      return out;
    },
    adjoint(y, out = zeros('complex64', shape)) {
      out.data.fill(0);
      for (let c = 0; c < count; c++) {
        addConjugate(y.data.subarray(c * size, (c + 1) * size), maps.data.subarray(c * size, (c + 1) * size), out.data);
      }
      return out;
    },
  };
}

/** out = x · s, interleaved complex. */
export function multiply(x: Float32Array, s: Float32Array, out: Float32Array): void {
  for (let i = 0; i < out.length; i += 2) {
    const xr = x[i] as number;
    const xi = x[i + 1] as number;
    const sr = s[i] as number;
    const si = s[i + 1] as number;
    out[i] = xr * sr - xi * si;
    out[i + 1] = xr * si + xi * sr;
  }
}

/** out += conj(s) · y, interleaved complex. */
export function addConjugate(y: Float32Array, s: Float32Array, out: Float32Array): void {
  for (let i = 0; i < out.length; i += 2) {
    const yr = y[i] as number;
    const yi = y[i + 1] as number;
    const sr = s[i] as number;
    const si = s[i + 1] as number;
    out[i] = (out[i] as number) + yr * sr + yi * si;
    out[i + 1] = (out[i + 1] as number) + yi * sr - yr * si;
  }
}

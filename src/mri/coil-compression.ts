/**
 * SVD coil compression: the C channels are turned into the V combinations that hold the most energy of the calibration
 * samples (Buehrer et al., Magn Reson Med 2007;57:1131; Huang et al., Magn Reson Imaging 2008;26:133).
 */
import type { NdArray } from '../array/nd-array.ts';
import { zeros } from '../array/nd-array.ts';
import type { SamplingPattern } from '../sampling/pattern.ts';
import { hermitianEigen } from './hermitian-eigen.ts';

export interface CoilCompression {
  /** [virtual, coil]: rows are orthonormal, z = matrix · y. */
  readonly matrix: NdArray<'complex64'>;
  /** Share of the calibration energy that is kept, 0–1. */
  readonly kept: number;
}

/**
 * The compression to `virtual` ≤ C coils. `kspace` is [coil, row, column]; only samples inside `centre` are looked at.
 * A silent centre keeps the first channels as they are.
 */
export function findCoilCompression(kspace: NdArray<'complex64'>, centre: SamplingPattern['centre'], virtual: number): CoilCompression {
  const coils = kspace.shape[0] as number;
  const { values, vectors } = hermitianEigen(covariance(kspace, centre), coils);
  const matrix = zeros('complex64', [virtual, coils]);
  for (let v = 0; v < virtual; v++) {
    for (let c = 0; c < coils; c++) {
      // z = Uᴴ y: the conjugate of eigenvector v.
      matrix.data[2 * (v * coils + c)] = vectors[2 * (c * coils + v)] as number;
      matrix.data[2 * (v * coils + c) + 1] = -(vectors[2 * (c * coils + v) + 1] as number);
    }
  }
  const sum = (part: Float64Array) => part.reduce((total, value) => total + value, 0);
  const total = sum(values);
  return { matrix, kept: total > 0 ? sum(values.subarray(0, virtual)) / total : 1 };
}

/** z = matrix · y for every sample: [coil, row, column] → [virtual, row, column]. */
export function compressCoils(kspace: NdArray<'complex64'>, { matrix }: CoilCompression): NdArray<'complex64'> {
  const [coils, rows, columns] = kspace.shape as [number, number, number];
  const virtual = matrix.shape[0] as number;
  const out = zeros('complex64', [virtual, rows, columns]);
  const plane = 2 * rows * columns;
  const measured = measuredSamples(kspace.data, plane);
  for (let v = 0; v < virtual; v++) {
    const z = out.data.subarray(v * plane, (v + 1) * plane);
    for (let c = 0; c < coils; c++) {
      const mr = matrix.data[2 * (v * coils + c)] as number;
      const mi = matrix.data[2 * (v * coils + c) + 1] as number;
      addScaled(z, kspace.data.subarray(c * plane, (c + 1) * plane), measured, mr, mi);
    }
  }
  return out;
}

/** Offsets within a plane at which any coil has a value: an undersampled k-space is mostly zero. */
function measuredSamples(y: Float32Array, plane: number): Uint32Array {
  const offsets = new Uint32Array(plane / 2);
  let count = 0;
  for (let i = 0; i < plane; i += 2) {
    let silent = true;
    for (let at = i; at < y.length && silent; at += plane) silent = y[at] === 0 && y[at + 1] === 0;
    if (!silent) offsets[count++] = i;
  }
  return offsets.subarray(0, count);
}

/** z ← z + m·y at the given offsets. */
function addScaled(z: Float32Array, y: Float32Array, offsets: Uint32Array, mr: number, mi: number): void {
  for (let n = 0; n < offsets.length; n++) {
    const i = offsets[n] as number;
    const yr = y[i] as number;
    const yi = y[i + 1] as number;
    z[i] = (z[i] as number) + mr * yr - mi * yi;
    z[i + 1] = (z[i + 1] as number) + mr * yi + mi * yr;
  }
}

/** Σ y yᴴ over the centre, C×C, in float64. */
function covariance(kspace: NdArray<'complex64'>, centre: SamplingPattern['centre']): Float64Array {
  const [coils, rows, columns] = kspace.shape as [number, number, number];
  const out = new Float64Array(2 * coils * coils);
  const y = kspace.data;
  for (let p = 0; p < coils; p++) {
    for (let q = p; q < coils; q++) {
      let re = 0;
      let im = 0;
      for (let r = centre.rows[0]; r < centre.rows[1]; r++) {
        for (let c = centre.columns[0]; c < centre.columns[1]; c++) {
          const i = 2 * ((p * rows + r) * columns + c);
          const j = 2 * ((q * rows + r) * columns + c);
          re += (y[i] as number) * (y[j] as number) + (y[i + 1] as number) * (y[j + 1] as number);
          im += (y[i + 1] as number) * (y[j] as number) - (y[i] as number) * (y[j + 1] as number);
        }
      }
      out.set([re, im], 2 * (p * coils + q));
      out.set([re, -im], 2 * (q * coils + p));
    }
  }
  return out;
}

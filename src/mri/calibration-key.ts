/** Names the samples that calibration looks at by their content, so that maps are computed once while other samples come and go. */
import type { NdArray } from '../array/nd-array.ts';
import type { SamplingPattern } from '../sampling/pattern.ts';
import { calibrationBlock } from './coil-maps.ts';

/** The calibration block as index ranges [start, end). */
export function calibrationRange(shape: readonly [number, number], centre: SamplingPattern['centre']): SamplingPattern['centre'] {
  const block = calibrationBlock(shape, centre);
  const range = (n: number, count: number): [number, number] => {
    const start = Math.floor(n / 2) - Math.floor(count / 2);
    return [start, start + count];
  };
  return { rows: range(shape[0], block.rows), columns: range(shape[1], block.columns) };
}

/** Equal for equal shapes and equal bits inside `centre`; two 32-bit FNV-1a hashes over the values' bits. */
export function calibrationKey(kspace: NdArray<'complex64'>, centre: SamplingPattern['centre']): string {
  const [coils, rows, columns] = kspace.shape as [number, number, number];
  const bits = new Uint32Array(kspace.data.buffer, kspace.data.byteOffset, kspace.data.length);
  let a = 0x811c9dc5;
  let b = 0x01000193;
  for (let c = 0; c < coils; c++) {
    for (let r = centre.rows[0]; r < centre.rows[1]; r++) {
      const start = 2 * ((c * rows + r) * columns + centre.columns[0]);
      const end = 2 * ((c * rows + r) * columns + centre.columns[1]);
      for (let i = start; i < end; i++) {
        const value = bits[i] as number;
        a = Math.imul(a ^ value, 0x01000193);
        b = Math.imul(b ^ (value >>> 15) ^ (value << 17), 0x85ebca6b);
      }
    }
  }
  return [...kspace.shape, ...centre.rows, ...centre.columns, a >>> 0, b >>> 0].join('.');
}

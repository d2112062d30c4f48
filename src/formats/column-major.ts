/** [slice, row, column] with the row fastest, as BART and MATLAB store arrays: row + R (column + C slice). */
import { isComplexDType, type NdArray, zeros } from '../array/nd-array.ts';

/** Shape [slice, column, row]; the values are copied. */
export function columnMajor<D extends 'float32' | 'complex64'>(volume: NdArray<D>): NdArray<D> {
  const [slices, rows, columns] = volume.shape as [number, number, number];
  const out = zeros(volume.dtype, [slices, columns, rows]);
  const per = isComplexDType(volume.dtype) ? 2 : 1;
  const source = volume.data as Float32Array;
  const target = out.data as Float32Array;
  for (let slice = 0, to = 0; slice < slices; slice++) {
    for (let column = 0; column < columns; column++) {
      for (let row = 0; row < rows; row++) {
        for (let p = 0; p < per; p++) target[to++] = source[((slice * rows + row) * columns + column) * per + p] as number;
      }
    }
  }
  return out;
}

import { zeros, type NdArray } from '../../src/array/nd-array.ts';

/** [..., row, column] turned about the origin ⌊n/2⌋ of both axes: the transform of a mirrored image is the mirrored transform. */
export function mirrored(x: NdArray<'complex64'>): NdArray<'complex64'> {
  const [rows, columns] = x.shape.slice(-2) as [number, number];
  const opposite = (i: number, n: number): number => (2 * Math.floor(n / 2) - i + n) % n;
  const out = zeros('complex64', x.shape);
  for (let i = 0; i < x.data.length / 2; i++) {
    const row = Math.floor(i / columns) % rows;
    const to = i - (i % (rows * columns)) + opposite(row, rows) * columns + opposite(i % columns, columns);
    out.data.set(x.data.subarray(2 * i, 2 * i + 2), 2 * to);
  }
  return out;
}

import type { NdArray } from '../../src/array/nd-array.ts';
import { mask } from '../../src/operators/mask.ts';
import { describePattern } from '../../src/sampling/describe.ts';

/** The central `size`×`size` samples of k-space [coil, row, column], ⌊n/2⌋ − size/2 onwards; zero elsewhere. */
export function blockOf(kspace: NdArray<'complex64'>, size: number): NdArray<'complex64'> {
  const [coils, rows, columns] = kspace.shape as [number, number, number];
  const near = (i: number, n: number): boolean => Math.abs(i - Math.floor(n / 2) + 0.5) < size / 2;
  const block = Uint8Array.from({ length: rows * columns }, (_, i) => (near(Math.floor(i / columns), rows) && near(i % columns, columns) ? 1 : 0));
  return mask(describePattern({ kind: 'points', rows, columns, mask: block }), coils).apply(kspace);
}

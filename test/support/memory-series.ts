/** A series that is made of arrays in memory and counts how often it is read. */
import type { NdArray } from '../../src/array/nd-array.ts';
import type { Series } from '../../src/array/recording.ts';
import { randomComplex } from './random-array.ts';

export interface MemorySeries extends Series {
  readonly reads: number[];
}

/** `slices` of random [coil, row, column] k-space, or whatever `change` makes of it. */
export function memorySeries(shape: readonly [slices: number, coils: number, rows: number, columns: number], change: Partial<Series> = {}): MemorySeries {
  const [slices, coils, rows, columns] = shape;
  const data = Array.from({ length: slices }, (_, slice): NdArray<'complex64'> => randomComplex([coils, rows, columns], slice + 1));
  const reads: number[] = [];
  return {
    id: 'k',
    title: 'random',
    domain: 'kspace',
    dtype: 'complex64',
    axes: [
      { name: 'slice', length: slices },
      { name: 'coil', length: coils },
      { name: 'row', length: rows },
      { name: 'column', length: columns },
    ],
    slices,
    coils,
    rows,
    columns,
    output: { rows, columns },
    attributes: [],
    reads,
    async read(slice) {
      reads.push(slice);
      return data[slice] as NdArray<'complex64'>;
    },
    ...change,
  };
}

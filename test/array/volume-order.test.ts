import { describe, expect, it } from 'vitest';
import { flattened, leadingAxes, unflattened, volumeOrder } from '../../src/array/volume-order.ts';

const axes = (...pairs: readonly (readonly [string, number])[]) => [...pairs, ['coil', 8], ['row', 4], ['column', 4]].map(([name, length]) => ({ name: name as string, length: length as number }));

describe('leading axes', () => {
  it('are all but coil, row and column', () => {
    expect(leadingAxes(axes(['echo', 3], ['slice', 5])).map(({ name }) => name)).toEqual(['echo', 'slice']);
  });

  it('flatten in C order and back', () => {
    expect(unflattened(13, [3, 5])).toEqual([2, 3]);
    for (let i = 0; i < 30; i++) expect(flattened(unflattened(i, [2, 3, 5]), [2, 3, 5])).toBe(i);
  });
});

describe('volumes of a series', () => {
  it('are one after the other where the slice axis is the fastest', () => {
    expect(volumeOrder(axes(['echo', 2], ['slice', 3]), [0, 6])).toEqual({ slices: 3, volumes: 2, order: [0, 1, 2, 3, 4, 5], places: [0, 1, 2, 0, 1, 2] });
  });

  it('are gathered where it is the slowest', () => {
    expect(volumeOrder(axes(['slice', 3], ['echo', 2]), [0, 6])).toEqual({ slices: 3, volumes: 2, order: [0, 2, 4, 1, 3, 5], places: [0, 1, 2, 0, 1, 2] });
  });

  it('count partitions of slabs as slices', () => {
    expect(volumeOrder(axes(['slice', 2], ['frame', 2], ['partition', 2]), [0, 8]).order).toEqual([0, 1, 4, 5, 2, 3, 6, 7]);
  });

  it('keep where a part of the slices lies', () => {
    expect(volumeOrder(axes(['slice', 9]), [4, 7])).toEqual({ slices: 3, volumes: 1, order: [4, 5, 6], places: [4, 5, 6] });
  });

  it('stay a stack where the range cuts a volume, or the axes say nothing', () => {
    expect(volumeOrder(axes(['echo', 2], ['slice', 3]), [1, 5])).toEqual({ slices: 4, volumes: 1, order: [1, 2, 3, 4], places: [0, 1, 2, 3] });
    expect(volumeOrder([], [2, 5])).toEqual({ slices: 3, volumes: 1, order: [2, 3, 4], places: [0, 1, 2] });
  });

  it('of frames alone have one slice', () => {
    expect(volumeOrder(axes(['frame', 4]), [0, 4])).toMatchObject({ slices: 1, volumes: 4 });
  });
});

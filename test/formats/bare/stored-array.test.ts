import { describe, expect, it } from 'vitest';
import { cStrides, fortranStrides, stridedArray } from '../../../src/formats/bare/stored-array.ts';
import type { ByteSource } from '../../../src/formats/reader.ts';

/** A source of float32 values that equal their index, which remembers what was read of it. */
function counting(count: number): { source: ByteSource; requests: [number, number][] } {
  const values = Float32Array.from({ length: count }, (_, i) => i);
  const requests: [number, number][] = [];
  const source: ByteSource = {
    name: 'values',
    size: 4 * count,
    async read(offset, length) {
      requests.push([offset, length]);
      return new Uint8Array(values.buffer, offset, Math.max(0, Math.min(length, 4 * count - offset)));
    },
    async close() {},
  };
  return { source, requests };
}

const element = { dtype: 'float32', bytes: 4, bigEndian: false, half: false } as const;

describe('stridedArray', () => {
  it.each([['C', cStrides], ['Fortran', fortranStrides]] as const)('reads boxes in %s order', async (_, stridesOf) => {
    const shape = [3, 4, 5, 6];
    const strides = stridesOf(shape);
    const { source } = counting(360);
    const array = stridedArray({ source, byteOffset: 0, element, shape, strides });
    const [offset, count] = [[1, 0, 2, 1], [2, 4, 2, 3]];
    const expected: number[] = [];
    for (let a = 0; a < 2; a++) for (let b = 0; b < 4; b++) for (let c = 0; c < 2; c++) for (let d = 0; d < 3; d++) {
      expected.push([a, b, c, d].reduce((sum, i, axis) => sum + (i + (offset[axis] as number)) * (strides[axis] as number), 0));
    }
    const box = await array.readBox(offset, count);
    expect(box.shape).toEqual(count);
    expect([...box.data]).toEqual(expected);
  });

  it('reads a slice that lies together in one request, and no more than that', async () => {
    const { source, requests } = counting(8 * 100 * 100);
    const array = stridedArray({ source, byteOffset: 0, element, shape: [8, 100, 100], strides: cStrides([8, 100, 100]) });
    await array.readBox([5, 0, 0], [1, 100, 100]);
    expect(requests).toEqual([[4 * 50_000, 4 * 10_000]]);
  });

  it('passes over what lies between the parts of a slice where that is much', async () => {
    const shape = [4, 200_000, 2];
    const { source, requests } = counting(4 * 400_000);
    // The second of two blocks in each of four parts.
    const array = stridedArray({ source, byteOffset: 0, element, shape, strides: [400_000, 1, 200_000] });
    const { data } = await array.readBox([0, 0, 1], [4, 100, 1]);
    expect(requests).toEqual([0, 1, 2, 3].map((part) => [4 * (part * 400_000 + 200_000), 400]));
    expect([data[0], data[399]]).toEqual([200_000, 3 * 400_000 + 200_099]);
  });

  it('takes no more than eight megabytes at a time', async () => {
    const { source, requests } = counting(6_000_000);
    const array = stridedArray({ source, byteOffset: 0, element, shape: [6_000_000], strides: [1] });
    const { data } = await array.readBox([0], [6_000_000]);
    expect(Math.max(...requests.map(([, length]) => length))).toBeLessThanOrEqual(8 * 1024 * 1024);
    expect([data[1], data[5_999_999]]).toEqual([1, 5_999_999]);
  });

  it('names the file where it became shorter', async () => {
    const { source } = counting(10);
    const array = stridedArray({ source, byteOffset: 0, element, shape: [20], strides: [1] });
    await expect(array.readBox([0], [20])).rejects.toMatchObject({ code: 'input.truncated', file: 'values' });
  });
});

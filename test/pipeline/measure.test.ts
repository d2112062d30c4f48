import { describe, expect, it } from 'vitest';
import { ndArray, zeros } from '../../src/array/nd-array.ts';
import { logMagnitude, measure } from '../../src/pipeline/measure.ts';
import { describePattern } from '../../src/sampling/describe.ts';
import { randomComplex } from '../support/random-array.ts';

const output = { output: { rows: 4, columns: 6 } };

describe('measure', () => {
  it('keeps the samples of the lines, zeroes the others and leaves the recording alone', () => {
    const kspace = randomComplex([2, 4, 6]);
    const before = kspace.data.slice();
    const pattern = describePattern({ kind: 'lines', rows: 4, columns: 6, mask: Uint8Array.of(1, 0, 0, 1, 0, 0) });
    const { kspace: seen } = measure(kspace, pattern, output);
    seen.data.forEach((value, i) => {
      const column = Math.floor(i / 2) % 6;
      expect(value).toBe(column === 0 || column === 3 ? before[i] : 0);
    });
    expect(kspace.data).toEqual(before);
  });

  it('keeps the samples of the points, the same in every coil', () => {
    const kspace = randomComplex([3, 4, 6]);
    const mask = new Uint8Array(24);
    mask[7] = 1;
    const { kspace: seen } = measure(kspace, describePattern({ kind: 'points', rows: 4, columns: 6, mask }), output);
    const kept = [...seen.data.keys()].filter((i) => seen.data[i] !== 0);
    expect(kept).toEqual([14, 15, 62, 63, 110, 111]);
  });

  it('refuses a pattern of another size', () => {
    const pattern = describePattern({ kind: 'lines', rows: 4, columns: 5, mask: new Uint8Array(5).fill(1) });
    expect(() => measure(randomComplex([1, 4, 6]), pattern, output)).toThrow(expect.objectContaining({ code: 'input.mismatch', field: 'pattern' }));
  });
});

describe('logMagnitude', () => {
  it('is log10 of the root-sum-of-squares over coils, zeros at the smallest value there is', () => {
    const kspace = ndArray('complex64', [2, 1, 3], Float32Array.of(6, 0, 0, 0, 0, 0.1, 0, 8, 0, 0, 0, 0));
    const view = logMagnitude(kspace);
    expect(view.shape).toEqual([1, 3]);
    for (const [i, expected] of [1, -1, -1].entries()) expect(view.data[i]).toBeCloseTo(expected, 5);
  });

  it('of nothing but zeros is flat', () => {
    expect([...logMagnitude(zeros('complex64', [1, 2, 2])).data]).toEqual([0, 0, 0, 0]);
  });
});

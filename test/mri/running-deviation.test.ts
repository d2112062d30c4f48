import { describe, expect, it } from 'vitest';
import { RunningDeviation } from '../../src/mri/running-deviation.ts';

const image = (...values: number[]) => ({ dtype: 'float32' as const, shape: [values.length], data: Float32Array.from(values) });

describe('RunningDeviation', () => {
  it('gives mean and sample standard deviation (numpy.std with ddof=1)', () => {
    const spread = new RunningDeviation([2]);
    for (const values of [[1, 1000], [2, 1000.5], [4, 1001], [9, 1003]] as const) spread.add(image(...values));
    expect([...spread.mean().data]).toEqual([4, 1001.125]);
    expect(spread.deviation().data[0]).toBeCloseTo(3.5590260840104366, 6);
    expect(spread.deviation().data[1]).toBeCloseTo(1.3149778198382918, 6);
  });

  it('is zero for one image and for equal ones', () => {
    const spread = new RunningDeviation([1]);
    spread.add(image(5));
    expect(spread.deviation().data[0]).toBe(0);
    spread.add(image(5));
    expect(spread.deviation().data[0]).toBe(0);
  });
});

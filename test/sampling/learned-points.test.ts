import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inclusionProbabilities, sampleBudget } from '../../src/sampling/learned-density.ts';
import type { LearnedPoints } from '../../src/sampling/learned-file.ts';
import { learnedPoints } from '../../src/sampling/learned-points.ts';

const side = 17;
const logits = Array.from({ length: side }, (_, r) => Array.from({ length: side }, (_, c) => -2 * Math.log(Math.hypot((r - 8) / 16, (c - 8) / 16) + 0.05)));
const design: LearnedPoints = { name: 'r8', acceleration: 8, centreFraction: 0.07, mirror: 0.5, logits };
const count = (mask: Uint8Array): number => mask.reduce((sum, flag) => sum + flag, 0);

describe('learned points', () => {
  it('number exactly round(R·C/R), with the centre and DC, the same each time', () => {
    const settings = fc.record({ rows: fc.integer({ min: 16, max: 70 }), columns: fc.integer({ min: 16, max: 70 }), acceleration: fc.double({ min: 1.5, max: 16, noNaN: true }) });
    fc.assert(
      fc.property(settings, ({ rows, columns, acceleration }) => {
        const mask = learnedPoints(rows, columns, acceleration, design);
        expect(count(mask)).toBe(sampleBudget(rows * columns, acceleration));
        const dc = Math.floor(rows / 2) * columns + Math.floor(columns / 2);
        expect([mask[dc], mask[dc - 1], mask[dc + 1], mask[dc + columns]]).toEqual([1, 1, 1, 1]);
        expect(learnedPoints(rows, columns, acceleration, design)).toEqual(mask);
      }),
      { numRuns: 25, seed: 3 },
    );
  });

  it('follow the density', () => {
    // exp(logit) falls e⁻³-fold from the first column to the last, and is the same in all rows.
    const sloped = { ...design, centreFraction: 0, mirror: 0, logits: [[0, -3], [0, -3]] };
    const size = 128;
    const mask = learnedPoints(size, size, 8, sloped);
    const weights = Float64Array.from({ length: size * size }, (_, i) => Math.exp((-3 * (i % size)) / size));
    const quarters = (values: ArrayLike<number>): number[] => {
      const sums = [0, 0, 0, 0];
      for (let i = 0; i < values.length; i++) {
        const quarter = Math.floor((4 * (i % size)) / size);
        sums[quarter] = (sums[quarter] as number) + (values[i] as number);
      }
      return sums;
    };
    const expected = quarters(inclusionProbabilities(weights, (size * size) / 8));
    const found = quarters(mask);
    for (let quarter = 0; quarter < 4; quarter++) {
      expect(Math.abs((found[quarter] as number) / (expected[quarter] as number) - 1), `quarter ${quarter}`).toBeLessThan(0.25);
    }
  });

  it('of an even density keep their distance', () => {
    const flat = { ...design, mirror: 0, logits: [[0, 0], [0, 0]] };
    const size = 96;
    const mask = learnedPoints(size, size, 8, flat);
    const points = [...mask.keys()].filter((i) => mask[i] === 1).map((i) => [Math.floor(i / size), i % size] as const);
    // Outside the centre block of 7: 8 grid points each, so that darts stay about 0.6 · √8 = 1.7 apart.
    const outside = points.filter(([r, c]) => Math.max(Math.abs(r - 48), Math.abs(c - 48)) > 5);
    let nearest = Infinity;
    for (const [i, [r, c]] of outside.entries()) for (const [y, x] of outside.slice(i + 1)) nearest = Math.min(nearest, Math.hypot(r - y, c - x));
    expect(outside.length).toBeGreaterThan(1000);
    expect(nearest).toBeGreaterThanOrEqual(Math.SQRT2);
  });

  it('keep away from the mirror images of others', () => {
    const size = 96;
    const pairs = (mirror: number): number => {
      const mask = learnedPoints(size, size, 8, { ...design, mirror });
      let found = 0;
      for (let r = 1; r < size; r++) {
        for (let c = 1; c < size; c++) {
          if (Math.max(Math.abs(r - 48), Math.abs(c - 48)) > 28 && mask[r * size + c] === 1 && mask[(size - r) * size + size - c] === 1) found++;
        }
      }
      return found;
    };
    expect(pairs(0)).toBeGreaterThan(10);
    expect(pairs(0.5)).toBe(0);
  });

  it('are acquired ones alone, all of them where there are fewer', () => {
    const isAcquired = (point: number): boolean => point % 5 !== 0;
    const mask = learnedPoints(60, 70, 4, design, isAcquired);
    expect(count(mask)).toBe(1050);
    mask.forEach((flag, i) => {
      if (flag === 1) expect(isAcquired(i)).toBe(true);
    });
    expect(count(learnedPoints(60, 70, 2, design, (point) => point % 10 === 0))).toBe(420);
  });

  it('refuse more than 2²² points', () => {
    expect(() => learnedPoints(4096, 4096, 8, design)).toThrow(/at most 2²²/);
  });
});

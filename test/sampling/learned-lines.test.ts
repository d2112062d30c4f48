import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inclusionProbabilities, learnedCentre, sampleBudget } from '../../src/sampling/learned-density.ts';
import { learnedFamily } from '../../src/sampling/learned-family.ts';
import type { LearnedFamily, LearnedLines } from '../../src/sampling/learned-file.ts';
import { learnedLines } from '../../src/sampling/learned-lines.ts';

interface Fixture {
  readonly knots: number[];
  readonly centreFraction: number;
  readonly offset: number;
  readonly mirror: number;
  readonly cases: readonly { columns: number; acceleration: number; design: number[]; family: number[] }[];
}
const fixture = JSON.parse(readFileSync(new URL('../fixtures/learned-lines.json', import.meta.url), 'utf8')) as Fixture;
const { knots, centreFraction, offset, mirror } = fixture;
const design: LearnedLines = { name: 'r8', acceleration: 8, centreFraction, offset, logits: knots };
const family: LearnedFamily = { acceleration: [3, 12], centreFraction, mirror, logits: knots };

const indices = (mask: Uint8Array): number[] => [...mask.keys()].filter((k) => mask[k] === 1);
const count = (mask: Uint8Array): number => mask.reduce((sum, flag) => sum + flag, 0);

const anyKnots = fc.array(fc.double({ min: -20, max: 20, noNaN: true }), { minLength: 2, maxLength: 70 });
const settings = fc.record({
  columns: fc.integer({ min: 16, max: 640 }),
  acceleration: fc.double({ min: 1.5, max: 16, noNaN: true }),
  logits: fc.oneof(fc.constant(knots), anyKnots),
  offset: fc.double({ min: 0, max: 1, noNaN: true }),
  centreFraction: fc.double({ min: 0, max: 0.2, noNaN: true }),
});

describe('learned lines', () => {
  it('are those of the training workshop', () => {
    for (const { columns, acceleration, design: lines, family: ranked } of fixture.cases) {
      expect(indices(learnedLines(columns, acceleration, design)), `design ${columns} ${acceleration}`).toEqual(lines);
      expect(indices(learnedFamily(columns, acceleration, family)), `family ${columns} ${acceleration}`).toEqual(ranked);
    }
  });

  it('number exactly round(N/R), with the centre whole and DC kept, whatever the density', () => {
    fc.assert(
      fc.property(settings, ({ columns, acceleration, logits, ...rest }) => {
        const kept = sampleBudget(columns, acceleration);
        const masks = [
          learnedLines(columns, acceleration, { ...design, ...rest, logits }),
          learnedFamily(columns, acceleration, { ...family, centreFraction: rest.centreFraction, logits }),
        ];
        for (const mask of masks) {
          expect(mask.length).toBe(columns);
          expect(count(mask)).toBe(kept);
          const centre = learnedCentre(columns, rest.centreFraction, kept);
          const start = Math.floor(columns / 2) - Math.floor(centre / 2);
          expect(mask.subarray(start, start + centre)).toEqual(new Uint8Array(centre).fill(1));
          expect(mask[Math.floor(columns / 2)]).toBe(1);
        }
      }),
      { numRuns: 120, seed: 1 },
    );
  });

  it('of all sizes from 16 to 640 keep the budget', () => {
    for (let columns = 16; columns <= 640; columns += 1) {
      const acceleration = 1.5 + ((columns * 7) % 146) / 10;
      expect(count(learnedLines(columns, acceleration, design))).toBe(Math.round(columns / acceleration));
      if (columns % 8 === 0) expect(count(learnedFamily(columns, acceleration, family))).toBe(Math.round(columns / acceleration));
    }
  });

  it('of the family at a higher acceleration are among those at any lower one', () => {
    const pair = fc.tuple(fc.double({ min: 1.5, max: 16, noNaN: true }), fc.double({ min: 1.5, max: 16, noNaN: true }));
    fc.assert(
      fc.property(fc.integer({ min: 16, max: 640 }), pair, fc.oneof(fc.constant(knots), anyKnots), (columns, [a, b], logits) => {
        const few = learnedFamily(columns, Math.max(a, b), { ...family, logits });
        const many = learnedFamily(columns, Math.min(a, b), { ...family, logits });
        few.forEach((flag, k) => {
          if (flag === 1) expect(many[k]).toBe(1);
        });
      }),
      { numRuns: 100, seed: 2 },
    );
  });

  it('are spread in the density: gaps outside the centre grow evenly, and differ little from one to the next', () => {
    const lines = indices(learnedLines(320, 6, design));
    const gaps = lines.slice(1).map((k, i) => k - (lines[i] as number));
    for (let i = 1; i < gaps.length; i++) {
      const [a, b] = [gaps[i - 1] as number, gaps[i] as number];
      expect(Math.max(a, b), `gaps ${a} and ${b}`).toBeLessThanOrEqual(2 * Math.min(a, b) + 2);
    }
    expect(Math.max(...gaps)).toBeLessThan(40);
  });

  it('of a symmetric density hold no mirror images of one another outside the centre', () => {
    const symmetric = { ...design, centreFraction: 0.05, logits: Array.from({ length: 33 }, (_, i) => -2 * Math.log(Math.abs(i - 16) / 32 + 0.05)) };
    for (const columns of [255, 256, 319, 320]) {
      const mask = learnedLines(columns, 8, symmetric);
      const middle = Math.floor(columns / 2);
      let pairs = 0;
      // Near DC every line is kept or close to it; beyond twice the centre the lines are sparse enough to tell.
      for (let k = Math.ceil(0.1 * columns); middle + k < columns; k++) if (mask[middle + k] === 1 && mask[middle - k] === 1) pairs++;
      expect(pairs, `${columns} columns`).toBe(0);
    }
  });

  it('spend their budget on acquired lines, all of them where there are fewer', () => {
    const acquired = Uint8Array.from({ length: 320 }, (_, k) => (k % 3 === 0 ? 1 : 0));
    for (const mask of [learnedLines(320, 4, design, acquired), learnedFamily(320, 4, family, acquired)]) {
      expect(count(mask)).toBe(80);
      for (const k of indices(mask)) expect(k % 3).toBe(0);
    }
    expect(count(learnedLines(320, 1.5, design, acquired))).toBe(107);
    expect(count(learnedFamily(320, 1.5, family, acquired))).toBe(107);
  });

  it('refuse a matrix that would take minutes to rank', () => {
    expect(() => learnedFamily(5000, 4, family)).toThrow(/at most 4096 columns/);
  });
});

describe('inclusion probabilities', () => {
  it('sum to the number of samples and rise with the weight', () => {
    const weights = Float64Array.from([1e-6, 0.01, 0.5, 1, 1, 0.2]);
    for (const wanted of [1, 2, 5]) {
      const p = inclusionProbabilities(weights, wanted);
      expect(p.reduce((sum, value) => sum + value, 0)).toBeCloseTo(wanted, 9);
      expect([...p].sort((a, b) => a - b)).toEqual([1e-6, 0.01, 0.2, 0.5, 1, 1].map((w) => p[weights.indexOf(w)]));
    }
  });

  it('of equal weights are equal', () => {
    expect([...inclusionProbabilities(new Float64Array(8).fill(3), 2)]).toEqual(Array.from({ length: 8 }, () => expect.closeTo(0.25, 12) as number));
  });
});

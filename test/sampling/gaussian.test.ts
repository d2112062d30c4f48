import { describe, expect, it } from 'vitest';
import { gaussianLines } from '../../src/sampling/gaussian.ts';

const defaults = { acceleration: 4, centreFraction: 0.08, width: 0.2, seed: 1 };
const count = (mask: Uint8Array): number => mask.reduce((sum, flag) => sum + flag, 0);

describe('gaussianLines', () => {
  it('keeps exactly round(N/R) lines for any size, acceleration and seed', () => {
    for (const columns of [320, 368, 217, 64, 33]) {
      for (const acceleration of [1, 1.5, 3.3, 4, 8, 12]) {
        for (const seed of [0, 1, 2]) {
          const mask = gaussianLines(columns, { ...defaults, centreFraction: 0.04, acceleration, seed });
          expect(count(mask)).toBe(Math.round(columns / acceleration));
        }
      }
    }
  });

  it('keeps the whole centre', () => {
    expect(gaussianLines(320, defaults).slice(147, 173)).toEqual(new Uint8Array(26).fill(1));
  });

  it('is decided by the seed', () => {
    expect(gaussianLines(320, defaults)).toEqual(gaussianLines(320, defaults));
    expect(gaussianLines(320, defaults)).not.toEqual(gaussianLines(320, { ...defaults, seed: 2 }));
  });

  it('draws lines outside the centre with a density that falls as the Gaussian', () => {
    const columns = 320;
    const inner = [0, 0];
    const seeds = 300;
    for (let seed = 0; seed < seeds; seed++) {
      // Few lines, so that drawing without replacement hardly flattens the density.
      const mask = gaussianLines(columns, { acceleration: 16, centreFraction: 0, width: 0.2, seed });
      mask.forEach((flag, k) => {
        if (flag === 1) inner[Math.abs(k - 160) < 64 ? 0 : 1] = (inner[Math.abs(k - 160) < 64 ? 0 : 1] as number) + 1;
      });
    }
    // One standard deviation is 64 lines: 0.6827 of the Gaussian, cut off at ±2.5 sd (0.9876), lies within it.
    const share = (inner[0] as number) / (seeds * 20);
    expect(share).toBeGreaterThan(0.6827 / 0.9876 - 0.06);
    expect(share).toBeLessThan(0.6827 / 0.9876 + 0.02);
  });

  it('spends its budget on acquired lines', () => {
    const acquired = Uint8Array.from({ length: 320 }, (_, k) => (k % 2 === 0 ? 1 : 0));
    const mask = gaussianLines(320, defaults, acquired);
    expect(count(mask)).toBe(80);
    mask.forEach((flag, k) => {
      if (flag === 1) expect(k % 2).toBe(0);
    });
    expect(count(gaussianLines(320, { ...defaults, acceleration: 1 }, acquired))).toBe(160);
  });

  it('refuses where the centre alone exceeds the budget', () => {
    expect(() => gaussianLines(320, { ...defaults, acceleration: 16 })).toThrow(/centre \(26 of 320 lines\)/);
  });
});

import { describe, expect, it } from 'vitest';
import { poissonDiscPoints } from '../../src/sampling/poisson-disc.ts';

const defaults = { acceleration: 4, centreFraction: 0.08, seed: 1 };
const count = (mask: Uint8Array): number => mask.reduce((sum, flag) => sum + flag, 0);

describe('poissonDiscPoints', () => {
  it('achieves the acceleration exactly (to one point)', () => {
    for (const [rows, columns] of [
      [320, 320],
      [128, 96],
      [65, 47],
    ] as const) {
      for (const acceleration of [1, 1.2, 2, 4, 8, 12]) {
        const mask = poissonDiscPoints(rows, columns, { ...defaults, acceleration });
        expect(count(mask)).toBe(Math.round((rows * columns) / acceleration));
      }
    }
  });

  it('keeps the whole centre block', () => {
    const mask = poissonDiscPoints(320, 256, defaults);
    // round(320·0.08) = 26 rows from 147, round(256·0.08) = 20 columns from 118.
    for (let row = 147; row < 173; row++) {
      expect(mask.slice(row * 256 + 118, row * 256 + 138)).toEqual(new Uint8Array(20).fill(1));
    }
  });

  it('is decided by the seed', () => {
    expect(poissonDiscPoints(64, 64, defaults)).toEqual(poissonDiscPoints(64, 64, defaults));
    expect(poissonDiscPoints(64, 64, defaults)).not.toEqual(poissonDiscPoints(64, 64, { ...defaults, seed: 2 }));
  });

  it('keeps points apart, where independent points would touch', () => {
    // At R = 8 the outer radius exceeds 2: no two points beyond 0.7 of the way out are neighbours, even diagonally.
    const n = 128;
    const mask = poissonDiscPoints(n, n, { ...defaults, acceleration: 8 });
    let outer = 0;
    for (let row = 1; row < n - 1; row++) {
      for (let column = 1; column < n - 1; column++) {
        if (mask[row * n + column] === 0 || Math.hypot(row - 64, column - 64) < 0.7 * 64) continue;
        outer++;
        let around = 0;
        for (const [y, x] of [
          [-1, -1],
          [-1, 0],
          [-1, 1],
          [0, -1],
          [0, 1],
          [1, -1],
          [1, 0],
          [1, 1],
        ] as const) {
          around += mask[(row + y) * n + column + x] as number;
        }
        expect(around).toBe(0);
      }
    }
    expect(outer).toBeGreaterThan(400);
  });

  it('is denser near the centre', () => {
    const n = 128;
    const mask = poissonDiscPoints(n, n, { ...defaults, acceleration: 8 });
    const density = [0, 0];
    const area = [0, 0];
    mask.forEach((flag, i) => {
      const d = Math.hypot(Math.floor(i / n) - 64, (i % n) - 64) / 64;
      const ring = d > 0.15 && d < 0.4 ? 0 : d > 0.8 && d < 1 ? 1 : -1;
      if (ring < 0) return;
      density[ring] = (density[ring] as number) + flag;
      area[ring] = (area[ring] as number) + 1;
    });
    expect((density[0] as number) / (area[0] as number)).toBeGreaterThan(2 * ((density[1] as number) / (area[1] as number)));
  });

  it('keeps acquired points only', () => {
    const mask = poissonDiscPoints(64, 64, { ...defaults, acceleration: 4 }, (point) => point % 64 < 48);
    mask.forEach((flag, point) => {
      if (flag === 1) expect(point % 64).toBeLessThan(48);
    });
    expect(count(mask)).toBe(1024);
    expect(count(poissonDiscPoints(64, 64, { ...defaults, acceleration: 1 }, (point) => point % 64 < 48))).toBe(64 * 48);
  });

  it('refuses where the centre alone exceeds the budget', () => {
    expect(() => poissonDiscPoints(64, 64, { acceleration: 8, centreFraction: 0.5, seed: 1 })).toThrow(
      /centre \(1024 of 4096 points\) exceeds the budget of acceleration 8 \(512 points\)/,
    );
  });
});

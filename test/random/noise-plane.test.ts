import { describe, expect, it } from 'vitest';
import { NoisePlane } from '../../src/random/noise-plane.ts';

describe('NoisePlane', () => {
  const plane = new NoisePlane(7, 10, 3.2, 100);

  it('is decided by the seed', () => {
    const same = new NoisePlane(7, 10, 3.2, 100);
    const other = new NoisePlane(8, 10, 3.2, 100);
    expect(same.at(12.3, -45.6)).toBe(plane.at(12.3, -45.6));
    expect(other.at(12.3, -45.6)).not.toBe(plane.at(12.3, -45.6));
  });

  it('does not depend on how far it reaches', () => {
    expect(new NoisePlane(7, 10, 3.2, 20).at(12.3, -4.6)).toBeCloseTo(plane.at(12.3, -4.6), 12);
  });

  it('has zero mean, fills about ±0.9, and is smooth', () => {
    let [sum, lowest, highest, steepest] = [0, 0, 0, 0];
    const n = 60_000;
    for (let i = 0; i < n; i++) {
      const x = -95 + (i % 300) * 0.63;
      const y = -95 + Math.floor(i / 300) * 0.95;
      const value = plane.at(x, y);
      sum += value;
      lowest = Math.min(lowest, value);
      highest = Math.max(highest, value);
      steepest = Math.max(steepest, Math.abs(plane.at(x + 0.01, y) - value));
    }
    expect(Math.abs(sum / n)).toBeLessThan(0.05);
    expect(lowest).toBeGreaterThan(-1.1);
    expect(highest).toBeLessThan(1.1);
    expect(highest - lowest).toBeGreaterThan(0.8);
    // At most about 3 per wavelength of 10: 0.003 over a step of 0.01.
    expect(steepest).toBeLessThan(0.004);
  });

  it('continues from plane to plane', () => {
    const near = new NoisePlane(7, 10, 3.21, 100);
    const across = [new NoisePlane(7, 10, 9.995, 100), new NoisePlane(7, 10, 10.005, 100)] as const;
    for (const [x, y] of [
      [0.1, 0.2],
      [33, -71],
      [-50.5, 5],
    ] as const) {
      expect(Math.abs(near.at(x, y) - plane.at(x, y))).toBeLessThan(0.004);
      expect(Math.abs(across[0].at(x, y) - across[1].at(x, y))).toBeLessThan(0.004);
    }
  });

  it('is clamped beyond its reach', () => {
    expect(Number.isFinite(plane.at(1e6, -1e6))).toBe(true);
  });
});

import { describe, expect, it } from 'vitest';
import { radialTrajectory } from '../../../src/sampling/radial.ts';
import { pipeMenon } from '../../../src/transform/nufft/density.ts';
import { trajectoryOf } from '../../support/nufft-inputs.ts';

it('is 1 for every sample of a Cartesian scan, away from its edge', () => {
  const n = 32;
  const weights = pipeMenon(trajectoryOf([n, n], n, n, (m) => [Math.floor(m / n) - n / 2, (m % n) - n / 2]));
  for (let r = 8; r < n - 8; r++) for (let c = 8; c < n - 8; c++) expect(Math.abs((weights[r * n + c] ?? NaN) - 1)).toBeLessThan(0.02);
});

it('halves where every sample is taken twice', () => {
  const n = 20;
  const weights = pipeMenon(trajectoryOf([n, 2 * n], n, n, (m) => [Math.floor(m / (2 * n)) - n / 2, Math.floor((m % (2 * n)) / 2) - n / 2]));
  expect(weights[10 * 2 * n + n] ?? NaN).toBeCloseTo(0.5, 2);
});

describe('radial, fully sampled', () => {
  const [n, spokes] = [64, 120];
  const radial = { ordering: 'uniform', tinyNumber: 7, oversampling: 2, offset: 0, frame: 0 } as const;
  const weights = pipeMenon(radialTrajectory({ rows: n, columns: n }, { ...radial, spokes }));
  const samples = 2 * n;

  it('is the ramp |k|·Δk·Δθ of the analytic weights, between the centre and the edge', () => {
    for (let s = 0; s < samples; s++) {
      const k = Math.abs(s - samples / 2) / 2;
      if (k < 6 || k > n / 2 - 8) continue;
      // Ripples of a few percent run inwards from the edge, where the disc ends.
      const analytic = (k * 0.5 * Math.PI) / spokes;
      for (const spoke of [0, 17, 101]) expect(Math.abs((weights[s * spokes + spoke] ?? NaN) / analytic - 1)).toBeLessThan(0.05);
    }
  });

  it('adds up to the area of the disc within a few percent', () => {
    const area = weights.reduce((sum, w) => sum + w, 0);
    expect(area / ((Math.PI * n * n) / 4)).toBeGreaterThan(0.95);
    expect(area / ((Math.PI * n * n) / 4)).toBeLessThan(1.12);
  });
});

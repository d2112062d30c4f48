/** Drift correction and smoothing against NumPy's dense solutions, and what they must not do to a hot spot. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fitDrift } from '../../../src/mri/thermometry/drift.ts';
import { heatingMap } from '../../../src/mri/thermometry/heating.ts';
import { laplacianPower, smoothField, smoothingNoiseGain } from '../../../src/mri/thermometry/smooth-field.ts';
import { solveSymmetric } from '../../../src/mri/thermometry/solve-symmetric.ts';
import { Random } from '../../../src/random/xoshiro.ts';
import { expectWithin } from '../../support/within.ts';

interface Fixture {
  readonly shape: readonly [number, number];
  readonly plane: number[];
  readonly smooth: { readonly values: number[]; readonly weights: number[]; readonly width: number; readonly field: number[] };
}
const numpy = JSON.parse(readFileSync(new URL('../../fixtures/thermometry.json', import.meta.url), 'utf8')) as Fixture;

describe('drift', () => {
  const [rows, columns] = [48, 40];
  const heat = heatingMap({ peak: 6, width: 0.09, x: 0.6, y: 0.45, frames: 2 }, rows, columns, 1).data;
  const weights = new Float64Array(rows * columns).fill(1);
  const planeAt = (i: number): number => 1.1 + 0.4 * ((2 * ((i % columns) + 0.5)) / columns - 1) - 0.7 * ((2 * (Math.floor(i / columns) + 0.5)) / rows - 1);

  it('of a plane is found exactly, with the coefficients that NumPy was given', () => {
    const [r, c] = numpy.shape;
    const { field, coefficients } = fitDrift({ map: Float64Array.from(numpy.plane), weights: new Float64Array(r * c).fill(1), rows: r, columns: c, order: 1 });
    expectWithin(field, numpy.plane, 1e-9);
    expectWithin(coefficients, [1.1, 0.4, -0.7], 1e-9);
  });

  it.each([0, 1, 2] as const)('of order %i is not bent by the heated region', (order) => {
    const random = new Random(5);
    const map = Float64Array.from(heat, (value, i) => value + (order === 0 ? 1.1 : planeAt(i)) + 0.4 * random.normal());
    const { field, setAside } = fitDrift({ map, weights, rows, columns, order });
    const off = (found: Float64Array): number => Math.sqrt(found.reduce((sum, value, i) => sum + (value - (order === 0 ? 1.1 : planeAt(i))) ** 2, 0) / found.length);
    // A plain least-squares fit is wrong by the mean of the spot, and more.
    const mean = heat.reduce((sum, value) => sum + value, 0) / heat.length;
    expect(mean).toBeGreaterThan(0.12);
    expect(off(field)).toBeLessThan(order === 2 ? 0.6 * mean : 0.4 * mean);
    expect(setAside).toBeGreaterThan(0.03);
    expect(setAside).toBeLessThan(0.4);
  });

  it('is none where it was not asked for, or nothing has signal', () => {
    const map = new Float64Array(rows * columns).fill(3);
    expect(fitDrift({ map, weights, rows, columns, order: -1 }).field.every((value) => value === 0)).toBe(true);
    expect(fitDrift({ map, weights: new Float64Array(map.length), rows, columns, order: 1 }).field.every((value) => value === 0)).toBe(true);
  });

  it('solves what can be solved, and gives 0 to what has no information', () => {
    expectWithin(solveSymmetric([Float64Array.of(4, 1), Float64Array.of(1, 3)], Float64Array.of(9, 5)), [2, 1], 1e-12);
    expectWithin(solveSymmetric([Float64Array.of(2, 0), Float64Array.of(0, 0)], Float64Array.of(4, 0)), [2, 0], 1e-12);
  });
});

describe('smoothing', () => {
  it('solves the equations that NumPy solves with dense matrices', async () => {
    const [rows, columns] = numpy.shape;
    const { values, weights, width, field } = numpy.smooth;
    const found = await smoothField({ map: Float64Array.from(values), weights: Float64Array.from(weights), rows, columns, width });
    expectWithin(found, field, 2e-4);
  });

  it('lowers white noise as it says', async () => {
    const random = new Random(9);
    const [rows, columns] = [96, 96];
    const map = Float64Array.from({ length: rows * columns }, () => random.normal());
    const found = await smoothField({ map, weights: new Float64Array(map.length).fill(1), rows, columns, width: 1.5 });
    const deviation = Math.sqrt(found.reduce((sum, value) => sum + value * value, 0) / found.length);
    expect(deviation / smoothingNoiseGain(rows, columns, 1.5)).toBeGreaterThan(0.93);
    expect(deviation / smoothingNoiseGain(rows, columns, 1.5)).toBeLessThan(1.07);
    // ∫ (1 + ℓ⁴k⁴)⁻² d²k / 4π² = 1/(16 ℓ²) for wide ℓ.
    expect(smoothingNoiseGain(256, 256, 3) * 12).toBeCloseTo(1, 1);
  });

  it('keeps a constant, and a hot spot of four times its width to a few per cent', async () => {
    const [rows, columns] = [64, 64];
    const weights = new Float64Array(rows * columns).fill(1);
    const same = await smoothField({ map: new Float64Array(rows * columns).fill(2), weights, rows, columns, width: 4 });
    expectWithin(same, new Float64Array(rows * columns).fill(2), 1e-4);
    const spot = Float64Array.from(heatingMap({ peak: 5, width: 6 / 64, x: 0.5, y: 0.5, frames: 2 }, rows, columns, 1).data);
    const found = await smoothField({ map: spot, weights, rows, columns, width: 1.5 });
    expect(Math.max(...found)).toBeGreaterThan(4.75);
  });

  it('has the eigenvalues of the Laplacian: 0 for the mean, 64 for the checkerboard', () => {
    const powers = laplacianPower(8, 6);
    expect(powers[4 * 6 + 3]).toBe(0);
    expect(Math.max(...powers)).toBeCloseTo(64, 9);
  });
});

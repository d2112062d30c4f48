/** g-factors against NumPy (test/fixtures/scripts/grappa.py), and the formula against pseudo-replicas of SENSE. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { NEVER_CANCELLED } from '../../src/algorithms/status.ts';
import { magnitude, subArray, zeros, type NdArray } from '../../src/array/nd-array.ts';
import { foldedGroups, gFactor, refuseGFactor } from '../../src/mri/g-factor.ts';
import { noiseAcceleration, replicaGFactor } from '../../src/mri/g-factor-replicas.ts';
import type { MriMeasurement } from '../../src/mri/measurement.ts';
import { gridded } from '../../src/mri/noncartesian-gridding.ts';
import { sense } from '../../src/mri/sense.ts';
import { coils } from '../../src/operators/coils.ts';
import { mask } from '../../src/operators/mask.ts';
import { describePattern } from '../../src/sampling/describe.ts';
import type { SamplingPattern } from '../../src/sampling/pattern.ts';
import { radialTrajectory } from '../../src/sampling/radial.ts';
import { trajectoryPattern } from '../../src/sampling/trajectory-pattern.ts';
import { fft2c } from '../../src/transform/fft.ts';
import { pipeMenon } from '../../src/transform/nufft/density.ts';
import { COILS, ellipses, ringOfCoils, SIZE } from '../support/ellipses.ts';

const golden = JSON.parse(readFileSync(new URL('../fixtures/grappa.json', import.meta.url), 'utf8')) as {
  gFactor: { acceleration: number; mean: number; maximum: number; row20: number[] }[];
};
const maps = ringOfCoils();
const lines = (kept: (column: number) => boolean): SamplingPattern =>
  describePattern({ kind: 'lines', rows: SIZE, columns: SIZE, mask: Uint8Array.from({ length: SIZE }, (_, i) => (kept(i) ? 1 : 0)) });
const centre = (i: number): boolean => i >= 24 && i < 40;
const mean = (values: Float32Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;

async function finish<T>(steps: AsyncGenerator<unknown, T>): Promise<T> {
  for (;;) {
    const next = await steps.next();
    if (next.done) return next.value;
  }
}

/** Unregularised SENSE on the true maps, nearly to the end. */
const reconstruct = async ({ kspace, pattern }: MriMeasurement): Promise<NdArray<'complex64'>> =>
  finish(sense(kspace, maps, pattern, { lambda: 0, iterations: 60, tolerance: 1e-7, signal: NEVER_CANCELLED }));

describe('gFactor', () => {
  it.each(golden.gFactor)('is that of the reference at R = $acceleration', async ({ acceleration, mean: expected, maximum, row20 }) => {
    const g = (await finish(gFactor(maps, lines((i) => i % acceleration === 0), NEVER_CANCELLED))).data;
    // 1e-7 of ridge shows where g is in the tens.
    const tolerance = acceleration === 2 ? 1e-5 : 0.05;
    expect(Math.abs(mean(g) / expected - 1)).toBeLessThan(tolerance);
    expect(Math.abs(Math.max(...g) / maximum - 1)).toBeLessThan(tolerance);
    row20.forEach((value, i) => {
      expect(Math.abs((g[20 * SIZE + i] ?? NaN) / value - 1)).toBeLessThan(tolerance);
    });
  });

  it('does not depend on which lines of the lattice are taken, nor on how they are grouped', async () => {
    const [first, shifted] = [lines((i) => i % 2 === 0), lines((i) => i % 2 === 1)];
    expect(foldedGroups(first).length).toBe(SIZE / 2);
    const whole = { ...first, kept: first.kept + 1 };
    expect(foldedGroups(whole).length).toBe(1);
    const [a, b, c] = await Promise.all([first, shifted, whole].map((pattern) => finish(gFactor(maps, pattern, NEVER_CANCELLED))));
    for (let i = 0; i < SIZE * SIZE; i += 7) {
      expect(b?.data[i]).toBeCloseTo(a?.data[i] ?? NaN, 4);
      expect(c?.data[i]).toBeCloseTo(a?.data[i] ?? NaN, 4);
    }
  });

  it('is 1 for full sampling, and NaN where maps are silent', async () => {
    const some = { ...maps, data: maps.data.map((value, i) => ((i >> 1) % SIZE < 5 ? 0 : value)) };
    const g = (await finish(gFactor(some, lines(() => true), NEVER_CANCELLED))).data;
    g.forEach((value, i) => {
      if (i % SIZE < 5) expect(value).toBeNaN();
      else expect(value).toBeCloseTo(1, 5);
    });
    expect((await finish(gFactor(zeros('complex64', [2, 8, 8]), describePattern({ kind: 'lines', rows: 8, columns: 8, mask: Uint8Array.from([1, 0, 1, 0, 1, 0, 1, 0]) }), NEVER_CANCELLED))).data.every(Number.isNaN)).toBe(true);
  });

  it('stops when cancelled, and says what it is not for', async () => {
    await expect(finish(gFactor(maps, lines((i) => i % 2 === 0), { cancelled: true }))).rejects.toMatchObject({ code: 'job.cancelled' });
    expect(refuseGFactor(describePattern({ kind: 'points', rows: 8, columns: 8, mask: new Uint8Array(64).fill(1) }))).toMatch(/patterns of lines/);
    expect(refuseGFactor(lines(() => true))).toBeNull();
  });
});

describe('replicaGFactor', () => {
  const kspace = fft2c(coils(maps).apply(ellipses(0.5)));
  const measured = (pattern: SamplingPattern): MriMeasurement => ({ kspace: mask(pattern, COILS).apply(kspace), pattern, output: { rows: SIZE, columns: SIZE } });
  const options = { replicas: 64, sigma: 0.01, seed: 1, signal: NEVER_CANCELLED };

  it.each([
    ['every second line', lines((i) => i % 2 === 0)],
    ['every third line and the centre', lines((i) => i % 3 === 0 || centre(i))],
  ])('agrees with the formula for SENSE, %s', async (_name, pattern) => {
    const exact = (await finish(gFactor(maps, pattern, NEVER_CANCELLED))).data;
    const spread = (await finish(replicaGFactor(measured(pattern), async (noisy) => ({ image: await reconstruct(noisy), provider: '', notes: [] }), options))).data;
    // 64 replicas of a complex value: relative standard error 1/16 a pixel, 1/1024 of the mean.
    const ratios = spread.map((value, i) => value / (exact[i] ?? NaN));
    expect(Math.abs(mean(ratios) - 1)).toBeLessThan(0.01);
    expect(Math.sqrt(mean(ratios.map((ratio) => (ratio - 1) ** 2)))).toBeLessThan(0.08);
  });

  it('of magnitudes is the same inside the object', async () => {
    const pattern = lines((i) => i % 2 === 0);
    const exact = (await finish(gFactor(maps, pattern, NEVER_CANCELLED))).data;
    const estimate = async (noisy: MriMeasurement) => ({ image: magnitude(await reconstruct(noisy)), provider: '', notes: [] });
    const spread = (await finish(replicaGFactor(measured(pattern), estimate, options))).data;
    const object = magnitude(ellipses(0)).data;
    const ratios = spread.map((value, i) => value / (exact[i] ?? NaN)).filter((_, i) => (object[i] ?? 0) > 0.1);
    expect(Math.abs(mean(ratios) - 1)).toBeLessThan(0.02);
  });

  it('is decided by its seed, and stops when cancelled', async () => {
    const pattern = lines((i) => i % 2 === 0);
    const plain = async (noisy: MriMeasurement) => ({ image: fft2c({ ...noisy.kspace, shape: noisy.kspace.shape }), provider: '', notes: [] });
    const short = { ...options, replicas: 3 };
    const once = await finish(replicaGFactor(measured(pattern), plain, short));
    expect((await finish(replicaGFactor(measured(pattern), plain, short))).data).toEqual(once.data);
    expect((await finish(replicaGFactor(measured(pattern), plain, { ...short, seed: 2 }))).data).not.toEqual(once.data);
    await expect(finish(replicaGFactor(measured(pattern), plain, { ...short, signal: { cancelled: true } }))).rejects.toMatchObject({ code: 'job.cancelled' });
  });

  it('counts samples along a trajectory: gridding with weights w has √(M·Σw²)/N²', async () => {
    const spokes = 101;
    const trajectory = radialTrajectory({ rows: SIZE, columns: SIZE }, { spokes, ordering: 'uniform', tinyNumber: 1, oversampling: 2, offset: 0, frame: 0 });
    const pattern = trajectoryPattern(trajectory, SIZE, SIZE);
    const measurement = { kspace: zeros('complex64', [1, 2 * SIZE, spokes]), trajectory, pattern, output: { rows: SIZE, columns: SIZE } };
    expect(noiseAcceleration(measurement)).toBeCloseTo(SIZE / (2 * spokes), 6);
    const weights = pipeMenon(trajectory);
    const gridding = async ({ kspace: noisy }: MriMeasurement) => ({ image: subArray(gridded(noisy, trajectory, weights), 0), provider: '', notes: [] });
    const spread = (await finish(replicaGFactor(measurement, gridding, options))).data;
    const expected = Math.sqrt(2 * SIZE * spokes * weights.reduce((sum, w) => sum + w * w, 0)) / SIZE ** 2;
    expect(Math.abs(mean(spread) / expected - 1)).toBeLessThan(0.02);
  });
});

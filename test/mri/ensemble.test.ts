/** Against NumPy and SciPy: test/fixtures/scripts/ensemble.py. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { NEVER_CANCELLED } from '../../src/algorithms/status.ts';
import { centreCrop, type NdArray, subArray, zeros } from '../../src/array/nd-array.ts';
import { leaveOutEnsemble, levelOf, objectMask, predictedError } from '../../src/mri/ensemble.ts';
import { dealSamples, keep, withoutSamples } from '../../src/mri/ensemble-members.ts';
import type { MriMeasurement } from '../../src/mri/measurement.ts';
import { neighbourhoodMean } from '../../src/mri/neighbourhood.ts';
import { drain } from '../../src/pipeline/runner.ts';
import { describePattern } from '../../src/sampling/describe.ts';
import { ifft2c } from '../../src/transform/fft.ts';

const known = JSON.parse(readFileSync(new URL('../fixtures/ensemble.json', import.meta.url), 'utf8')) as {
  readonly missing: readonly number[];
  readonly acquired: readonly number[];
  readonly variances: { readonly level: number; readonly spread: readonly number[]; readonly made: readonly number[] };
  readonly mean: { readonly sd: number; readonly values: readonly number[] };
};
const ROWS = 12;
const COLUMNS = 16;
const output = { rows: ROWS, columns: 10 };
const pattern = describePattern({ kind: 'lines', rows: ROWS, columns: COLUMNS, mask: Uint8Array.from(known.acquired) });
const kspace = (): NdArray<'complex64'> => {
  const out = zeros('complex64', [1, ROWS, COLUMNS]);
  for (let i = 0; i < ROWS * COLUMNS; i++) {
    const [r, n] = [Math.floor(i / COLUMNS), i % COLUMNS];
    out.data[2 * i] = Math.cos(3 * r + 7 * n);
    out.data[2 * i + 1] = Math.sin(5 * r - 2 * n);
  }
  return keep(out, pattern.mask);
};
const measurement: MriMeasurement = { kspace: kspace(), pattern, output };
/** Zero-filled, of one coil. */
const zeroFilled = async (m: MriMeasurement) => ({ image: centreCrop(subArray(ifft2c(m.kspace), 0), output.rows, output.columns), provider: 'test', notes: [] });

const worst = (found: Float32Array, wanted: readonly number[]): number => wanted.reduce((most, value, i) => Math.max(most, Math.abs((found[i] as number) - value)), 0);

describe('samples are dealt out', () => {
  const { missing, copies, leftOut, ratio } = dealSamples(pattern, 8, 1);

  it('each outside the centre to one copy, in equal shares, none from inside or from what nobody has', () => {
    expect(pattern.centre.columns).toEqual([5, 11]);
    const outside = [1, 3, 12, 14];
    expect([...missing.keys()].filter((i) => missing[i] !== 0)).toEqual(outside);
    expect([copies, leftOut]).toEqual([2, outside.length]);
    expect(outside.filter((i) => missing[i] === 1).length).toBe(2);
    expect(ratio).toBeCloseTo((COLUMNS - pattern.kept) / outside.length, 12);
  });
  it('so that a copy has zeros there, in mask and samples, and the whole centre', () => {
    const copy = withoutSamples(measurement, { missing, copies, leftOut, ratio }, 1);
    expect(copy.pattern.kept).toBe(pattern.kept - 2);
    expect(copy.pattern.achieved).toBeCloseTo(COLUMNS / (pattern.kept - 2), 12);
    expect(copy.pattern.centre).toEqual(pattern.centre);
    for (let n = 0; n < COLUMNS; n++) {
      const gone = missing[n] === 1;
      expect(copy.pattern.mask[n]).toBe(gone ? 0 : pattern.mask[n]);
      expect(copy.kspace.data[2 * (3 * COLUMNS + n)]).toBe(gone ? 0 : measurement.kspace.data[2 * (3 * COLUMNS + n)]);
    }
  });
  it('decided by the seed alone', () => {
    const wide = describePattern({ kind: 'lines', rows: 8, columns: 64, mask: Uint8Array.from({ length: 64 }, (_, i) => (i % 3 === 0 || (i > 28 && i < 36) ? 1 : 0)) });
    expect(dealSamples(wide, 4, 5).missing).toEqual(dealSamples(wide, 4, 5).missing);
    expect(dealSamples(wide, 4, 5).missing).not.toEqual(dealSamples(wide, 4, 6).missing);
  });
  it('of points, outside the square in the middle', () => {
    const mask = Uint8Array.from({ length: 256 }, (_, i) => (i % 5 === 0 || (Math.abs((i >> 4) - 8) < 3 && Math.abs((i & 15) - 8) < 3) ? 1 : 0));
    const points = describePattern({ kind: 'points', rows: 16, columns: 16, mask });
    const dealt = dealSamples(points, 4, 1);
    const inside = (i: number): boolean => {
      const { rows, columns } = points.centre;
      return i >> 4 >= rows[0] && i >> 4 < rows[1] && (i & 15) >= columns[0] && (i & 15) < columns[1];
    };
    for (const [i, flag] of mask.entries()) expect(dealt.missing[i] !== 0, `point ${i}`).toBe(flag === 1 && !inside(i));
  });
  it('unless there are too few, or none is missing', () => {
    const centre = describePattern({ kind: 'lines', rows: 8, columns: 16, mask: Uint8Array.from({ length: 16 }, (_, i) => (i > 3 && i < 12 ? 1 : 0)) });
    expect(() => dealSamples(centre, 8, 1)).toThrow(/Only 0 lines lie outside/);
    const full = describePattern({ kind: 'lines', rows: 8, columns: 16, mask: new Uint8Array(16).fill(1) });
    expect(() => dealSamples(full, 8, 1)).toThrow(/too few|Every sample was acquired/);
  });
});

describe('the ensemble', () => {
  it('has the variances that NumPy finds, copy by copy', async () => {
    // The same deal as the script's, whatever the seed draws.
    const seed = [...Array(200).keys()].find((each) => dealSamples(pattern, 2, each).missing.every((copy, i) => copy === scripted[i]));
    if (seed === undefined) throw new Error('no seed deals like the script');
    const statuses: number[] = [];
    const iterator = leaveOutEnsemble(measurement, zeroFilled, { copies: 2, seed, signal: NEVER_CANCELLED });
    let next = await iterator.next();
    for (; next.done !== true; next = await iterator.next()) statuses.push(next.value.iteration);
    expect(statuses).toEqual([0, 1, 2, 3, 4, 5, 6]);
    const { level, spread, made, mirrored } = next.value;
    expect(level).toBeCloseTo(known.variances.level, 5);
    expect(worst(spread.data, known.variances.spread)).toBeLessThan(1e-5);
    expect(worst(made.data, known.variances.made)).toBeLessThan(1e-5);
    // Zero-filling has no whims: the mirror image is the image.
    expect(Math.max(...mirrored.data)).toBeLessThan(1e-6);
  });
  it('ends when it is cancelled', async () => {
    const signal = { cancelled: true };
    await expect(drain(leaveOutEnsemble(measurement, zeroFilled, { copies: 2, seed: 1, signal }))).rejects.toThrow(/cancel/i);
  });
  it('of a method that gives the same whatever it gets, sees nothing at the samples', async () => {
    const image = (await zeroFilled(measurement)).image;
    const { spread, made, mirrored } = await drain(leaveOutEnsemble(measurement, async () => ({ image, provider: 'test', notes: [] }), { copies: 2, seed: 1, signal: NEVER_CANCELLED }));
    expect([Math.max(...spread.data), Math.max(...made.data)]).toEqual([0, 0]);
    // An image that does not turn with what it is of.
    expect(Math.max(...mirrored.data)).toBeGreaterThan(0.05);
  });
  it('makes up the error as a product of powers, finite where a component is silent', () => {
    const pixel = (value: number): NdArray<'float32'> => ({ dtype: 'float32', shape: [1, 1], data: Float32Array.of(value) });
    const weights = { level: 3, spread: 0.5, made: 0.25, mirrored: 0.25 };
    expect(predictedError({ spread: pixel(0.04), made: pixel(0.0016), mirrored: pixel(0.01) }, weights).data[0]).toBeCloseTo(3 * 0.2 * 0.2 * Math.sqrt(0.1), 6);
    expect(predictedError({ spread: pixel(0), made: pixel(0), mirrored: pixel(0) }, weights).data[0]).toBeCloseTo(3e-5, 9);
  });
});

const scripted = known.missing;

describe('means over neighbourhoods', () => {
  it('are those of SciPy, also at the edge', () => {
    const grid = { dtype: 'float32' as const, shape: [5, 7], data: Float32Array.from({ length: 35 }, (_, i) => Math.sin(i)) };
    expect(worst(neighbourhoodMean(grid, known.mean.sd).data, known.mean.values)).toBeLessThan(1e-6);
  });
  it('leave a constant as it is', () => {
    const flat = { dtype: 'float32' as const, shape: [9, 6], data: new Float32Array(54).fill(2.5) };
    expect(worst(neighbourhoodMean(flat, 3).data, Array(54).fill(2.5))).toBeLessThan(1e-6);
  });
});

it('the object is where the image is not air', () => {
  const data = Float32Array.from({ length: 40 * 40 }, (_, i) => (Math.hypot((i % 40) - 20, Math.floor(i / 40) - 20) < 10 ? 5 : 0.01));
  const image = { dtype: 'float32' as const, shape: [40, 40], data };
  expect(levelOf(image)).toBe(5);
  const mask = objectMask(image);
  expect([mask[20 * 40 + 20], mask[0], mask[39 * 40 + 20]]).toEqual([1, 0, 0]);
  expect(levelOf({ ...image, data: new Float32Array(1600) })).toBe(0);
});

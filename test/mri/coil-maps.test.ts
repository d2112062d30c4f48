import { describe, expect, it } from 'vitest';
import { ndArray, zeros } from '../../src/array/nd-array.ts';
import { calibratedMaps, DEFAULT_MAPS, type Calibration } from '../../src/mri/cached-maps.ts';
import { calibrationBlock, estimateMaps, refuseWithoutCentre } from '../../src/mri/coil-maps.ts';
import { rootSumOfSquares } from '../../src/mri/root-sum-of-squares.ts';
import { zeroFilled } from '../../src/mri/zero-filled.ts';
import { coils } from '../../src/operators/coils.ts';
import { describePattern } from '../../src/sampling/describe.ts';
import { fft2c } from '../../src/transform/fft.ts';
import { COILS, ellipses, ringOfCoils, SIZE } from '../support/ellipses.ts';
import { innerProduct, randomComplex } from '../support/random-array.ts';

const kspace = fft2c(coils(ringOfCoils()).apply(ellipses(0)));
const columns = (start: number, end: number) => ({ rows: [0, SIZE], columns: [start, end] }) as const;
const lines = (start: number, end: number) =>
  describePattern({ kind: 'lines', rows: SIZE, columns: SIZE, mask: Uint8Array.from({ length: SIZE }, (_, i) => (i >= start && i < end ? 1 : 0)) });

describe('estimateMaps', () => {
  it('points along the true maps inside the object', () => {
    const maps = estimateMaps(kspace, columns(24, 40));
    const [truth, object] = [ringOfCoils(), ellipses(0)];
    let worst = 1;
    for (let i = 0; i < SIZE * SIZE; i++) {
      if ((object.data[2 * i] ?? 0) < 0.5) continue;
      const pixel = (x: typeof maps) =>
        ndArray('complex64', [COILS], Float32Array.from({ length: 2 * COILS }, (_, k) => x.data[2 * ((k >> 1) * SIZE * SIZE + i) + (k % 2)] ?? NaN));
      worst = Math.min(worst, Math.hypot(...innerProduct(pixel(maps), pixel(truth))));
    }
    expect(worst).toBeGreaterThan(0.99);
  });

  it('has unit root-sum-of-squares everywhere, on data of any scale', () => {
    for (const scale of [1, 1e-8]) {
      const maps = estimateMaps(ndArray('complex64', kspace.shape, kspace.data.map((v) => v * scale)), columns(24, 40));
      for (const value of rootSumOfSquares(maps).data) expect(value).toBeCloseTo(1, 5);
    }
  });

  it('looks at the calibration block alone', () => {
    const changed = ndArray('complex64', kspace.shape, kspace.data.map((v, i) => (Math.abs(((i >> 1) % SIZE) - SIZE / 2) > 9 ? v + 1 : v)));
    expect(estimateMaps(changed, columns(24, 40)).data).toEqual(estimateMaps(kspace, columns(24, 40)).data);
  });

  it('gives zero maps for silent data', () => {
    expect(estimateMaps(zeros('complex64', [2, 16, 16]), { rows: [0, 16], columns: [4, 12] }).data.every((v) => v === 0)).toBe(true);
  });

  it('refuses a centre that is too small, saying what it needs', () => {
    expect(() => estimateMaps(kspace, columns(31, 34))).toThrow(expect.objectContaining({ code: 'usage.unsupported' }));
    expect(refuseWithoutCentre(lines(31, 34))).toMatch(/at least 4×4 samples; this pattern has 24×3/);
    expect(refuseWithoutCentre(lines(30, 34))).toBeNull();
  });
});

describe('calibrationBlock', () => {
  it('is symmetric about the origin and not much taller than wide', () => {
    expect(calibrationBlock([256, 216], { rows: [0, 256], columns: [99, 117] })).toEqual({ rows: 36, columns: 18 });
    expect(calibrationBlock([256, 216], { rows: [0, 256], columns: [100, 117] })).toEqual({ rows: 34, columns: 17 });
    expect(calibrationBlock([256, 216], { rows: [0, 256], columns: [90, 111] })).toEqual({ rows: 24, columns: 6 });
    expect(calibrationBlock([64, 64], { rows: [20, 44], columns: [20, 44] })).toEqual({ rows: 24, columns: 24 });
    expect(calibrationBlock([64, 64], { rows: [32, 32], columns: [32, 32] })).toEqual({ rows: 0, columns: 0 });
  });
});

describe('low-resolution maps in a cache', () => {
  const cachedMaps = (calibration: Calibration, cache: Map<string, unknown>) => calibratedMaps(calibration, DEFAULT_MAPS, cache);

  it('remembers by the calibration samples, and forgets the oldest', async () => {
    const cache = new Map<string, unknown>([['other', 1]]);
    const measurement = { kspace, pattern: lines(24, 40), output: { rows: SIZE, columns: SIZE } };
    const first = await cachedMaps(measurement, cache);
    expect((await cachedMaps({ ...measurement, kspace: { ...kspace, data: kspace.data.slice() } }, cache)).maps).toBe(first.maps);
    expect((await cachedMaps({ ...measurement, pattern: lines(25, 39) }, cache)).maps).not.toBe(first.maps);
    for (let seed = 1; seed <= 8; seed++) await cachedMaps({ ...measurement, kspace: randomComplex(kspace.shape, seed) }, cache);
    expect(cache.size).toBe(9);
    expect(cache.get('other')).toBe(1);
    expect((await cachedMaps(measurement, cache)).maps).not.toBe(first.maps);
  });
});

describe('calibratedMaps', () => {
  const measurement = { kspace, pattern: lines(24, 40) };
  it('makes ESPIRiT maps of one or two sets, and keeps each choice apart', async () => {
    const cache = new Map<string, unknown>();
    const one = await calibratedMaps(measurement, { ...DEFAULT_MAPS, maps: 'espirit' }, cache);
    expect(one.maps.shape).toEqual([COILS, SIZE, SIZE]);
    expect(one.eigenvalues?.shape).toEqual([1, SIZE, SIZE]);
    expect(one.note).toMatch(/^Maps: ESPIRiT, 24×16 calibration, \d+ kernels of 6×6$/);
    const two = await calibratedMaps(measurement, { ...DEFAULT_MAPS, maps: 'espirit', mapSets: 2 }, cache);
    expect(two.maps.shape).toEqual([2, COILS, SIZE, SIZE]);
    expect((await calibratedMaps(measurement, { ...DEFAULT_MAPS, maps: 'espirit' }, cache)).maps).toBe(one.maps);
    expect((await calibratedMaps(measurement, DEFAULT_MAPS, cache)).note).toBe('Maps: 32×16 calibration');
    expect(cache.size).toBe(3);
  });
});

it('the zero-filled image of full data is the object', () => {
  const image = zeroFilled(kspace);
  expect(image.shape).toEqual([SIZE, SIZE]);
  ellipses(0).data.forEach((value, i) => {
    if (i % 2 === 0) expect(image.data[i / 2]).toBeCloseTo(value, 5);
  });
});

it('root-sum-of-squares sums over the first axis', () => {
  const x = ndArray('complex64', [2, 2], Float32Array.from([3, 0, 0, 1, 0, 4, 2, 2]));
  expect([...rootSumOfSquares(x).data]).toEqual([5, 3]);
});

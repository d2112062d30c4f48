/** ESPIRiT against NumPy with a singular value decomposition of every pixel: test/fixtures/scripts/espirit.py. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { zeros, type NdArray } from '../../src/array/nd-array.ts';
import { espirit, type EspiritOptions } from '../../src/mri/espirit.ts';
import { rootSumOfSquares } from '../../src/mri/root-sum-of-squares.ts';
import { coils } from '../../src/operators/coils.ts';
import { fft2c } from '../../src/transform/fft.ts';
import { Kernels, kernels, useKernels } from '../../src/transform/kernels.ts';
import { addNoise, COILS, ellipses, ringOfCoils, SIZE } from '../support/ellipses.ts';
import { randomComplex } from '../support/random-array.ts';

const golden = JSON.parse(readFileSync(new URL('../fixtures/espirit.json', import.meta.url), 'utf8')) as {
  kept: number;
  smallestValue: number;
  smallestAlike: number;
  pixels: { row: number; column: number; values: [number, number]; map: [number, number][] }[];
};
const OPTIONS: EspiritOptions = { kernel: 6, calibration: 24, threshold: 0.02, crop: 0, sets: 1 };
const PIXELS = SIZE * SIZE;
const truth = ellipses(0.5);
const ring = ringOfCoils();
const kspace = addNoise(fft2c(coils(ring).apply(truth)));
const centre = { rows: [20, 44], columns: [20, 44] } as const;
const inside = (i: number): boolean => Math.hypot(truth.data[2 * i] ?? NaN, truth.data[2 * i + 1] ?? NaN) > 0.1;

/** ⟨a, b⟩ over coils at pixel i, of coils starting at `first`. */
function alike(a: NdArray<'complex64'>, b: NdArray<'complex64'>, i: number, first = 0, count = COILS, pixels = PIXELS): number {
  let [re, im] = [0, 0];
  for (let c = 0; c < count; c++) {
    const [p, q] = [2 * ((first + c) * pixels + i), 2 * (c * pixels + i)];
    const [ar, ai, br, bi] = [a.data[p] ?? NaN, a.data[p + 1] ?? NaN, b.data[q] ?? NaN, b.data[q + 1] ?? NaN];
    re += ar * br + ai * bi;
    im += ar * bi - ai * br;
  }
  return Math.hypot(re, im);
}

describe('espirit', () => {
  it('has the kernels, eigenvalues and maps of the reference, phase included', () => {
    const { maps, eigenvalues, kept } = espirit(kspace, centre, { ...OPTIONS, sets: 2 });
    expect(kept).toBe(golden.kept);
    expect(golden.pixels.length).toBeGreaterThan(10);
    for (const { row, column, values, map } of golden.pixels) {
      const at = row * SIZE + column;
      // The second vector converges more slowly, the two being far from equal only in the first.
      expect(eigenvalues.data[at]).toBeCloseTo(values[0], 5);
      expect(eigenvalues.data[PIXELS + at]).toBeCloseTo(values[1], 2);
      map.forEach(([re, im], c) => {
        expect(Math.abs((maps.data[2 * (c * PIXELS + at)] ?? NaN) - re)).toBeLessThan(1e-4);
        expect(Math.abs((maps.data[2 * (c * PIXELS + at) + 1] ?? NaN) - im)).toBeLessThan(1e-4);
      });
    }
  });

  it('sees the whole object, and points along the true maps', () => {
    const { maps, eigenvalues } = espirit(kspace, centre, OPTIONS);
    const object = [...Array(PIXELS).keys()].filter(inside);
    expect(Math.min(...object.map((i) => eigenvalues.data[i] ?? NaN))).toBeCloseTo(golden.smallestValue, 5);
    expect(Math.min(...object.map((i) => alike(maps, ring, i)))).toBeCloseTo(golden.smallestAlike, 5);
  });

  it('gives two orthonormal sets', () => {
    const { maps } = espirit(kspace, centre, { ...OPTIONS, sets: 2 });
    const size = COILS * PIXELS * 2;
    const [first, second] = [0, 1].map((s) => ({ dtype: 'complex64', shape: [COILS, SIZE, SIZE], data: maps.data.subarray(s * size, (s + 1) * size) }) as const);
    for (const set of [first, second]) for (const value of rootSumOfSquares(set as NdArray<'complex64'>).data) expect(value).toBeCloseTo(1, 5);
    for (let i = 0; i < PIXELS; i += 13) expect(alike(second as NdArray<'complex64'>, first as NdArray<'complex64'>, i)).toBeLessThan(1e-4);
  });

  it('cuts where asked', () => {
    const { maps, eigenvalues } = espirit(kspace, centre, { ...OPTIONS, crop: 0.95 });
    const lit = rootSumOfSquares({ dtype: 'complex64', shape: [COILS, SIZE, SIZE], data: maps.data }).data;
    let cut = 0;
    lit.forEach((value, i) => {
      expect(value).toBeCloseTo((eigenvalues.data[i] ?? NaN) < 0.95 ? 0 : 1, 5);
      if (value === 0) cut++;
      if (inside(i)) expect(value).toBeGreaterThan(0);
    });
    expect(cut).toBeGreaterThan(100);
  });

  it('looks at the calibration block alone', () => {
    const changed = { ...kspace, data: kspace.data.map((v, i) => (Math.abs(((i >> 1) % SIZE) - SIZE / 2) > 12 ? v + 1 : v)) };
    expect(espirit(changed, centre, OPTIONS).maps.data).toEqual(espirit(kspace, centre, OPTIONS).maps.data);
  });

  it('gives the same bits on any number of threads', async () => {
    const results: Float32Array[] = [];
    for (const threads of [1, 2, 4]) {
      const team = new Kernels(threads);
      const before = useKernels(team);
      results.push(espirit(kspace, centre, { ...OPTIONS, sets: 2 }).maps.data);
      useKernels(before);
      await team.dispose();
    }
    expect(results[1]).toEqual(results[0]);
    expect(results[2]).toEqual(results[0]);
  });

  it.each([[1, 12, 9], [2, 15, 22], [5, 33, 17]])('serves any size: %i coils, %i×%i', (count, rows, columns) => {
    const raw = randomComplex([count, rows, columns]);
    const range = { rows: [1, rows - 1], columns: [1, columns - 1] } as const;
    const { maps, kernel, block } = espirit(raw, range, { ...OPTIONS, sets: 2 });
    expect(maps.shape).toEqual([Math.min(2, count), count, rows, columns]);
    expect(kernel).toBe(Math.min(6, Math.ceil(Math.min(block.rows, block.columns) / 2)));
    expect(maps.data.every(Number.isFinite)).toBe(true);
    if (count === 1) for (let i = 0; i < rows * columns; i++) expect(maps.data[2 * i]).toBeCloseTo(1, 5);
  });

  it('takes silent data without a word, and gives finite maps', () => {
    const { maps } = espirit(zeros('complex64', [2, 16, 16]), { rows: [2, 14], columns: [2, 14] }, OPTIONS);
    expect(maps.data.every(Number.isFinite)).toBe(true);
  });

  it('refuses what is too small or too large, saying what would do, and frees its memory', () => {
    const used = kernels().heap.used;
    expect(() => espirit(kspace, { rows: [32, 34], columns: [30, 34] }, OPTIONS)).toThrow(/at least 3×3/);
    const many = zeros('complex64', [64, 32, 32]);
    expect(() => espirit(many, { rows: [2, 30], columns: [2, 30] }, { ...OPTIONS, kernel: 10 })).toThrow(/64 coils and kernel 10 has 6400 unknowns.*at most 8/);
    espirit(kspace, centre, OPTIONS);
    expect(kernels().heap.used - used).toBeLessThan(4096);
  });
});

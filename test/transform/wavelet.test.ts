import { describe, expect, it } from 'vitest';
import { zeros, type NdArray } from '../../src/array/nd-array.ts';
import { kernels } from '../../src/transform/kernels.ts';
import { RowBlocks } from '../../src/transform/row-blocks.ts';
import { dwt2, idwt2, usefulLevels, WAVELETS, WaveletWork } from '../../src/transform/wavelet.ts';
import { randomComplex, relativeError } from '../support/random-array.ts';

const SIZES = [[8, 8, 1], [8, 8, 3], [16, 12, 2], [17, 22, 2], [6, 5, 1], [46, 33, 3], [128, 96, 4]] as const;

describe.each(WAVELETS)('%s', (wavelet) => {
  it.each(SIZES)('is an isometry and undone by its inverse: %i×%i, %i levels', (rows, columns, levels) => {
    const x = randomComplex([rows, columns]);
    const c = dwt2(x, { wavelet, levels });
    expect(Math.hypot(...c.data) / Math.hypot(...x.data)).toBeCloseTo(1, 5);
    expect(relativeError(idwt2(c, rows, columns, { wavelet, levels }).data, x.data)).toBeLessThan(1e-6);
  });

  it('puts a constant into the approximation alone', () => {
    const x = zeros('complex64', [32, 32]);
    x.data.fill(1);
    const c = dwt2(x, { wavelet, levels: 2 });
    for (let i = 0; i < 32 * 32; i++) {
      const coarse = i % 32 < 8 && i < 8 * 32;
      expect(c.data[2 * i]).toBeCloseTo(coarse ? 4 : 0, 4);
    }
  });

  it.each(SIZES)('shrinks a rotated image as by the definition: %i×%i, %i levels', (rows, columns, levels) => {
    const x = randomComplex([rows, columns]);
    const [down, right] = [1, 2 ** levels - 1];
    const space = new RowBlocks(kernels(), rows, columns);
    const work = new WaveletWork(kernels(), rows, columns, wavelet, levels);
    const address = space.create();
    space.set(address, x.data);
    work.shrink({ address, step: space.step, rows, columns }, 0.3, down, right);
    const got = space.toArray(address);
    const size = [work.height, work.width] as const;
    space.free(address);
    space.dispose();
    work.dispose();

    const moved = rotated(x, size, down, right);
    const coefficients = dwt2(moved, { wavelet, levels });
    softThreshold(coefficients, 0.3, levels);
    const back = rotated(idwt2(coefficients, ...size, { wavelet, levels }), size, -down, -right);
    const expected = zeros('complex64', [rows, columns]);
    for (let r = 0; r < rows; r++) expected.data.set(back.data.subarray(2 * r * size[1], 2 * (r * size[1] + columns)), 2 * r * columns);
    expect(relativeError(got.data, expected.data)).toBeLessThan(1e-6);
  });
});

it('db4 has four vanishing moments: a cubic leaves no details away from the edges', () => {
  const n = 64;
  const x = zeros('complex64', [n, n]);
  for (let i = 0; i < n * n; i++) x.data[2 * i] = ((i % n) / n) ** 3;
  const c = dwt2(x, { wavelet: 'db4', levels: 1 });
  // Row 0, high-pass half, all filters that do not wrap.
  for (let k = 0; k < n / 2 - 4; k++) expect(c.data[2 * (n / 2 + k)]).toBeCloseTo(0, 5);
  expect(Math.abs(c.data[2 * (n - 1)] ?? 0)).toBeGreaterThan(1e-3);
});

it('the Haar transform of a 2×2 image is its sums and differences by half', () => {
  const x = zeros('complex64', [2, 2]);
  x.data.set([1, 0, 2, 1, 3, 0, 4, -1]);
  expect([...dwt2(x, { wavelet: 'haar', levels: 1 }).data].map((v) => Math.round(v * 1e6) / 1e6)).toEqual([5, 0, -1, 0, -2, 1, 0, -1]);
});

it('refuses coefficients of another size', () => {
  expect(() => idwt2(zeros('complex64', [8, 8]), 17, 17, { wavelet: 'haar', levels: 2 })).toThrow(/\[20, 20\], got \[8, 8\]/);
});

it('halves as long as six pixels a side remain', () => {
  expect(usefulLevels(320, 320)).toBe(5);
  expect(usefulLevels(64, 1000)).toBe(3);
  expect(usefulLevels(5, 5)).toBe(1);
});

/** `x` in the corner of a periodic image of `size`, rotated down and right. */
function rotated(x: NdArray<'complex64'>, [height, width]: readonly [number, number], down: number, right: number): NdArray<'complex64'> {
  const [rows, columns] = x.shape as [number, number];
  const out = zeros('complex64', [height, width]);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      const to = 2 * (((r + down + height) % height) * width + ((c + right + width) % width));
      out.data.set(x.data.subarray(2 * (r * columns + c), 2 * (r * columns + c) + 2), to);
    }
  }
  return out;
}

function softThreshold(c: NdArray<'complex64'>, limit: number, levels: number): void {
  const [height, width] = c.shape as [number, number];
  for (let i = 0; i < height * width; i++) {
    if (Math.floor(i / width) < height >> levels && i % width < width >> levels) continue;
    const size = Math.hypot(c.data[2 * i] ?? NaN, c.data[2 * i + 1] ?? NaN);
    const keep = size > limit ? 1 - limit / size : 0;
    for (const at of [2 * i, 2 * i + 1]) c.data[at] = (c.data[at] ?? NaN) * keep;
  }
}

import { describe, expect, it } from 'vitest';
import { ndArray, type NdArray, zeros } from '../../src/array/nd-array.ts';
import { combinedReference } from '../../src/mri/combined-reference.ts';
import { rootSumOfSquares } from '../../src/mri/root-sum-of-squares.ts';
import { fft2c, ifft2c } from '../../src/transform/fft.ts';
import { randomComplex } from '../support/random-array.ts';

const SIZE = 48;
const COILS = 4;

/** Smooth coils around a disc; `noise` scales random numbers in each component of every coil image. */
function scan(noise: number): NdArray<'complex64'> {
  const random = randomComplex([COILS, SIZE, SIZE], 5).data;
  const images = zeros('complex64', [COILS, SIZE, SIZE]);
  for (let c = 0; c < COILS; c++) {
    for (let r = 0; r < SIZE; r++) {
      for (let k = 0; k < SIZE; k++) {
        const at = 2 * ((c * SIZE + r) * SIZE + k);
        const [y, x] = [(r - 24) / 24, (k - 24) / 24];
        const inside = Math.hypot(y, x) < 0.7 ? 1 : 0;
        const weight = inside * (1 + 0.6 * Math.cos((c * Math.PI) / 2) * x + 0.6 * Math.sin((c * Math.PI) / 2) * y);
        const turn = (c * Math.PI) / 3 + 0.5 * x * y;
        images.data[at] = weight * Math.cos(turn) + noise * (random[at] as number);
        images.data[at + 1] = weight * Math.sin(turn) + noise * (random[at + 1] as number);
      }
    }
  }
  return fft2c(images);
}

/** Mean over pixels whose distance from the middle, as a share of half a side, is within [from, to). */
function ring({ data }: NdArray<'float32'>, from: number, to: number): number {
  const chosen = [...data].filter((_, i) => {
    const distance = Math.hypot(Math.floor(i / SIZE) - 24, (i % SIZE) - 24) / 24;
    return distance >= from && distance < to;
  });
  return chosen.reduce((sum, value) => sum + value, 0) / chosen.length;
}

describe('combinedReference', () => {
  it('is the root-sum-of-squares where maps explain the data', () => {
    const kspace = scan(0);
    const [combined, rss] = [combinedReference(kspace), rootSumOfSquares(ifft2c(kspace))];
    for (const [i, value] of combined.data.entries()) expect(value).toBeLessThanOrEqual((rss.data[i] as number) * (1 + 1e-5) + 1e-6);
    expect(ring(combined, 0, 0.6) / ring(rss, 0, 0.6)).toBeGreaterThan(0.999);
  });

  it('keeps tissue and has the noise of one coil in air, not of all four', () => {
    const kspace = scan(0.1);
    const [combined, rss] = [combinedReference(kspace), rootSumOfSquares(ifft2c(kspace))];
    expect(ring(combined, 0, 0.6) / ring(rss, 0, 0.6)).toBeGreaterThan(0.995);
    // The mean of a Rayleigh distribution against that of √(χ² with 8 degrees of freedom): 0.456.
    expect(ring(combined, 0.9, 2) / ring(rss, 0.9, 2)).toBeLessThan(0.55);
    expect(ring(combined, 0.9, 2)).toBeGreaterThan(0);
  });

  it('is the magnitude where there is one coil', () => {
    const data = Float32Array.from({ length: 2 * 16 * 20 }, (_, i) => Math.sin(i * 1.7));
    const kspace = ndArray('complex64', [1, 16, 20], data);
    const rss = rootSumOfSquares(ifft2c(kspace));
    for (const [i, value] of combinedReference(kspace).data.entries()) expect(value).toBeCloseTo(rss.data[i] as number, 5);
  });
});

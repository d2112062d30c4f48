import { describe, expect, it } from 'vitest';
import { magnitude, type NdArray, zeros } from '../../src/array/nd-array.ts';
import { checkFineSize, coarseTile, type FineFactor, fineOffset, placeTile, replaceBand, tilesOf, TILE_MARGIN, withPhase, zeroPadded } from '../../src/mri/super-resolution.ts';
import { fft2c } from '../../src/transform/fft.ts';
import { randomComplex } from '../support/random-array.ts';

const FACTORS: readonly FineFactor[] = [2, 3];
const SIZES = [
  [12, 16],
  [13, 16],
  [15, 11],
] as const;

/** The middle [rows, columns] of the spectrum of `fine`, around ⌊n/2⌋. */
function middle(fine: NdArray<'complex64'>, rows: number, columns: number): Float32Array {
  const spectrum = fft2c(fine);
  const [height, width] = fine.shape as [number, number];
  const out = new Float32Array(2 * rows * columns);
  const [top, left] = [Math.floor(height / 2) - Math.floor(rows / 2), Math.floor(width / 2) - Math.floor(columns / 2)];
  for (let r = 0; r < rows; r++) out.set(spectrum.data.subarray(2 * ((top + r) * width + left), 2 * ((top + r) * width + left + columns)), 2 * r * columns);
  return out;
}

/** A trigonometric polynomial well inside the coarse band, at place (y, x) in units of the field of view. */
const smooth = (y: number, x: number): number => 3 + Math.cos(2 * Math.PI * (2 * y + x)) + 0.5 * Math.sin(2 * Math.PI * (3 * x - y));

function sampled(rows: number, columns: number): NdArray<'float32'> {
  const out = zeros('float32', [rows, columns]);
  for (let i = 0; i < out.data.length; i++) {
    const [r, c] = [Math.floor(i / columns) - Math.floor(rows / 2), (i % columns) - Math.floor(columns / 2)];
    out.data[i] = smooth(r / rows, c / columns);
  }
  return out;
}

const nearest = (a: Float32Array, b: Float32Array): number => a.reduce((worst, value, i) => Math.max(worst, Math.abs(value - (b[i] as number))), 0);

describe.each(FACTORS)('super-resolution ×%i', (factor) => {
  it.each(SIZES)('zero-padding gives a band-limited %i×%i image on the finer grid', (rows, columns) => {
    const fine = magnitude(zeroPadded(sampled(rows, columns), factor));
    expect(nearest(fine.data, sampled(factor * rows, factor * columns).data)).toBeLessThan(1e-5);
  });

  it.each(SIZES)('k-space replacement keeps the measured band of %i×%i exactly, complex or real, whatever the network makes', (rows, columns) => {
    const made = magnitude(randomComplex([factor * rows, factor * columns], 5));
    for (const image of [randomComplex([rows, columns], 6), magnitude(randomComplex([rows, columns], 7))]) {
      const fine = replaceBand(made, image, factor);
      const measured = fft2c(image.dtype === 'complex64' ? image : asComplex(image as NdArray<'float32'>));
      const expected = measured.data.map((value) => factor * value);
      const top = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      expect(nearest(middle(fine, rows, columns), expected)).toBeLessThan(1e-5 * top);
      // What lies outside is the network's.
      expect(nearest(magnitude(fine).data, magnitude(zeroPadded(image, factor)).data)).toBeGreaterThan(0.1);
    }
  });

  it.each(SIZES)('replacement leaves a fine image alone whose band is that of the coarse one (%i×%i)', (rows, columns) => {
    const truth = sampled(factor * rows, factor * columns);
    expect(nearest(magnitude(replaceBand(truth, sampled(rows, columns), factor)).data, truth.data)).toBeLessThan(1e-5);
  });

  it.each(SIZES)('tiles of %i×%i put what a perfect network makes in its place on the grid of the DFT', (rows, columns) => {
    const image = sampled(rows, columns);
    const fine = zeros('float32', [factor * rows, factor * columns]);
    for (const tile of tilesOf(rows, columns)) {
      const input = coarseTile(image, tile, 2);
      expect(input.shape).toEqual([1, 1, tile.rows + 2 * TILE_MARGIN, tile.columns + 2 * TILE_MARGIN]);
      // Fine pixel factor·m lies on pixel m of the tile.
      const made = zeros('float32', [1, 1, factor * (input.shape[2] as number), factor * (input.shape[3] as number)]);
      const width = made.shape[3] as number;
      for (let i = 0; i < made.data.length; i++) {
        const y = Math.floor(i / width) / factor + tile.row - TILE_MARGIN - Math.floor(rows / 2);
        const x = (i % width) / factor + tile.column - TILE_MARGIN - Math.floor(columns / 2);
        made.data[i] = smooth(y / rows, x / columns) / 2;
      }
      placeTile(made, tile, factor, 2, fine);
    }
    expect(nearest(fine.data, sampled(factor * rows, factor * columns).data)).toBeLessThan(1e-5);
  });
});

describe('tiles', () => {
  it('cover a large image once', () => {
    const seen = new Uint8Array(300 * 520);
    for (const { row, column, rows, columns } of tilesOf(300, 520)) {
      expect(Math.max(rows, columns)).toBeLessThanOrEqual(256);
      for (let r = row; r < row + rows; r++) for (let c = column; c < column + columns; c++) seen[r * 520 + c] = (seen[r * 520 + c] as number) + 1;
    }
    expect(seen.every((count) => count === 1)).toBe(true);
  });

  it('wrap the image round at its edges', () => {
    const image = sampled(10, 12);
    const { data } = coarseTile(image, { row: 0, column: 0, rows: 10, columns: 12 }, 1);
    expect(data[0]).toBe(image.data[((-TILE_MARGIN + 10) % 10) * 12 + ((-TILE_MARGIN + 12) % 12)]);
  });
});

describe('grid', () => {
  it('is moved by one fine pixel for odd sides', () => {
    expect([fineOffset(12, 2), fineOffset(12, 3), fineOffset(13, 2), fineOffset(13, 3)]).toEqual([0, 0, 1, 1]);
  });

  it('refuses images that would be too large', () => {
    expect(() => checkFineSize([2048, 100], 2)).not.toThrow();
    expect(() => checkFineSize([2049, 100], 2)).toThrow(/at most 4096/);
  });

  it('takes the angle of each pixel, and 0 where there is none', () => {
    const phase: NdArray<'complex64'> = { dtype: 'complex64', shape: [1, 3], data: Float32Array.of(0, 2, 0, 0, -3, 0) };
    expect([...withPhase({ dtype: 'float32', shape: [1, 3], data: Float32Array.of(1, 4, 5) }, phase).data]).toEqual([0, 1, 4, 0, -5, 0]);
  });
});

function asComplex({ shape, data }: NdArray<'float32'>): NdArray<'complex64'> {
  const out = zeros('complex64', shape);
  for (const [i, value] of data.entries()) out.data[2 * i] = value;
  return out;
}

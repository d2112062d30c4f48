import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ndArray, subArray, zeros, type NdArray } from '../../src/array/nd-array.ts';
import { fft1c, fft2c, fftn, ifft1c, ifft2c, type FftOptions } from '../../src/transform/fft.ts';
import { innerProduct, randomComplex, relativeError } from '../support/random-array.ts';

/** Made by test/fixtures/scripts/fft.py. */
interface Fixture {
  lines: { n: number; at: number[]; plain: number[]; centred: number[] }[];
  planes: { shape: [number, number]; centred: number[] }[];
  norms: { forwardOfForward: number[]; inverseOfBackward: number[]; axis1: number[]; axes02: number[] };
}
const fixture = JSON.parse(readFileSync(new URL('../fixtures/fft.json', import.meta.url), 'utf8')) as Fixture;

/** The signal of fft.py. */
function signal(shape: readonly number[]): NdArray<'complex64'> {
  const x = zeros('complex64', shape);
  for (let i = 0; i < x.data.length / 2; i++) {
    x.data[2 * i] = ((7 * i * i + 3 * i) % 11) - 5;
    x.data[2 * i + 1] = ((5 * i) % 7) - 3;
  }
  return x;
}

const pick = (x: NdArray<'complex64'>, at: readonly number[]): number[] => at.flatMap((i) => [x.data[2 * i] ?? NaN, x.data[2 * i + 1] ?? NaN]);
/** Largest difference relative to the largest value. */
function difference(got: ArrayLike<number>, expected: readonly number[]): number {
  expect(got.length).toBe(expected.length);
  const largest = Math.max(...expected.map(Math.abs), 1);
  return Math.max(...expected.map((value, i) => Math.abs((got[i] ?? NaN) - value))) / largest;
}

describe('equals NumPy', () => {
  it.each(fixture.lines)('length $n', ({ n, at, plain, centred }) => {
    expect(difference(pick(fftn(signal([n])), at), plain)).toBeLessThan(2e-6);
    expect(difference(pick(fft1c(signal([n]), 0), at), centred)).toBeLessThan(2e-6);
  });

  it.each(fixture.planes)('centred plane $shape', ({ shape, centred }) => {
    expect(difference(fft2c(signal(shape)).data, centred)).toBeLessThan(1e-6);
  });

  it('normalisations and axes', () => {
    const x = signal([2, 3, 4]);
    const { norms } = fixture;
    expect(difference(fftn(x, { norm: 'forward' }).data, norms.forwardOfForward)).toBeLessThan(1e-6);
    expect(difference(fftn(x, { inverse: true }).data, norms.inverseOfBackward)).toBeLessThan(1e-6);
    expect(difference(fftn(x, { axes: [1] }).data, norms.axis1)).toBeLessThan(1e-6);
    expect(difference(fftn(x, { axes: [0, -1], norm: 'ortho' }).data, norms.axes02)).toBeLessThan(1e-6);
  });
});

describe('properties', () => {
  const shape = fc.array(fc.integer({ min: 1, max: 41 }), { minLength: 1, maxLength: 3 });

  it('the inverse undoes the forward transform, for every shape, axis and norm', () => {
    const norm = fc.constantFrom<NonNullable<FftOptions['norm']>>('ortho', 'backward', 'forward');
    fc.assert(
      fc.property(shape, norm, fc.boolean(), fc.nat(), (dims, chosen, centred, pickAxis) => {
        const x = randomComplex(dims);
        const options = { axes: [pickAxis % dims.length], norm: chosen, centred };
        const back = fftn(fftn(x, options), { ...options, inverse: true });
        expect(relativeError(back.data, x.data)).toBeLessThan(1e-6);
      }),
      { numRuns: 150, seed: 1 },
    );
  });

  it('the centred orthonormal transform is unitary: <F x, y> = <x, F⁻¹ y>', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 70 }), fc.integer({ min: 1, max: 70 }), (rows, columns) => {
        const [x, y] = [randomComplex([rows, columns], 1), randomComplex([rows, columns], 2)];
        const [a, b] = [innerProduct(fft2c(x), y), innerProduct(x, ifft2c(y))];
        const scale = Math.hypot(...x.data) * Math.hypot(...y.data);
        expect(Math.hypot(a[0] - b[0], a[1] - b[1]) / scale).toBeLessThan(1e-6);
        expect(Math.hypot(...fft2c(x).data) / Math.hypot(...x.data)).toBeCloseTo(1, 5);
      }),
      { numRuns: 60, seed: 2 },
    );
  });

  it('a point at the origin becomes a constant, in odd and even sizes', () => {
    for (const [rows, columns] of [[6, 8], [7, 9], [5, 31], [37, 4]] as const) {
      const x = zeros('complex64', [rows, columns]);
      x.data[2 * (Math.floor(rows / 2) * columns + Math.floor(columns / 2))] = 1;
      const y = fft2c(x).data;
      for (let i = 0; i < y.length; i += 2) {
        expect(y[i]).toBeCloseTo(1 / Math.sqrt(rows * columns), 6);
        expect(y[i + 1]).toBeCloseTo(0, 6);
      }
    }
  });

  it('a batch gives the bits of its planes one by one', () => {
    const x = randomComplex([5, 24, 36]);
    const all = fft2c(x);
    for (let i = 0; i < 5; i++) {
      const plane = subArray(x, i);
      expect(subArray(all, i).data).toEqual(fft2c(ndArray('complex64', plane.shape, plane.data.slice())).data);
    }
  });

  it('may write over its input, and leaves it alone otherwise', () => {
    const x = randomComplex([12, 10]);
    const before = x.data.slice();
    const y = ifft1c(x, -1);
    expect(x.data).toEqual(before);
    expect(ifft1c(x, -1, x)).toBe(x);
    expect(x.data).toEqual(y.data);
  });

  it('takes planes larger than a batch', () => {
    const x = randomComplex([3, 300, 260]);
    expect(relativeError(ifft2c(fft2c(x)).data, x.data)).toBeLessThan(1e-6);
  });
});

describe('bad arguments', () => {
  it('names an axis outside the shape', () => {
    expect(() => fft1c(zeros('complex64', [4, 4]), 2)).toThrow(/axis 2 is outside \[4, 4\]/);
    expect(() => fft1c(zeros('complex64', [4, 4]), -3)).toThrow(/axis -3/);
  });

  it('refuses an `out` of another size', () => {
    expect(() => fft2c(zeros('complex64', [4, 4]), zeros('complex64', [4, 5]))).toThrow(/shape of `x`/);
  });

  it('gives an empty array back', () => {
    expect(fft2c(zeros('complex64', [0, 4, 4])).data).toHaveLength(0);
  });
});

import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { ndArray } from '../../../src/array/nd-array.ts';
import { fft2c } from '../../../src/transform/fft.ts';
import { Kernels, kernels } from '../../../src/transform/kernels.ts';
import { ACCURATE, FAST, Nufft } from '../../../src/transform/nufft/nufft.ts';
import { directNufft } from '../../support/direct-nufft.ts';
import { randomTrajectory, scriptTrajectory, scriptValues, trajectoryOf } from '../../support/nufft-inputs.ts';
import { innerProduct, randomComplex, relativeError } from '../../support/random-array.ts';

const expected = JSON.parse(readFileSync(new URL('../../fixtures/nufft.json', import.meta.url), 'utf8')) as { forward: number[]; adjoint: number[] };
const made: { dispose(): unknown }[] = [];
const keep = <T extends { dispose(): unknown }>(owner: T): T => {
  made.unshift(owner);
  return owner;
};
afterEach(async () => {
  for (const owner of made.splice(0)) await owner.dispose();
});

describe('error against the direct sum, N = 64, 200 random k, along one axis', () => {
  // Chosen setting, and the error that the definition has in double precision; float32 adds about 3·10⁻⁷.
  it.each([
    [1.25, 4, 4.6e-3],
    [1.25, 6, 2.3e-4],
    [2, 3, 4.5e-3],
    [2, 4, 4.3e-4],
    [2, 6, 4.4e-6],
    [2, 8, 5.1e-8],
  ])('oversampling %d, width %i: %d', (oversampling, width, error) => {
    const trajectory = randomTrajectory(1, 64, 20, 10, 3);
    for (let m = 0; m < 200; m++) trajectory.points.data[2 * m] = 0;
    const x = randomComplex([1, 1, 64], 4);
    const found = relativeError(keep(new Nufft(kernels(), trajectory, { oversampling, width })).forward(x).data, directNufft(trajectory, 1).apply(x).data);
    expect(found).toBeLessThan(1.4 * error + 5e-7);
    if (error > 1e-6) expect(found).toBeGreaterThan(0.6 * error);
  });
});

describe('against NumPy, 2 coils, 12×9', () => {
  const trajectory = scriptTrajectory(12, 9, 10, 5, 3);
  it('forward', () => {
    expect(relativeError(keep(new Nufft(kernels(), trajectory)).forward(scriptValues([2, 12, 9], 1)).data, expected.forward)).toBeLessThan(1e-5);
  });
  it('adjoint', () => {
    expect(relativeError(keep(new Nufft(kernels(), trajectory)).adjoint(scriptValues([2, 10, 5], 2)).data, expected.adjoint)).toBeLessThan(1e-5);
  });
});

describe.each([
  ['even', 64, 64, 8],
  ['odd and not square', 33, 50, 3],
  ['odd both ways', 15, 21, 5],
  ['smaller than the kernel', 2, 3, 1],
  ['one pixel', 1, 1, 2],
  ['with a prime above the butterflies', 34, 17, 4],
] as const)('a matrix that is %s: %i×%i, %i coils', (_name, rows, columns, coils) => {
  const trajectory = randomTrajectory(rows, columns, 16, 7);
  const x = randomComplex([coils, rows, columns], 1);
  const y = randomComplex([coils, 16, 7], 2);
  const direct = directNufft(trajectory, coils);

  it('is the sum that the trajectory defines, corners of k-space included', () => {
    const transform = keep(new Nufft(kernels(), trajectory, ACCURATE));
    expect(relativeError(transform.forward(x).data, direct.apply(x).data)).toBeLessThan(2e-5);
    expect(relativeError(transform.adjoint(y).data, direct.adjoint(y).data)).toBeLessThan(2e-5);
  });

  it.each([['accurate', ACCURATE], ['fast', FAST]] as const)('has an exact transpose: %s', (_setting, options) => {
    const transform = keep(new Nufft(kernels(), trajectory, options));
    const [left, right] = [innerProduct(transform.forward(x), y), innerProduct(x, transform.adjoint(y))];
    expect(Math.hypot(left[0] - right[0], left[1] - right[1]) / (Math.hypot(...x.data) * Math.hypot(...y.data))).toBeLessThan(1e-6);
  });
});

it('of integers is the centred FFT', () => {
  const trajectory = trajectoryOf([18, 14], 18, 14, (m) => [Math.floor(m / 14) - 9, (m % 14) - 7]);
  const x = randomComplex([3, 18, 14], 1);
  expect(relativeError(keep(new Nufft(kernels(), trajectory)).forward(x).data, fft2c(x).data)).toBeLessThan(2e-5);
});

it('wraps a little beyond the edge, as the sum has period N', () => {
  const beyond = trajectoryOf([2, 1], 20, 16, (m) => (m === 0 ? [10.6, 3] : [-2, -8.4]));
  const inside = trajectoryOf([2, 1], 20, 16, (m) => (m === 0 ? [-9.4, 3] : [-2, 7.6]));
  const x = randomComplex([1, 20, 16], 1);
  expect(relativeError(keep(new Nufft(kernels(), beyond)).forward(x).data, keep(new Nufft(kernels(), inside)).forward(x).data)).toBeLessThan(1e-5);
});

describe('refuses', () => {
  it.each([
    ['a coordinate that is not finite', NaN, 'input.malformed', 'Sample 1 of the trajectory is at NaN'],
    ['an infinite one', Infinity, 'input.malformed', 'finite'],
    ['units that are not cycles per field of view', 300, 'input.mismatch', '300.0 cycles per field of view; a matrix of 20×16 reaches to ±10.00'],
  ])('%s', (_what, k, code, message) => {
    const trajectory = trajectoryOf([2, 1], 20, 16, (m) => (m === 0 ? [0, 0] : [k, 0]));
    expect(() => new Nufft(kernels(), trajectory)).toThrow(expect.objectContaining({ code, field: 'trajectory', message: expect.stringContaining(message) }));
  });

  it('no samples, wrong shapes and settings out of range', () => {
    const none = { ...randomTrajectory(8, 8, 4, 4), points: ndArray('float32', [0, 4, 2], new Float32Array(0)) };
    expect(() => new Nufft(kernels(), none)).toThrow(expect.objectContaining({ code: 'input.malformed' }));
    const transform = keep(new Nufft(kernels(), randomTrajectory(8, 8, 4, 4)));
    expect(() => transform.forward(randomComplex([1, 8, 7]))).toThrow('NUFFT expects [coil, 8, 8], got [1, 8, 7]');
    expect(() => transform.adjoint(randomComplex([4, 4]))).toThrow('NUFFT expects [coil, 4, 4]');
    for (const options of [{ oversampling: 1, width: 4 }, { oversampling: 2, width: 9 }, { oversampling: 2, width: 4.5 }]) {
      expect(() => new Nufft(kernels(), randomTrajectory(8, 8, 4, 4), options)).toThrow(expect.objectContaining({ code: 'internal' }));
    }
  });
});

it('gives the same bits with any number of threads, and leaves no memory behind', () => {
  const trajectory = randomTrajectory(70, 61, 120, 80);
  const x = randomComplex([6, 70, 61], 1);
  const y = randomComplex([6, 120, 80], 2);
  const results = [1, 2, 4].map((threads) => {
    const owner = keep(new Kernels(threads));
    const transform = new Nufft(owner, trajectory);
    const first = { forward: transform.forward(x).data, adjoint: transform.adjoint(y).data };
    const used = owner.heap.used;
    expect(transform.adjoint(y).data).toEqual(first.adjoint);
    expect(owner.heap.used).toBe(used);
    transform.dispose();
    expect(used - owner.heap.used).toBeGreaterThanOrEqual(transform.bytes);
    return first;
  });
  for (const result of results.slice(1)) expect(result).toEqual(results[0]);
});

it('is linear in coils: each coil alone gives what it gives among others', () => {
  const trajectory = randomTrajectory(12, 10, 9, 6);
  const transform = keep(new Nufft(kernels(), trajectory));
  const x = randomComplex([5, 12, 10], 1);
  const all = transform.forward(x).data;
  for (let coil = 0; coil < 5; coil++) {
    const one = ndArray('complex64', [1, 12, 10], x.data.slice(240 * coil, 240 * (coil + 1)));
    expect(transform.forward(one).data).toEqual(all.slice(108 * coil, 108 * (coil + 1)));
  }
});

import { expect, it } from 'vitest';
import { cholesky, solveCholesky } from '../../src/mri/cholesky.ts';
import { randomComplex } from '../support/random-array.ts';

/** B·Bᴴ + I, interleaved. */
function positive(n: number): Float64Array {
  const b = randomComplex([n, n]).data;
  const a = new Float64Array(2 * n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      let [re, im] = [i === j ? 1 : 0, 0];
      for (let k = 0; k < n; k++) {
        const [ar, ai, br, bi] = [b[2 * (i * n + k)] ?? NaN, b[2 * (i * n + k) + 1] ?? NaN, b[2 * (j * n + k)] ?? NaN, b[2 * (j * n + k) + 1] ?? NaN];
        re += ar * br + ai * bi;
        im += ai * br - ar * bi;
      }
      a.set([re, im], 2 * (i * n + j));
    }
  }
  return a;
}

it.each([1, 2, 5, 17])('solves a system of %i unknowns, also one of several right sides', (n) => {
  const a = positive(n);
  const x = Float64Array.from(randomComplex([n], 3).data);
  const right = new Float64Array(4 * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const [ar, ai, xr, xi] = [a[2 * (i * n + j)] ?? NaN, a[2 * (i * n + j) + 1] ?? NaN, x[2 * j] ?? NaN, x[2 * j + 1] ?? NaN];
      right[2 * (n + i)] = (right[2 * (n + i)] ?? NaN) + ar * xr - ai * xi;
      right[2 * (n + i) + 1] = (right[2 * (n + i) + 1] ?? NaN) + ar * xi + ai * xr;
    }
  }
  expect(cholesky(a, n)).toBe(true);
  solveCholesky(a, n, right, 2 * n);
  right.forEach((value, i) => {
    expect(value).toBeCloseTo(i < 2 * n ? 0 : (x[i - 2 * n] ?? NaN), 12);
  });
});

it('says when a matrix is not positive definite', () => {
  expect(cholesky(Float64Array.from([1, 0, 2, 0, 2, 0, 1, 0]), 2)).toBe(false);
  expect(cholesky(Float64Array.from([NaN, 0]), 1)).toBe(false);
});

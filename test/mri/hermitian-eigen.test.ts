import { describe, expect, it } from 'vitest';
import { hermitianEigen } from '../../src/mri/hermitian-eigen.ts';

/** Deterministic Hermitian n×n with entries in about [-1, 1]. */
function hermitian(n: number): Float64Array {
  const a = new Float64Array(2 * n * n);
  for (let p = 0; p < n; p++) {
    for (let q = p; q < n; q++) {
      const re = Math.sin(1 + 3.7 * p + 1.3 * q * q);
      const im = p === q ? 0 : Math.cos(2 + 2.1 * p * q + q);
      a.set([re, im], 2 * (p * n + q));
      a.set([re, -im], 2 * (q * n + p));
    }
  }
  return a;
}

/** Element (i, j) of A·V − V·diag(values), and of VᴴV − I: both are zero for a correct answer. */
function worstResiduals(a: Float64Array, n: number, values: Float64Array, v: Float64Array): { eigen: number; unitary: number } {
  let eigen = 0;
  let unitary = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      let [er, ei, ur, ui] = [0, 0, i === j ? -1 : 0, 0];
      for (let k = 0; k < n; k++) {
        const [ar, ai] = [a[2 * (i * n + k)] as number, a[2 * (i * n + k) + 1] as number];
        const [vr, vi] = [v[2 * (k * n + j)] as number, v[2 * (k * n + j) + 1] as number];
        const [wr, wi] = [v[2 * (k * n + i)] as number, v[2 * (k * n + i) + 1] as number];
        er += ar * vr - ai * vi;
        ei += ar * vi + ai * vr;
        ur += wr * vr + wi * vi;
        ui += wr * vi - wi * vr;
      }
      er -= (values[j] as number) * (v[2 * (i * n + j)] as number);
      ei -= (values[j] as number) * (v[2 * (i * n + j) + 1] as number);
      eigen = Math.max(eigen, Math.hypot(er, ei));
      unitary = Math.max(unitary, Math.hypot(ur, ui));
    }
  }
  return { eigen, unitary };
}

describe('hermitianEigen', () => {
  it('solves the 2×2 case that can be done by hand', () => {
    // [2, i; −i, 2] has eigenvalues 3 and 1.
    const { values } = hermitianEigen(Float64Array.of(2, 0, 0, 1, 0, -1, 2, 0), 2);
    expect(values[0]).toBeCloseTo(3, 14);
    expect(values[1]).toBeCloseTo(1, 14);
  });

  it.each([1, 2, 3, 8, 20, 32])('gives A·V = V·Λ with unitary V for n = %i, values descending', (n) => {
    const a = hermitian(n);
    const { values, vectors } = hermitianEigen(a, n);
    const { eigen, unitary } = worstResiduals(a, n, values, vectors);
    expect(eigen).toBeLessThan(1e-12 * n);
    expect(unitary).toBeLessThan(1e-13 * n);
    for (let i = 1; i < n; i++) expect(values[i] as number).toBeLessThanOrEqual(values[i - 1] as number);
  });

  it('takes repeated eigenvalues and zero', () => {
    expect([...hermitianEigen(new Float64Array(2 * 9), 3).values]).toEqual([0, 0, 0]);
    const twice = new Float64Array(18);
    for (let i = 0; i < 3; i++) twice[2 * (4 * i)] = 5;
    expect([...hermitianEigen(twice, 3).values]).toEqual([5, 5, 5]);
  });
});

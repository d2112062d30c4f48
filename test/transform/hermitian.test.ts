import { describe, expect, it } from 'vitest';
import { hermitianEigen } from '../../src/mri/hermitian-eigen.ts';
import { Random } from '../../src/random/xoshiro.ts';
import { dominantSubspace, HermitianMatrix } from '../../src/transform/hermitian.ts';
import { Kernels, kernels } from '../../src/transform/kernels.ts';

/** Σ of `rank` random outer products with weights 1, ½, ¼ …, [i][j] interleaved. */
function positive(n: number, rank: number): Float64Array {
  const random = new Random(3, n, rank);
  const a = new Float64Array(2 * n * n);
  for (let k = 0; k < rank; k++) {
    const x = Float64Array.from({ length: 2 * n }, () => random.uniform() - 0.5);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        const [xr, xi, yr, yi] = [x[2 * i] ?? NaN, x[2 * i + 1] ?? NaN, x[2 * j] ?? NaN, x[2 * j + 1] ?? NaN];
        a[2 * (i * n + j)] = (a[2 * (i * n + j)] ?? NaN) + (xr * yr + xi * yi) / 2 ** k;
        a[2 * (i * n + j) + 1] = (a[2 * (i * n + j) + 1] ?? NaN) + (xi * yr - xr * yi) / 2 ** k;
      }
    }
  }
  return a;
}

function load(team: Kernels, a: Float64Array, n: number): HermitianMatrix {
  const matrix = new HermitianMatrix(team, n);
  const to = matrix.doubles();
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      to[(i * matrix.stride) / 8 + j] = a[2 * (i * n + j)] ?? NaN;
      to[(i * matrix.stride) / 8 + matrix.stride / 16 + j] = a[2 * (i * n + j) + 1] ?? NaN;
    }
  }
  return matrix;
}

/** Interleaved Σ v·vᴴ over the first `kept` columns. */
function projector(vectors: Float64Array, n: number, kept: number): Float64Array {
  const out = new Float64Array(2 * n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      for (let k = 0; k < kept; k++) {
        const [ar, ai] = [vectors[2 * (i * n + k)] ?? NaN, vectors[2 * (i * n + k) + 1] ?? NaN];
        const [br, bi] = [vectors[2 * (j * n + k)] ?? NaN, vectors[2 * (j * n + k) + 1] ?? NaN];
        out[2 * (i * n + j)] = (out[2 * (i * n + j)] ?? NaN) + ar * br + ai * bi;
        out[2 * (i * n + j) + 1] = (out[2 * (i * n + j) + 1] ?? NaN) + ai * br - ar * bi;
      }
    }
  }
  return out;
}

/** Largest difference of the kernel's projector from `expected`. */
function worst(matrix: HermitianMatrix, expected: Float64Array): number {
  const { n, stride } = matrix;
  const p = matrix.doubles();
  let largest = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const at = (i * stride) / 8 + j;
      largest = Math.max(largest, Math.abs((p[at] ?? NaN) - (expected[2 * (i * n + j)] ?? NaN)), Math.abs((p[at + stride / 16] ?? NaN) - (expected[2 * (i * n + j) + 1] ?? NaN)));
    }
  }
  return largest;
}

describe('dominantSubspace', () => {
  it.each([[1, 1], [2, 2], [3, 2], [8, 8], [17, 5], [40, 12]])('agrees with Jacobi rotations: %i×%i of rank %i', (n, rank) => {
    const a = positive(n, rank);
    const reference = hermitianEigen(a, n);
    const matrix = load(kernels(), a, n);
    const { values, kept } = dominantSubspace(kernels(), matrix, 1e-3);
    expect(kept).toBe(reference.values.filter((value) => value >= 1e-3 * (reference.values[0] ?? NaN)).length);
    for (const [i, value] of values.entries()) expect(Math.abs(value - (reference.values[i] ?? NaN))).toBeLessThan(1e-13 * n * (reference.values[0] ?? NaN));
    expect(worst(matrix, projector(reference.vectors, n, kept))).toBeLessThan(1e-9);
    matrix.dispose();
  });

  it('keeps a whole space of equal eigenvalues', () => {
    const n = 12;
    const a = new Float64Array(2 * n * n);
    for (let i = 0; i < n; i++) a[2 * (i * n + i)] = i < 7 ? 2 : 0.001;
    const matrix = load(kernels(), a, n);
    expect(dominantSubspace(kernels(), matrix, 0.5).kept).toBe(7);
    const expected = new Float64Array(2 * n * n);
    for (let i = 0; i < 7; i++) expected[2 * (i * n + i)] = 1;
    expect(worst(matrix, expected)).toBeLessThan(1e-12);
    matrix.dispose();
  });

  it('gives the same bits on any number of threads', async () => {
    const results: Float64Array[] = [];
    for (const threads of [1, 2, 4]) {
      const team = new Kernels(threads);
      const matrix = load(team, positive(150, 30), 150);
      dominantSubspace(team, matrix, 1e-4);
      results.push(matrix.doubles().slice());
      await team.dispose();
    }
    expect(results[1]).toEqual(results[0]);
    expect(results[2]).toEqual(results[0]);
  });

  it('refuses numbers that are not finite, and frees its memory', () => {
    const used = kernels().heap.used;
    const matrix = load(kernels(), positive(6, 6).fill(NaN, 10, 12), 6);
    expect(() => dominantSubspace(kernels(), matrix, 0.1)).toThrow(expect.objectContaining({ code: 'internal' }));
    matrix.dispose();
    expect(kernels().heap.used).toBe(used);
  });
});

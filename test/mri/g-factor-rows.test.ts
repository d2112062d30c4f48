/** The g-factor of whole rows by the kernels against dense matrices solved in plain code, for an odd and an even number of columns. */
import { afterEach, describe, expect, it } from 'vitest';
import { NEVER_CANCELLED } from '../../src/algorithms/status.ts';
import type { NdArray } from '../../src/array/nd-array.ts';
import { solveCholesky, cholesky } from '../../src/mri/cholesky.ts';
import { gFactor } from '../../src/mri/g-factor.ts';
import { describePattern } from '../../src/sampling/describe.ts';
import type { SamplingPattern } from '../../src/sampling/pattern.ts';
import { Kernels, kernels, useKernels } from '../../src/transform/kernels.ts';
import { randomComplex } from '../support/random-array.ts';

const before = kernels();
const teams: Kernels[] = [];
afterEach(async () => {
  useKernels(before);
  await Promise.all(teams.splice(0).map((team) => team.dispose()));
});

const [COILS, ROWS] = [5, 19];
const someLines = (columns: number): SamplingPattern =>
  describePattern({ kind: 'lines', rows: ROWS, columns, mask: Uint8Array.from({ length: columns }, (_, i) => (i % 3 === 0 || Math.abs(2 * i - columns) < 6 ? 1 : 0)) });

async function map(maps: NdArray<'complex64'>, pattern: SamplingPattern, threads: number): Promise<Float32Array> {
  const team = new Kernels(threads);
  teams.push(team);
  useKernels(team);
  const steps = gFactor(maps, pattern, NEVER_CANCELLED);
  for (;;) {
    const { value, done } = await steps.next();
    if (done) return value.data;
  }
}

/** g of one row from the columns of N⁻¹, N_ij = Σ_c conj(S_c(i))·S_c(j) · (1/n) Σ_k mask_k e^(2πi(k − ⌊n/2⌋)(i − j)/n), with the ridge of the kernels. */
function expected({ data }: NdArray<'complex64'>, { mask, columns: n, achieved }: SamplingPattern, row: number): number[] {
  const normal = new Float64Array(2 * n * n);
  const own = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      let [re, im, pr, pi] = [0, 0, 0, 0];
      for (let c = 0; c < COILS; c++) {
        const [a, b] = [2 * ((c * ROWS + row) * n + i), 2 * ((c * ROWS + row) * n + j)];
        const [ar, ai, br, bi] = [data[a] ?? NaN, data[a + 1] ?? NaN, data[b] ?? NaN, data[b + 1] ?? NaN];
        re += ar * br + ai * bi;
        im += ar * bi - ai * br;
      }
      for (let k = 0; k < n; k++) {
        const angle = (2 * Math.PI * (k - Math.floor(n / 2)) * (i - j)) / n;
        pr += ((mask[k] ?? NaN) * Math.cos(angle)) / n;
        pi += ((mask[k] ?? NaN) * Math.sin(angle)) / n;
      }
      if (i === j) own[i] = re;
      normal.set([re * pr - im * pi, re * pi + im * pr], 2 * (i * n + j));
    }
  }
  for (let i = 0; i < n; i++) normal[2 * (i * n + i)] = (normal[2 * (i * n + i)] ?? NaN) + 1e-7 * Math.max(...own);
  expect(cholesky(normal, n)).toBe(true);
  return Array.from({ length: n }, (_, i) => {
    const x = new Float64Array(2 * n);
    x[2 * i] = 1;
    solveCholesky(normal, n, x);
    return Math.sqrt(((x[2 * i] ?? NaN) * (own[i] ?? NaN)) / achieved);
  });
}

describe('gFactor of whole rows', () => {
  it.each([24, 25])('is that of dense matrices, %i columns', async (columns) => {
    const maps = randomComplex([COILS, ROWS, columns], 4);
    const pattern = someLines(columns);
    const g = await map(maps, pattern, 2);
    for (const row of [0, 7, 18]) {
      for (const [i, value] of expected(maps, pattern, row).entries()) expect((g[row * columns + i] ?? NaN) / value).toBeCloseTo(1, 5);
    }
  });

  it('gives the same bits for any number of threads', async () => {
    const maps = randomComplex([COILS, ROWS, 25], 4);
    const [one, three] = [await map(maps, someLines(25), 1), await map(maps, someLines(25), 3)];
    expect(three).toEqual(one);
  });

  it('is NaN for a row without maps, and leaves the others', async () => {
    const maps = randomComplex([COILS, ROWS, 24], 4);
    const silent = { ...maps, data: maps.data.map((value, i) => (Math.floor(i / 48) % ROWS === 3 ? 0 : value)) };
    const [g, all] = [await map(silent, someLines(24), 1), await map(maps, someLines(24), 1)];
    expect(g.subarray(3 * 24, 4 * 24).every(Number.isNaN)).toBe(true);
    expect(g.subarray(4 * 24)).toEqual(all.subarray(4 * 24));
  });
});

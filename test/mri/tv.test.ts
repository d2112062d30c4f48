/** Total variation against double-precision NumPy: test/fixtures/scripts/tv.py. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { NEVER_CANCELLED, type AlgorithmStatus } from '../../src/algorithms/status.ts';
import { ndArray, type NdArray } from '../../src/array/nd-array.ts';
import { totalVariation } from '../../src/mri/tv.ts';
import { TvSystem } from '../../src/mri/tv-system.ts';
import { coils } from '../../src/operators/coils.ts';
import { mask } from '../../src/operators/mask.ts';
import { describePattern } from '../../src/sampling/describe.ts';
import { fft2c } from '../../src/transform/fft.ts';
import { Kernels, kernels, useKernels } from '../../src/transform/kernels.ts';
import { RowBlocks } from '../../src/transform/row-blocks.ts';
import { addNoise, COILS, ellipses, ringOfCoils, SIZE } from '../support/ellipses.ts';
import { randomComplex, relativeError } from '../support/random-array.ts';
import { randomPattern } from '../support/random-pattern.ts';

const golden = JSON.parse(readFileSync(new URL('../fixtures/tv.json', import.meta.url), 'utf8')) as {
  lambda: number; rho: number; iterations: number; zeroFilled: number; tv: number;
};
const { lambda, rho, iterations } = golden;

async function finish(steps: AsyncGenerator<AlgorithmStatus, NdArray<'complex64'>>): Promise<{ x: NdArray<'complex64'>; residuals: number[] }> {
  const residuals: number[] = [];
  for (;;) {
    const next = await steps.next();
    if (next.done) return { x: next.value, residuals };
    residuals.push(next.value.residual);
  }
}

describe('differences in kernel memory', () => {
  it.each([[8, 8], [9, 7], [6, 5], [11, 12], [3, 9], [2, 4]])('%i×%i: equal to the formulas', (rows, columns) => {
    const space = new RowBlocks(kernels(), rows, columns);
    const system = new TvSystem(space);
    const image = randomComplex([rows, columns], 3).data;
    const [x, out] = [space.create(), space.create()];
    try {
      space.set(x, image);
      const at = (data: Float32Array, i: number, j: number, part: number): number => data[2 * (((i + rows) % rows) * columns + ((j + columns) % columns)) + part] ?? NaN;
      const pixels = Array.from({ length: 2 * rows * columns }, (_, k) => ({ part: k % 2, j: (k >> 1) % columns, i: Math.floor((k >> 1) / columns) }));

      system.addNormal(0.5, x, out);
      const laplace = pixels.map(({ i, j, part }) => 0.5 * (4 * at(image, i, j, part) - at(image, i - 1, j, part) - at(image, i + 1, j, part) - at(image, i, j - 1, part) - at(image, i, j + 1, part)));
      expect(relativeError(space.toArray(out).data, laplace)).toBeLessThan(1e-6);

      // u = 0: v − u = g − 2·g·min(1, t/|g|)
      const threshold = 0.6;
      system.split(x, threshold);
      const gradient = [[0, 1], [1, 0]].map(([down, across]) => pixels.map(({ i, j, part }) => at(image, i + (down ?? 0), j + (across ?? 0), part) - at(image, i, j, part)));
      const share = pixels.map((_, k) => Math.min(1, threshold / Math.hypot(...gradient.flatMap((g) => [g[k - (k % 2)] ?? NaN, g[k - (k % 2) + 1] ?? NaN]))));
      const targets = gradient.map((g) => g.map((value, k) => value * (1 - 2 * (share[k] ?? NaN))));
      for (const [direction, target] of system.targets().entries()) expect(relativeError(target.data, targets[direction] ?? [])).toBeLessThan(1e-5);

      system.rightSide(x, 0.5, out);
      const [d, e] = targets.map((target) => Float32Array.from(target)) as [Float32Array, Float32Array];
      const right = pixels.map(({ i, j, part }) => at(image, i, j, part) + 0.5 * (at(d, i, j - 1, part) - at(d, i, j, part) + at(e, i - 1, j, part) - at(e, i, j, part)));
      expect(relativeError(space.toArray(out).data, right)).toBeLessThan(1e-5);
      // Rows and columns past the image stay silent, or sums over vectors would hear them.
      expect(space.dot(out, out)).toBeCloseTo(right.reduce((sum, value) => sum + value * value, 0), 3);
    } finally {
      space.free(x);
      space.free(out);
      system.dispose();
      space.dispose();
    }
  });
});

describe('total variation', () => {
  const kept = [0, 5, 9, 14, 17, 20, 23, 25, 38, 40, 42, 45, 48, 51, 56, 60];
  const flags = Uint8Array.from({ length: SIZE }, (_, i) => (kept.includes(i) || (i >= SIZE / 2 - 4 && i < SIZE / 2 + 4) ? 1 : 0));
  const pattern = describePattern({ kind: 'lines', rows: SIZE, columns: SIZE, mask: flags });
  const real = ellipses(0);
  const y = mask(pattern, 1).apply(addNoise(fft2c(ndArray('complex64', [1, SIZE, SIZE], real.data.slice()))));
  const one = ndArray('complex64', [1, SIZE, SIZE], Float32Array.from({ length: 2 * SIZE * SIZE }, (_, i) => 1 - (i % 2)));
  const options = { lambda, rho, iterations, innerIterations: 5, tolerance: 0, signal: NEVER_CANCELLED };

  it('has the error of the reference, which divides in k-space where this takes five steps of CG', async () => {
    const { x } = await finish(totalVariation(y, one, pattern, options));
    const error = relativeError(x.data, real.data) ** 2;
    expect(Math.abs(error / golden.tv - 1)).toBeLessThan(0.02);
    expect(error).toBeLessThan(4.8e-5);
  });

  it('converges, stops at the tolerance and when cancelled', async () => {
    const { residuals } = await finish(totalVariation(y, one, pattern, { ...options, tolerance: 1e-3 }));
    expect(residuals.length).toBeLessThan(iterations);
    expect(residuals.at(-1)).toBeLessThan(1e-3);
    await expect(totalVariation(y, one, pattern, { ...options, signal: { cancelled: true } }).next()).rejects.toMatchObject({ code: 'job.cancelled' });
  });

  it.each(['lines', 'points'] as const)('gives the same bits on any number of threads (%s)', async (kind) => {
    const drawn = randomPattern(kind, SIZE, SIZE);
    const many = mask(drawn, COILS).apply(fft2c(coils(ringOfCoils()).apply(ellipses(0.5))));
    const results: Buffer[] = [];
    for (const threads of [1, 2, 4]) {
      const team = new Kernels(threads);
      const before = useKernels(team);
      const { x } = await finish(totalVariation(many, ringOfCoils(), drawn, { ...options, iterations: 6 }));
      useKernels(before);
      await team.dispose();
      results.push(Buffer.from(x.data.buffer.slice(0)));
    }
    expect(results[1]?.equals(results[0] ?? Buffer.of())).toBe(true);
    expect(results[2]?.equals(results[0] ?? Buffer.of())).toBe(true);
  });
});

/** SENSE and L1-wavelet against double-precision NumPy: test/fixtures/scripts/classical.py. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { AlgorithmStatus } from '../../src/algorithms/status.ts';
import { NEVER_CANCELLED } from '../../src/algorithms/status.ts';
import { ndArray, type NdArray } from '../../src/array/nd-array.ts';
import { dataResidual } from '../../src/mri/data-residual.ts';
import { l1Wavelet } from '../../src/mri/l1-wavelet.ts';
import { sense } from '../../src/mri/sense.ts';
import { coils } from '../../src/operators/coils.ts';
import { mask } from '../../src/operators/mask.ts';
import { senseOperator } from '../../src/operators/sense.ts';
import { describePattern } from '../../src/sampling/describe.ts';
import type { SamplingPattern } from '../../src/sampling/pattern.ts';
import { fft2c } from '../../src/transform/fft.ts';
import { Kernels, kernels, useKernels } from '../../src/transform/kernels.ts';
import { addNoise, COILS, ellipses, ringOfCoils, SIZE } from '../support/ellipses.ts';
import { relativeError } from '../support/random-array.ts';
import { randomPattern } from '../support/random-pattern.ts';

const golden = JSON.parse(readFileSync(new URL('../fixtures/classical.json', import.meta.url), 'utf8')) as {
  sense: { acceleration: number; zeroFilled: number; sense: number }[];
  l1: { zeroFilled: number; shifted: number[] };
};

const lines = (kept: (column: number) => boolean): SamplingPattern =>
  describePattern({ kind: 'lines', rows: SIZE, columns: SIZE, mask: Uint8Array.from({ length: SIZE }, (_, i) => (kept(i) ? 1 : 0)) });

async function finish(steps: AsyncGenerator<AlgorithmStatus, NdArray<'complex64'>>): Promise<NdArray<'complex64'>> {
  for (;;) {
    const next = await steps.next();
    if (next.done) return next.value;
  }
}

const nmse = (x: NdArray<'complex64'>, truth: NdArray<'complex64'>): number => relativeError(x.data, truth.data) ** 2;
const truth = ellipses(0.5);
const maps = ringOfCoils();
const kspace = addNoise(fft2c(coils(maps).apply(truth)));

describe('SENSE', () => {
  it.each(golden.sense)('has the error of the reference at R = $acceleration', async ({ acceleration, zeroFilled, sense: expected }) => {
    const pattern = lines((i) => i % acceleration === 0 || (i >= SIZE / 2 - 8 && i < SIZE / 2 + 8));
    const y = mask(pattern, COILS).apply(kspace);
    expect(nmse(senseOperator(maps, pattern).adjoint(y), truth) / zeroFilled).toBeCloseTo(1, 2);
    const x = await finish(sense(y, maps, pattern, { lambda: 1e-4, iterations: 30, tolerance: 0, signal: NEVER_CANCELLED }));
    expect(Math.abs(nmse(x, truth) / expected - 1)).toBeLessThan(0.02);
  });

  it('recovers a fully sampled image exactly, and reports its residual', async () => {
    const pattern = lines(() => true);
    const clean = fft2c(coils(maps).apply(truth));
    const x = await finish(sense(clean, maps, pattern, { lambda: 0, iterations: 5, tolerance: 1e-6, signal: NEVER_CANCELLED }));
    expect(relativeError(x.data, truth.data)).toBeLessThan(1e-6);
    expect(dataResidual(x, clean, maps, pattern)).toBeLessThan(1e-6);
    const half = ndArray('complex64', x.shape, x.data.map((value) => value / 2));
    expect(dataResidual(half, clean, maps, pattern)).toBeCloseTo(0.5, 5);
  });
});

describe('L1-wavelet', () => {
  const kept = [0, 5, 9, 14, 17, 20, 23, 25, 38, 40, 42, 45, 48, 51, 56, 60];
  const pattern = lines((i) => kept.includes(i) || (i >= SIZE / 2 - 4 && i < SIZE / 2 + 4));
  const real = ellipses(0);
  const y = mask(pattern, 1).apply(addNoise(fft2c(ndArray('complex64', [1, SIZE, SIZE], real.data.slice()))));
  const one = ndArray('complex64', [1, SIZE, SIZE], Float32Array.from({ length: 2 * SIZE * SIZE }, (_, i) => 1 - (i % 2)));
  const options = { lambda: 0.003, iterations: 200, tolerance: 0, wavelet: 'haar', levels: 4, seed: 1, signal: NEVER_CANCELLED } as const;

  it('has the error of the reference, within the spread of its random shifts', async () => {
    const x = await finish(l1Wavelet(y, one, pattern, options));
    expect(nmse(senseOperator(one, pattern).adjoint(y), real) / golden.l1.zeroFilled).toBeCloseTo(1, 2);
    expect(nmse(x, real)).toBeLessThan(1.2 * Math.max(...golden.l1.shifted));
    expect(nmse(x, real)).toBeGreaterThan(0.8 * Math.min(...golden.l1.shifted));
  });

  it('depends on its seed alone', async () => {
    const short = { ...options, iterations: 10 };
    const a = await finish(l1Wavelet(y, one, pattern, short));
    expect((await finish(l1Wavelet(y, one, pattern, short))).data).toEqual(a.data);
    expect((await finish(l1Wavelet(y, one, pattern, { ...short, seed: 2 }))).data).not.toEqual(a.data);
  });
});

describe('both', () => {
  it.each(['lines', 'points'] as const)('give the same bits on any number of threads (%s)', async (kind) => {
    const pattern = randomPattern(kind, SIZE, SIZE);
    const y = mask(pattern, COILS).apply(kspace);
    const signal = NEVER_CANCELLED;
    const results: Buffer[] = [];
    for (const threads of [1, 2, 4]) {
      const team = new Kernels(threads);
      const before = useKernels(team);
      const a = await finish(sense(y, maps, pattern, { lambda: 1e-3, iterations: 8, tolerance: 0, signal }));
      const b = await finish(
        l1Wavelet(y, maps, pattern, { lambda: 0.003, iterations: 8, tolerance: 0, wavelet: 'db4', levels: 3, seed: 1, signal }),
      );
      useKernels(before);
      await team.dispose();
      results.push(Buffer.concat([Buffer.from(a.data.buffer), Buffer.from(b.data.buffer)]));
    }
    expect(results.map((bytes) => bytes.equals(results[0] ?? Buffer.alloc(0)))).toEqual([true, true, true]);
  });

  it('stop when cancelled and free kernel memory', async () => {
    const pattern = randomPattern('lines', SIZE, SIZE);
    const y = mask(pattern, COILS).apply(kspace);
    const options = { iterations: 50, tolerance: 0 };
    const run = async (signal: { cancelled: boolean }): Promise<void> => {
      await finish(sense(y, maps, pattern, { ...options, lambda: 0, signal }));
      await finish(l1Wavelet(y, maps, pattern, { ...options, lambda: 0.01, wavelet: 'haar', levels: 2, seed: 1, signal }));
    };
    await run(NEVER_CANCELLED);
    const used = kernels().heap.used;
    await expect(run({ cancelled: true })).rejects.toMatchObject({ code: 'job.cancelled' });
    for await (const status of l1Wavelet(y, maps, pattern, { ...options, lambda: 0.01, wavelet: 'haar', levels: 2, seed: 1, signal: NEVER_CANCELLED })) {
      expect(status.x.shape).toEqual([SIZE, SIZE]);
      break;
    }
    expect(kernels().heap.used).toBe(used);
  });
});

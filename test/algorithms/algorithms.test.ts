import { describe, expect, it } from 'vitest';
import { arraySpace } from '../../src/algorithms/array-space.ts';
import { conjugateGradients } from '../../src/algorithms/cg.ts';
import { fista } from '../../src/algorithms/fista.ts';
import { powerIteration } from '../../src/algorithms/power-iteration.ts';
import { NEVER_CANCELLED, type AlgorithmStatus } from '../../src/algorithms/status.ts';
import type { VectorSpace } from '../../src/algorithms/vector-space.ts';
import { zeros, type NdArray } from '../../src/array/nd-array.ts';
import { randomComplex, relativeError } from '../support/random-array.ts';

type Vector = NdArray<'complex64'>;
const SIZE = 6;

/** N x for the diagonal N = diag(values). */
const diagonal = (values: readonly number[]) => (x: Vector, out: Vector): void => {
  for (let i = 0; i < x.data.length; i++) out.data[i] = (values[i >> 1] ?? NaN) * (x.data[i] ?? NaN);
};

/** Counts vectors that were made and not freed. */
function countingSpace(): VectorSpace<Vector> & { live: number } {
  const space = arraySpace([SIZE]);
  const counting = { ...space, live: 0, create: () => { counting.live++; return space.create(); }, free: () => { counting.live--; } };
  return counting;
}

async function collect<R>(steps: AsyncGenerator<AlgorithmStatus, R>): Promise<{ statuses: AlgorithmStatus[]; result: R }> {
  const statuses: AlgorithmStatus[] = [];
  for (;;) {
    const next = await steps.next();
    if (next.done) return { statuses, result: next.value };
    statuses.push(next.value);
  }
}

const cancelAfter = (reads: number) => ({ get cancelled() { return reads-- <= 0; } });
const base = { iterations: 50, tolerance: 1e-6, signal: NEVER_CANCELLED };

describe('conjugateGradients', () => {
  const values = [1, 2, 3, 4, 5, 6];
  const truth = randomComplex([SIZE], 4);
  const b = zeros('complex64', [SIZE]);
  diagonal(values)(truth, b);

  it('ends after as many steps as there are eigenvalues, with the residual it reports', async () => {
    const space = countingSpace();
    const x = zeros('complex64', [SIZE]);
    const { statuses } = await collect(conjugateGradients(space, diagonal(values), b, x, base));
    expect(statuses.length).toBeLessThanOrEqual(SIZE + 1);
    expect(relativeError(x.data, truth.data)).toBeLessThan(1e-5);
    expect(statuses.at(-1)?.residual).toBeLessThan(1e-6);
    expect(space.live).toBe(0);
    const image = zeros('complex64', [SIZE]);
    const { statuses: two } = await collect(conjugateGradients(space, diagonal(values), b, zeros('complex64', [SIZE]), { ...base, iterations: 2 }));
    diagonal(values)(two[1]?.x ?? truth, image);
    expect(relativeError(image.data, b.data)).toBeGreaterThan(0.01);
  });

  it('gives zero for b = 0, and starts from the x it is given', async () => {
    const x = randomComplex([SIZE], 9);
    await collect(conjugateGradients(arraySpace([SIZE]), diagonal(values), zeros('complex64', [SIZE]), x, base));
    expect(Math.hypot(...x.data)).toBe(0);
    const close = { ...truth, data: truth.data.slice() };
    expect((await collect(conjugateGradients(arraySpace([SIZE]), diagonal(values), b, close, base))).statuses).toHaveLength(0);
  });

  it('stops between steps when cancelled, and frees its vectors', async () => {
    const space = countingSpace();
    const steps = conjugateGradients(space, diagonal(values), b, zeros('complex64', [SIZE]), { ...base, signal: cancelAfter(2) });
    await expect(collect(steps)).rejects.toMatchObject({ code: 'job.cancelled' });
    expect(space.live).toBe(0);
  });

  it('frees its vectors when the consumer leaves', async () => {
    const space = countingSpace();
    for await (const status of conjugateGradients(space, diagonal(values), b, zeros('complex64', [SIZE]), base)) {
      if (status.iteration === 2) break;
    }
    expect(space.live).toBe(0);
  });
});

describe('fista', () => {
  /** Real soft threshold by 0.1 of each part: the proximal map of 0.1·(Σ|re| + Σ|im|). */
  const shrink = (x: Vector): void => {
    for (let i = 0; i < x.data.length; i++) {
      const value = x.data[i] ?? NaN;
      x.data[i] = Math.sign(value) * Math.max(0, Math.abs(value) - 0.1);
    }
  };

  it('solves the lasso of a diagonal operator: x = soft(b, 0.1) / d', async () => {
    const values = [1, 0.9, 0.8, 0.5, 0.3, 0.2];
    const b = randomComplex([SIZE], 6);
    const x = zeros('complex64', [SIZE]);
    const { statuses } = await collect(fista(arraySpace([SIZE]), diagonal(values), shrink, b, x, { ...base, iterations: 3000, tolerance: 1e-7 }));
    const expected = b.data.slice();
    shrink({ ...b, data: expected });
    expect(relativeError(x.data, expected.map((value, i) => value / (values[i >> 1] ?? NaN)))).toBeLessThan(1e-3);
    expect(statuses.at(-1)?.residual).toBeLessThan(1e-5);
  });

  it('takes one step for the identity, tells the iteration, and frees its vectors', async () => {
    const space = countingSpace();
    const b = randomComplex([SIZE], 6);
    const x = zeros('complex64', [SIZE]);
    const seen: number[] = [];
    const prox = (v: Vector, iteration: number): void => {
      seen.push(iteration);
      shrink(v);
    };
    await collect(fista(space, diagonal([1, 1, 1, 1, 1, 1]), prox, b, x, { ...base, iterations: 3, tolerance: 0 }));
    const expected = { ...b, data: b.data.slice() };
    shrink(expected);
    expect(relativeError(x.data, expected.data)).toBeLessThan(1e-6);
    expect(seen).toEqual([1, 2, 3]);
    expect(space.live).toBe(0);
  });

  it('stops between steps when cancelled', async () => {
    const steps = fista(arraySpace([SIZE]), diagonal([1, 1, 1, 1, 1, 1]), shrink, randomComplex([SIZE]), zeros('complex64', [SIZE]), {
      ...base, tolerance: 0, signal: cancelAfter(3),
    });
    await expect(collect(steps)).rejects.toMatchObject({ code: 'job.cancelled' });
  });
});

describe('powerIteration', () => {
  it('finds the largest eigenvalue and its vector', async () => {
    const x = randomComplex([SIZE], 3);
    const { result } = await collect(powerIteration(arraySpace([SIZE]), diagonal([1, 2, 3, 7, 5, 4]), x, { iterations: 60, signal: NEVER_CANCELLED }));
    expect(result).toBeCloseTo(7, 4);
    expect(Math.hypot(x.data[6] ?? 0, x.data[7] ?? 0)).toBeCloseTo(1, 4);
  });

  it('gives 0 for the zero operator', async () => {
    const { result } = await collect(powerIteration(arraySpace([SIZE]), diagonal([0, 0, 0, 0, 0, 0]), randomComplex([SIZE]), { iterations: 5, signal: NEVER_CANCELLED }));
    expect(result).toBe(0);
  });
});

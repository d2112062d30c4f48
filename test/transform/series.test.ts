/** The Casorati kernels against the same steps in plain code, on frames whose size is no multiple of a lane block. */
import { afterEach, describe, expect, it } from 'vitest';
import { subArray, zeros, type NdArray } from '../../src/array/nd-array.ts';
import { fftn } from '../../src/transform/fft.ts';
import { Kernels, kernels, useKernels } from '../../src/transform/kernels.ts';
import { RowBlocks } from '../../src/transform/row-blocks.ts';
import { SeriesBlocks } from '../../src/transform/series.ts';
import { randomComplex, relativeError } from '../support/random-array.ts';

const [FRAMES, ROWS, COLUMNS] = [7, 37, 30];
const THRESHOLD = 0.8;
const PIXELS = ROWS * COLUMNS;

const before = kernels();
const teams: Kernels[] = [];
afterEach(async () => {
  useKernels(before);
  await Promise.all(teams.splice(0).map((team) => team.dispose()));
});

function series(x: NdArray<'complex64'>, threads = 1) {
  const team = new Kernels(threads);
  teams.push(team);
  useKernels(team);
  const space = new RowBlocks(team, ROWS, COLUMNS);
  const blocks = new SeriesBlocks(space, FRAMES);
  for (let t = 0; t < FRAMES; t++) space.set(blocks.frame(t), subArray(x, t).data);
  return { space, blocks, frames: () => Array.from({ length: FRAMES }, (_, t) => [...blocks.toArray(t).data]).flat() };
}

/** X·P over frames. */
function timesProjector(x: NdArray<'complex64'>, p: Float64Array): NdArray<'complex64'> {
  const out = zeros('complex64', x.shape);
  for (let t = 0; t < FRAMES; t++) {
    for (let i = 0; i < PIXELS; i++) {
      let [re, im] = [0, 0];
      for (let s = 0; s < FRAMES; s++) {
        const [xr, xi] = [x.data[2 * (s * PIXELS + i)] ?? NaN, x.data[2 * (s * PIXELS + i) + 1] ?? NaN];
        const [pr, pi] = [p[2 * (s * FRAMES + t)] ?? NaN, p[2 * (s * FRAMES + t) + 1] ?? NaN];
        re += xr * pr - xi * pi;
        im += xr * pi + xi * pr;
      }
      out.data.set([re, im], 2 * (t * PIXELS + i));
    }
  }
  return out;
}

function softSpectrum(x: NdArray<'complex64'>, threshold: number): NdArray<'complex64'> {
  const spectrum = fftn(x, { axes: [0], norm: 'ortho' });
  for (let i = 0; i < spectrum.data.length; i += 2) {
    const size = Math.hypot(spectrum.data[i] ?? NaN, spectrum.data[i + 1] ?? NaN);
    const share = size > threshold ? 1 - threshold / size : 0;
    spectrum.data[i] = share * (spectrum.data[i] ?? NaN);
    spectrum.data[i + 1] = share * (spectrum.data[i + 1] ?? NaN);
  }
  return fftn(spectrum, { axes: [0], inverse: true, norm: 'ortho' });
}

const minus = (x: NdArray<'complex64'>, y: NdArray<'complex64'>): NdArray<'complex64'> => ({ ...x, data: x.data.map((value, i) => value - (y.data[i] ?? NaN)) });
const plus = (x: NdArray<'complex64'>, y: NdArray<'complex64'>): NdArray<'complex64'> => ({ ...x, data: x.data.map((value, i) => value + (y.data[i] ?? NaN)) });

describe('SeriesBlocks', () => {
  const x = randomComplex([FRAMES, ROWS, COLUMNS], 3);
  const projector = Float64Array.from({ length: 2 * FRAMES * FRAMES }, (_, i) => Math.sin(1 + i) / FRAMES);

  it('gram is the inner products of the frames', () => {
    const gram = series(x).blocks.gram();
    const expected = new Float64Array(gram.length);
    for (let s = 0; s < FRAMES; s++) {
      for (let t = 0; t < FRAMES; t++) {
        const [a, b] = [subArray(x, s).data, subArray(x, t).data];
        for (let i = 0; i < a.length; i += 2) {
          const [ar, ai, br, bi] = [a[i] ?? NaN, a[i + 1] ?? NaN, b[i] ?? NaN, b[i + 1] ?? NaN];
          const at = 2 * (s * FRAMES + t);
          expected[at] = (expected[at] ?? NaN) + ar * br + ai * bi;
          expected[at + 1] = (expected[at + 1] ?? NaN) + ar * bi - ai * br;
        }
      }
    }
    for (const [i, value] of expected.entries()) expect(gram[i]).toBeCloseTo(value, 9);
  });

  it('shrink gives L·P + Tᴴ soft(T(M − L·P)), and S is what the next L leaves out', () => {
    const { blocks, frames } = series(x);
    blocks.gram();
    blocks.shrink(projector, THRESHOLD);
    const low = timesProjector(x, projector);
    const sparse = softSpectrum(minus(x, low), THRESHOLD);
    expect(relativeError(Float32Array.from(frames()), plus(low, sparse).data)).toBeLessThan(1e-6);
    blocks.gram();
    blocks.shrink(projector, THRESHOLD);
    const second = timesProjector(minus(x, sparse), projector);
    expect(relativeError(Float32Array.from(frames()), plus(second, softSpectrum(minus(x, second), THRESHOLD)).data)).toBeLessThan(1e-6);
  });

  it('with threshold 0 a silent pixel stays zero', () => {
    const silent = { ...x, data: x.data.map((value, i) => ((i >> 1) % PIXELS === 5 ? 0 : value)) };
    const { blocks, frames } = series(silent);
    blocks.gram();
    blocks.shrink(projector, 0);
    const sum = frames();
    expect(sum.filter((_, i) => (i >> 1) % PIXELS === 5).every((value) => value === 0)).toBe(true);
    expect(relativeError(Float32Array.from(sum), silent.data)).toBeLessThan(1e-6);
  });

  it('makeConsistent: M ← sum − normal + b, with the energies of the change and of M', () => {
    const { space, blocks } = series(x);
    blocks.gram();
    blocks.shrink(projector, THRESHOLD);
    const [normal, b] = [randomComplex([ROWS, COLUMNS], 5), randomComplex([ROWS, COLUMNS], 6)];
    const [normalAt, bAt] = [space.create(), space.create()];
    space.set(normalAt, normal.data);
    space.set(bAt, b.data);
    const expected = plus(minus(blocks.toArray(2), normal), b);
    const [change, energy] = blocks.makeConsistent(2, normalAt, bAt);
    expect(relativeError(space.toArray(blocks.frame(2)).data, expected.data)).toBeLessThan(1e-6);
    const squares = (data: Float32Array): number => data.reduce((sum, value) => sum + value * value, 0);
    expect(energy / squares(expected.data)).toBeCloseTo(1, 6);
    expect(change / squares(minus(expected, subArray(x, 2)).data)).toBeCloseTo(1, 6);
  });

  it('gives the same bits for one thread and three', () => {
    const results = [1, 3].map((threads) => {
      const { blocks, frames } = series(x, threads);
      const gram = blocks.gram();
      blocks.shrink(projector, THRESHOLD);
      return { gram: [...gram], sum: frames() };
    });
    expect(results[1]).toEqual(results[0]);
  });
});

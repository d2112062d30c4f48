import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { NEVER_CANCELLED } from '../../src/algorithms/status.ts';
import { ndArray, subArray, type NdArray } from '../../src/array/nd-array.ts';
import { NonCartesianSystem, weighted } from '../../src/mri/noncartesian-system.ts';
import { predictAlong, senseAlong } from '../../src/mri/noncartesian-solvers.ts';
import { coils } from '../../src/operators/coils.ts';
import { directNufft } from '../support/direct-nufft.ts';
import { Kernels, kernels, useKernels } from '../../src/transform/kernels.ts';
import { randomTrajectory, scriptSpokes, scriptValues } from '../support/nufft-inputs.ts';
import { randomComplex, relativeError } from '../support/random-array.ts';

const expected = JSON.parse(readFileSync(new URL('../fixtures/nufft.json', import.meta.url), 'utf8')) as { sense: number[] };

describe.each([[1, 4, 4], [3, 10, 7], [5, 17, 22], [8, 32, 30]] as const)('%i coils, %i×%i', (count, rows, columns) => {
  const trajectory = randomTrajectory(rows, columns, 30, 11);
  const weights = Float32Array.from({ length: 330 }, (_, i) => 0.2 + (i % 7) / 5);
  const maps = randomComplex([count, rows, columns], 1);
  const S = coils(maps);
  const A = directNufft(trajectory, count);

  it.each([['unweighted', undefined], ['weighted', weights]] as const)('has the AᴴWA and AᴴW of the direct sum within 10⁻⁴: %s', (_name, w) => {
    const system = new NonCartesianSystem(kernels(), maps, trajectory, w);
    const { space } = system;
    const [x, out] = [space.create(), space.create()];
    const image = randomComplex([rows, columns], 2);
    space.set(x, image.data);
    system.normal(x, out);
    const weigh = (y: NdArray<'complex64'>): NdArray<'complex64'> => (w === undefined ? y : weighted(y, w));
    expect(relativeError(space.toArray(out).data, S.adjoint(A.adjoint(weigh(A.apply(S.apply(image))))).data)).toBeLessThan(1e-4);
    const y = randomComplex([count, 30, 11], 3);
    system.adjoint(y, out);
    expect(relativeError(space.toArray(out).data, S.adjoint(A.adjoint(weigh(y))).data)).toBeLessThan(1e-4);
    // What lies between the image and its padding stays zero, so that sums over whole buffers are sums over the image.
    const energy = kernels().heap.floats(out, space.stride / 4).reduce((sum, value) => sum + value * value, 0);
    expect(energy / Math.hypot(...space.toArray(out).data) ** 2).toBeCloseTo(1, 4);
    const used = kernels().heap.used;
    for (const address of [x, out]) space.free(address);
    system.dispose();
    expect(kernels().heap.used).toBeLessThan(used);
  });
});

it('two sets of maps sum in A and share out in Aᴴ', () => {
  const trajectory = randomTrajectory(12, 15, 20, 9);
  const maps = randomComplex([2, 5, 12, 15], 1);
  const images = randomComplex([2, 12, 15], 2);
  const system = new NonCartesianSystem(kernels(), maps, trajectory);
  const { space } = system;
  const [x, out] = [space.create(), space.create()];
  for (const s of [0, 1]) space.set(x + s * space.stride, subArray(images, s).data);
  system.normal(x, out);
  const predicted = predictAlong(images, maps, trajectory);
  const adjoint = directNufft(trajectory, 5).adjoint(predicted);
  const shared = [0, 1].flatMap((s) => [...coils(subArray(maps, s)).adjoint(adjoint).data]);
  expect(relativeError(space.toArray(out).data, shared)).toBeLessThan(1e-4);
  system.adjoint(predicted, out);
  expect(relativeError(space.toArray(out).data, shared)).toBeLessThan(1e-4);
  for (const address of [x, out]) space.free(address);
  system.dispose();
});

describe('SENSE along 16 spokes, 3 coils, 24×20', () => {
  const raw = scriptValues([3, 24, 20], 11);
  const size = 2 * 24 * 20;
  const rss = Float64Array.from({ length: size / 2 }, (_, i) =>
    Math.sqrt([0, 1, 2].reduce((sum, c) => sum + (raw.data[c * size + 2 * i] ?? NaN) ** 2 + (raw.data[c * size + 2 * i + 1] ?? NaN) ** 2, 0)),
  );
  const maps = ndArray('complex64', raw.shape, raw.data.map((value, i) => value / (rss[(i % size) >> 1] ?? NaN)));
  const data = { kspace: scriptValues([3, 48, 16], 23), trajectory: scriptSpokes(24, 20, 48, 16) };
  let before: Kernels | null = null;
  afterEach(() => {
    if (before !== null) useKernels(before);
    before = null;
  });

  async function solve(): Promise<NdArray<'complex64'>> {
    const steps = senseAlong(data, maps, { lambda: 0.01, iterations: 400, tolerance: 1e-7, signal: NEVER_CANCELLED });
    for (;;) {
      const next = await steps.next();
      if (next.done) return next.value;
    }
  }

  it('is the solution of the normal equations in double precision (NumPy)', async () => {
    expect(relativeError((await solve()).data, expected.sense)).toBeLessThan(1e-3);
  });

  it('gives the same bits with any number of threads', async () => {
    const one = new Kernels(1);
    const four = new Kernels(4);
    before = useKernels(one);
    const alone = await solve();
    useKernels(four);
    expect((await solve()).data).toEqual(alone.data);
    await four.dispose();
  });
});

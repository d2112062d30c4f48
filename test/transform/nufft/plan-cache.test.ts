import { afterEach, beforeEach, expect, it } from 'vitest';
import { Kernels, useKernels } from '../../../src/transform/kernels.ts';
import { FAST } from '../../../src/transform/nufft/nufft.ts';
import { nufftOf, trajectoryKey } from '../../../src/transform/nufft/plan-cache.ts';
import { randomTrajectory } from '../../support/nufft-inputs.ts';
import { randomComplex } from '../../support/random-array.ts';

let before: Kernels;
let owner: Kernels;
beforeEach(() => {
  owner = new Kernels(1);
  before = useKernels(owner);
});
afterEach(() => {
  useKernels(before);
});

it('finds a plan by the content of the trajectory, the matrix and the setting', () => {
  const trajectory = randomTrajectory(16, 16, 10, 4);
  const copy = { ...trajectory, points: { ...trajectory.points, data: trajectory.points.data.slice() } };
  const plan = nufftOf(trajectory);
  expect(nufftOf(copy)).toBe(plan);
  expect(nufftOf(trajectory, FAST)).not.toBe(plan);
  expect(nufftOf({ ...trajectory, matrix: { rows: 16, columns: 18 } })).not.toBe(plan);
  copy.points.data[7] = (copy.points.data[7] as number) + 0.01;
  expect(trajectoryKey(copy)).not.toBe(trajectoryKey(trajectory));
  expect(nufftOf(copy)).not.toBe(plan);
});

it('belongs to the kernels of the thread', () => {
  const trajectory = randomTrajectory(16, 16, 10, 4);
  const plan = nufftOf(trajectory);
  useKernels(new Kernels(1));
  expect(nufftOf(trajectory)).not.toBe(plan);
});

it('drops the plans unused for longest, and frees their memory', () => {
  const trajectories = Array.from({ length: 40 }, (_, i) => randomTrajectory(16, 16, 50, 40, i + 1));
  const first = nufftOf(trajectories[0] as ReturnType<typeof randomTrajectory>);
  const x = randomComplex([1, 16, 16]);
  const expected = first.forward(x).data;
  let most = 0;
  for (const trajectory of trajectories) {
    nufftOf(trajectory).forward(x);
    most = Math.max(most, owner.heap.used);
  }
  // 16 plans of 2,000 samples at 60 bytes each, and what the transforms keep for good.
  expect(owner.heap.used).toBeLessThan(20 * first.bytes + 2 ** 18);
  expect(most).toBeLessThan(22 * first.bytes + 2 ** 20);
  expect(nufftOf(trajectories[0] as ReturnType<typeof randomTrajectory>)).not.toBe(first);
  expect(nufftOf(trajectories[0] as ReturnType<typeof randomTrajectory>).forward(x).data).toEqual(expected);
});

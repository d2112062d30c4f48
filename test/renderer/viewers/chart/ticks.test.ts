import { expect, it } from 'vitest';
import { linearTicks } from '../../../../renderer/viewers/chart/ticks.ts';

it('are round and inside', () => {
  expect(linearTicks(0, 10, 5)).toEqual([0, 2, 4, 6, 8, 10]);
  expect(linearTicks(0.41, 0.99, 3)).toEqual([0.6, 0.8]);
});

it('are at least two, where the step asked for leaves only one', () => {
  expect(linearTicks(17, 29.5, 2)).toEqual([20, 25]);
  for (const [low, high] of [[18.4, 29], [0.51, 0.58], [91, 99], [-3, 4], [1.01, 1.09]] as const) {
    for (const count of [1, 2, 3]) {
      const ticks = linearTicks(low, high, count);
      expect(ticks.length).toBeGreaterThanOrEqual(2);
      expect(ticks.every((tick) => tick >= low && tick <= high)).toBe(true);
    }
  }
});

it('of no range are that one value', () => {
  expect(linearTicks(3, 3, 2)).toEqual([3]);
});

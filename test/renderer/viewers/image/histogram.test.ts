import { expect, it } from 'vitest';
import { histogram } from '../../../../renderer/viewers/image/histogram.ts';

it('counts values into equal bins, the upper end into the last, the rest nowhere', () => {
  const found = histogram([0, 0.1, 0.25, 0.5, 0.99, 1, 1.01, -0.01, Number.NaN, Infinity], 0, 1, 4);
  expect(found).toEqual([
    { value: 0.125, count: 2 }, { value: 0.375, count: 1 }, { value: 0.625, count: 1 }, { value: 0.875, count: 2 },
  ]);
});

import { expect, it } from 'vitest';
import { roundHalfEven } from '../../src/sampling/round-half-even.ts';

it('rounds as Python does', () => {
  // [round(v) for v in (0.5, 1.5, 2.5, 2.4999, 25.6, -0.5, -1.5, 0.49999999999999994)]
  const values = [0.5, 1.5, 2.5, 2.4999, 25.6, -0.5, -1.5, 0.49999999999999994];
  expect(values.map((v) => roundHalfEven(v) + 0)).toEqual([0, 2, 2, 2, 26, 0, -2, 0]);
});

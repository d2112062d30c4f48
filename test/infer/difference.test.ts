import { expect, it } from 'vitest';
import { compareOutputs, isWithin } from '../../src/infer/difference.ts';
import { float32 } from './fixtures.ts';

it('gives the largest absolute and the normalised root-mean-square difference', () => {
  const { maxAbs, nrmse } = compareOutputs({ y: float32([2], [3, 4.5]) }, { y: float32([2], [3, 4]) });
  expect(maxAbs).toBe(0.5);
  expect(nrmse).toBeCloseTo(0.1, 12);
});

it('spans all outputs', () => {
  const { maxAbs, nrmse } = compareOutputs({ a: float32([1], [3]), b: float32([1], [5]) }, { a: float32([1], [3]), b: float32([1], [4]) });
  expect(maxAbs).toBe(1);
  expect(nrmse).toBeCloseTo(0.2, 12);
});

it.each([
  ['a NaN', { y: float32([2], [NaN, 4]) }],
  ['an infinity', { y: float32([2], [Infinity, 4]) }],
  ['a missing output', {}],
  ['another size', { y: float32([1], [3]) }],
])('counts %s as infinitely far', (_, outputs) => {
  expect(compareOutputs(outputs, { y: float32([2], [3, 4]) })).toEqual({ maxAbs: Infinity, nrmse: Infinity });
});

it('needs both bounds to hold', () => {
  const tolerance = { maxAbs: 1e-3, nrmse: 1e-4 };
  expect(isWithin({ maxAbs: 1e-3, nrmse: 1e-4 }, tolerance)).toBe(true);
  expect(isWithin({ maxAbs: 2e-3, nrmse: 0 }, tolerance)).toBe(false);
  expect(isWithin({ maxAbs: 0, nrmse: 2e-4 }, tolerance)).toBe(false);
});

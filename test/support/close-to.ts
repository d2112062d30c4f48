import { expect } from 'vitest';

/** Every number within 0.5 · 10^−digits of its counterpart, as toBeCloseTo means it. */
export function expectClose(actual: readonly number[] | undefined, expected: readonly number[] | undefined, digits: number): void {
  expect(actual).toHaveLength(expected?.length ?? Number.NaN);
  for (const [i, value] of (actual ?? []).entries()) expect(value, `value ${i}`).toBeCloseTo(expected?.[i] ?? Number.NaN, digits);
}

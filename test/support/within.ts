import { expect } from 'vitest';

/** Every number within `tolerance` of its counterpart; the worst one is named. */
export function expectWithin(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  expect(actual.length).toBe(expected.length);
  let [worst, at] = [0, 0];
  for (let i = 0; i < expected.length; i++) {
    const error = Math.abs((actual[i] as number) - (expected[i] as number));
    if (!(error <= worst)) [worst, at] = [error, i];
  }
  expect(worst, `value ${at}: ${actual[at]} for ${expected[at]}`).toBeLessThanOrEqual(tolerance);
}

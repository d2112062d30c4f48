import { expect, it } from 'vitest';
import { factorise, smoothAtLeast } from '../../src/transform/plan.ts';

it('factors multiply to the length, each with a butterfly', () => {
  for (let n = 1; n <= 2000; n++) {
    const factors = factorise(n);
    if (factors === null) continue;
    expect(factors.reduce((product, r) => product * r, 1)).toBe(n);
    for (const r of factors) expect([2, 3, 4, 5, 7, 8, 11, 13]).toContain(r);
  }
});

it('takes no radix-2 pass where eight divides the length', () => {
  expect(factorise(512)).toEqual([8, 4, 4, 4]);
  expect(factorise(320)).toEqual([4, 4, 4, 5]);
  expect(factorise(24)).toEqual([8, 3]);
});

it('leaves large primes to Bluestein', () => {
  expect(factorise(17)).toBeNull();
  expect(factorise(2 * 101)).toBeNull();
});

it('finds the smallest 5-smooth length', () => {
  const smooth = (m: number): boolean => [2, 3, 5].reduce((rest, p) => { while (rest % p === 0) rest /= p; return rest; }, m) === 1;
  for (const n of [1, 7, 33, 97, 201, 661, 1025]) {
    let expected = n;
    while (!smooth(expected)) expected++;
    expect(smoothAtLeast(n)).toBe(expected);
  }
});

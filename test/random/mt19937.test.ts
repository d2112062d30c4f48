import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { RandomState } from '../../src/random/mt19937.ts';

/** Made with NumPy by test/fixtures/scripts/sampling.py. */
interface Case {
  readonly seed: number;
  readonly uniform: readonly number[];
  readonly integers: readonly (readonly [number, number])[];
  readonly late: number;
}
const cases = JSON.parse(readFileSync(new URL('../fixtures/random-state.json', import.meta.url), 'utf8')) as Case[];

describe('RandomState', () => {
  it.each(cases)('gives the draws of numpy.random.RandomState($seed)', ({ seed, uniform, integers, late }) => {
    const random = new RandomState(seed);
    expect(uniform.map(() => random.uniform())).toEqual(uniform);
    expect(integers.map(([high]) => [high, random.integer(high)])).toEqual(integers);
    let last = 0;
    for (let i = 0; i < 1000; i++) last = random.uniform();
    expect(last).toBe(late);
  });

  it.each([-1, 1.5, 2 ** 32, Number.NaN])('refuses seed %s as NumPy does', (seed) => {
    expect(() => new RandomState(seed)).toThrow(/seed must be an integer from 0 to 4294967295/);
  });

  it('refuses an empty range, as randint(0, 0) does', () => {
    expect(() => new RandomState(0).integer(0)).toThrow(/upper bound/);
  });
});

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { mix, Random } from '../../src/random/xoshiro.ts';

/** Made by test/fixtures/scripts/sampling.py. */
const streams = JSON.parse(readFileSync(new URL('../fixtures/xoshiro.json', import.meta.url), 'utf8')) as {
  readonly key: readonly number[];
  readonly words: readonly number[];
}[];

/** Φ(b) − Φ(a) of the standard normal, from scipy.stats.norm. */
const NORMAL_BINS = [
  [-0.5, 0.5, 0.38292492254802624],
  [0.5, 1, 0.14988228479452986],
  [1, 2, 0.13590512198327787],
  [2, 3.442619855899, 0.02246207771199434],
  [3.442619855899, 40, 0.00028805423624485],
] as const;

describe('Random', () => {
  it.each(streams)('gives the words of the reference algorithm for key $key', ({ key, words }) => {
    const random = new Random(...key);
    expect(words.map(() => random.uint32())).toEqual(words);
  });

  it('gives the same normals on every run', () => {
    const random = new Random(1, 2);
    expect([random.normal(), random.normal(), random.normal()]).toEqual([0.5487372469261678, 0.6425757980153917, 0.749835684844306]);
  });

  it('gives other streams for other keys, also for keys that extend each other', () => {
    const first = [[], [0], [0, 0], [1], [1, 0], [0, 1], [2 ** 32 - 1]].map((key) => new Random(...key).uint32());
    expect(new Set(first).size).toBe(first.length);
  });

  it('draws normals with the right share in every range, the tail included', () => {
    const random = new Random(3);
    const n = 2_000_000;
    const counts = NORMAL_BINS.map(() => 0);
    let sum = 0;
    let squares = 0;
    for (let i = 0; i < n; i++) {
      const x = random.normal();
      sum += x;
      squares += x * x;
      const bin = NORMAL_BINS.findIndex(([low, high]) => x >= low && x < high);
      if (bin >= 0) counts[bin] = (counts[bin] as number) + 1;
    }
    expect(Math.abs(sum / n)).toBeLessThan(4 / Math.sqrt(n));
    expect(Math.abs(squares / n - 1)).toBeLessThan(4 * Math.sqrt(2 / n));
    NORMAL_BINS.forEach(([, , p], i) => {
      expect(Math.abs((counts[i] as number) - n * p)).toBeLessThan(4.5 * Math.sqrt(n * p * (1 - p)));
    });
  });

  it('draws integers without bias', () => {
    const random = new Random(4);
    const counts = [0, 0, 0, 0, 0];
    for (let i = 0; i < 100_000; i++) {
      const value = random.integer(5);
      counts[value] = (counts[value] as number) + 1;
    }
    for (const count of counts) expect(Math.abs(count - 20_000)).toBeLessThan(4.5 * Math.sqrt(16_000));
    expect(random.integer(1)).toBe(0);
  });

  it('permutes: every index once, each first place equally likely', () => {
    expect([...new Random(5).permutation(1000)].sort((a, b) => a - b)).toEqual([...new Array(1000).keys()]);
    const firsts = new Set(Array.from({ length: 200 }, (_, seed) => new Random(seed).permutation(4)[0]));
    expect(firsts).toEqual(new Set([0, 1, 2, 3]));
  });
});

describe('mix', () => {
  it('is murmur3 finaliser', () => {
    // fmix32 of the reference implementation (MurmurHash3.cpp).
    expect([0, 1, 0xffffffff].map(mix)).toEqual([0, 0x514e28b7, 0x81f16f39]);
  });
});

import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { reliability, spearman } from './rank.ts';

const known = (JSON.parse(readFileSync(new URL('../fixtures/ensemble.json', import.meta.url), 'utf8')) as { readonly spearman: { readonly a: number[]; readonly b: number[]; readonly rho: number } }).spearman;

it('rank correlation is that of SciPy, with equal values', () => {
  expect(spearman(Float32Array.from(known.a), Float32Array.from(known.b))).toBeCloseTo(known.rho, 12);
  const rising = Float32Array.from([1, 2, 3, 4]);
  expect([spearman(rising, rising.map((x) => x ** 3)), spearman(rising, rising.map((x) => -x))]).toEqual([1, -1]);
});

it('reliability is 1 where the level holds, and says by how much it does not', () => {
  const predicted = Float32Array.from({ length: 1000 }, (_, i) => 1 + i / 100);
  const truth = predicted.map((value, i) => (i % 2 === 0 ? value : -value));
  for (const ratio of reliability(predicted, truth)) expect(ratio).toBeCloseTo(1, 6);
  expect(reliability(predicted, predicted.map((value) => (value > 6 ? 2 * value : value)))).toEqual([1, 1, 1, 1, 1, 2, 2, 2, 2, 2].map((ratio) => expect.closeTo(ratio, 1)));
});

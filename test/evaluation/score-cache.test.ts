import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ScoreCache } from './score-cache.ts';
import { codeVersion } from './code-version.ts';
import type { Score } from './scorer.ts';

const score = (psnr: number): Score => ({ psnr, ssim: 0.9, nmse: 0.01, rss: { psnr: psnr - 1, ssim: 0.8, nmse: 0.02 }, ms: 5 });
const file = (): string => join(mkdtempSync(join(tmpdir(), 'scores-')), 'scores.json');

/** Gets `keys` of one kind and counts what is computed. */
async function visit(cache: ScoreCache, keys: readonly string[], code: string, psnr: number): Promise<readonly number[]> {
  const found: number[] = [];
  for (const key of keys) found.push((await cache.get(key, 'tv random', code, () => Promise.resolve(score(psnr)))).psnr);
  return found;
}

it('keeps scores of the same sources', async () => {
  const path = file();
  const first = new ScoreCache(path);
  await visit(first, ['a', 'b'], 'v1', 30);
  first.save();
  const second = new ScoreCache(path);
  expect(await visit(second, ['a', 'b', 'c'], 'v1', 99)).toEqual([30, 30, 99]);
  expect(second.counts).toEqual({ computed: 1, kept: 2, checked: 0 });
});

it('computes one again where the sources changed, and keeps the rest if it came out the same', async () => {
  const path = file();
  const first = new ScoreCache(path);
  await visit(first, ['a', 'b', 'c'], 'v1', 30);
  first.save();
  const second = new ScoreCache(path);
  expect(await visit(second, ['a', 'b', 'c'], 'v2', 30.0001)).toEqual([30.0001, 30, 30]);
  expect(second.counts).toEqual({ computed: 0, kept: 2, checked: 1 });
});

it('computes all again where it came out differently, and with `fresh`', async () => {
  const path = file();
  const first = new ScoreCache(path);
  await visit(first, ['a', 'b', 'c'], 'v1', 30);
  first.save();
  const second = new ScoreCache(path);
  expect(await visit(second, ['a', 'b', 'c'], 'v2', 31)).toEqual([31, 31, 31]);
  const third = new ScoreCache(path, true);
  expect(await visit(third, ['a'], 'v1', 32)).toEqual([32]);
});

it('does not lose what another run has saved meanwhile', async () => {
  const path = file();
  const [first, second] = [new ScoreCache(path), new ScoreCache(path)];
  await visit(first, ['a'], 'v1', 30);
  await visit(second, ['b'], 'v1', 31);
  first.save();
  second.save();
  expect(Object.keys(JSON.parse(readFileSync(path, 'utf8')) as object)).toEqual(['a', 'b']);
});

it('names sources by the numeric code they import', () => {
  const tv = codeVersion(['src/pipeline/steps/method/tv.ts']);
  expect(tv).toMatch(/^[0-9a-f]{16}$/);
  expect(codeVersion(['src/pipeline/steps/method/tv.ts'])).toBe(tv);
  expect(codeVersion(['src/pipeline/steps/method/sense.ts'])).not.toBe(tv);
  expect(() => codeVersion(['src/pipeline/steps/method/none.ts'])).toThrow(/none\.ts/);
});

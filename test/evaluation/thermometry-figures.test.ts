import { expect, it } from 'vitest';
import type { ThermometryScore } from './thermometry.ts';
import { statedMethods, thermometryLies, thermometryTable, withThermometry } from './thermometry-figures.ts';

const score = (method: string, seed: number, smooth: number, heated: number): ThermometryScore => ({ method, params: {}, seed, smooth, heated, object: 2 * heated });
const SCORES = [1, 2].flatMap((seed) => [score('SENSE', seed, 0, 1 + 0.2 * seed), score('SENSE', seed, 1.5, 0.4), score('zero-filled', seed, 0, 0.8), score('zero-filled', seed, 1.5, 0.5)]);
const PAGE = 'Before\n\n<!-- thermometry: made by npm run models:evaluate -- --only thermometry --write -->\nnothing yet\n<!-- /thermometry -->\n\nAfter\n';

it('has a line a method, mean of the noises', () => {
  expect(thermometryTable(SCORES).split('\n').slice(2)).toEqual(['| zero-filled | 0.800 / 1.600 | 0.500 / 1.000 |', '| SENSE | 1.300 / 2.600 | 0.400 / 0.800 |']);
});

it('stands in its place, is true there, and is caught when it lies', () => {
  const page = withThermometry(PAGE, SCORES);
  expect(page.startsWith('Before\n')).toBe(true);
  expect(page.endsWith('\n\nAfter\n')).toBe(true);
  expect(withThermometry(page, SCORES)).toBe(page);
  expect(statedMethods(page)).toEqual(['zero-filled', 'SENSE']);
  expect(thermometryLies(page, SCORES)).toEqual([]);
  expect(thermometryLies(page.replace('0.400 / 0.800', '0.380 / 0.800'), SCORES)).toEqual(['thermometry, SENSE: 0.380 / 0.800 °C stated, 0.400 / 0.800 found']);
  expect(thermometryLies(page.replace(/\| SENSE.*\n/, ''), SCORES)).toEqual(['thermometry, SENSE: not stated']);
  expect(thermometryLies(page.replace('0.400 / 0.800', '–'), SCORES)[0]).toContain('– °C stated');
});

it('is refused by a page without a place for it', () => {
  expect(() => withThermometry('# Page', SCORES)).toThrow(/no place for thermometry/);
});

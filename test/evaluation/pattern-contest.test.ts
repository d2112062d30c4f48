import { describe, expect, it } from 'vitest';
import { findStep, checkParams } from '../../src/pipeline/registry.ts';
import type { DevelopmentCase } from './development-set.ts';
import type { FigureRow } from './figures.ts';
import { type Contest, contestRuns, contestTable, contestText, contestVerdict, CONTESTS } from './pattern-contest.ts';

const contest = CONTESTS.find(({ id }) => id === 'lines-8') as Contest;
/** `gain` dB above Gaussian, the best of the others, on the first data set; below it on the second. */
const rows: readonly FigureRow[] = Object.keys(contest.patterns).flatMap((method, i) =>
  ['head', 'foot'].map((data, d) => {
    const psnr = method === 'learned' ? [34, 30.5][d] as number : method === 'Gaussian' ? [31, 31][d] as number : 28 + 0.1 * i;
    return { setting: contest.id, data, slice: d, method, psnr, ssim: 0.9, nmse: 0.01, rss: { psnr, ssim: 0.9, nmse: 0.01 } };
  }),
);

describe('learned patterns against others', () => {
  it('are told by the best of the others, and by slices', () => {
    expect(contestVerdict(rows, contest)).toBe('Learned against the best of the others (Gaussian): +1.25 dB, better on 1 of 2 slices.');
  });

  it('stand in a table with a column a data set', () => {
    const lines = contestTable(rows, contest).split('\n');
    expect(lines[0]).toBe('| pattern | head | foot | all |');
    expect(lines).toContain('| **learned** | 34.00 / 0.900 | 30.50 / 0.900 | 32.25 / 0.900 |');
    expect(lines).toHaveLength(2 + Object.keys(contest.patterns).length);
  });

  it('are written for the contests that were measured alone', () => {
    const text = contestText(rows);
    expect(text).toContain('### Lines, R = 8');
    expect(text).not.toContain('### Points');
  });

  it('run on the first slice of each data set, with patterns that the product has', () => {
    const cases = [{ name: 'head', slices: [3, 9] }, { name: 'foot', slices: [1] }] as unknown as DevelopmentCase[];
    const runs = contestRuns(cases);
    expect(runs).toHaveLength(2 * CONTESTS.reduce((sum, { patterns }) => sum + Object.keys(patterns).length, 0));
    expect(new Set(runs.map(({ place }) => place.slice))).toEqual(new Set([3, 1]));
    for (const { pattern } of runs) expect(() => checkParams(findStep('pattern', pattern.name), pattern.params)).not.toThrow();
  });
});

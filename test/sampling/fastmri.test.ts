import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { equispacedLines, randomLines } from '../../src/sampling/fastmri.ts';

/**
 * [kind, columns, acceleration, centre fraction, seed, mask as packed bits], made by
 * test/fixtures/scripts/sampling.py.
 */
type Case = readonly ['random' | 'equispaced', number, number, number, number, string];
const cases = JSON.parse(readFileSync(new URL('../fixtures/fastmri-masks.json', import.meta.url), 'utf8')) as readonly Case[];
const make = { random: randomLines, equispaced: equispacedLines };

/** numpy.packbits, in hexadecimal. */
function packedHex(mask: Uint8Array): string {
  const bits = Array.from(mask)
    .join('')
    .padEnd(Math.ceil(mask.length / 8) * 8, '0');
  return (bits.match(/.{4}/g) ?? []).map((nibble) => Number.parseInt(nibble, 2).toString(16)).join('');
}

describe('fastMRI masks', () => {
  it('covers both kinds, six sizes, eight settings, four seeds', () => {
    expect(cases.length).toBe(2 * 6 * 8 * 4);
  });

  it.each(['random', 'equispaced'] as const)('%s: every mask equals fastMRI’s, bit for bit', (kind) => {
    for (const [name, columns, acceleration, centreFraction, seed, hex] of cases) {
      if (name !== kind) continue;
      const mask = make[kind](columns, { acceleration, centreFraction, seed });
      expect(packedHex(mask), `${columns} columns, R = ${acceleration}, centre ${centreFraction}, seed ${seed}`).toBe(hex);
    }
  });

  it('random: the mean count over seeds is N/R', () => {
    const seeds = 400;
    let kept = 0;
    for (let seed = 0; seed < seeds; seed++) {
      kept += randomLines(320, { acceleration: 4, centreFraction: 0.08, seed }).reduce((sum, flag) => sum + flag, 0);
    }
    // p = (80 − 26)/294; the standard error of the mean over 400 seeds is √(294 p (1−p) / 400) = 0.33 lines.
    expect(Math.abs(kept / seeds - 80)).toBeLessThan(4 * 0.33);
  });

  it('equispaced: keeps N/R lines within 5 % at fastMRI’s own settings', () => {
    for (const [acceleration, centreFraction] of [
      [4, 0.08],
      [8, 0.04],
    ] as const) {
      for (let seed = 0; seed < 20; seed++) {
        const mask = equispacedLines(320, { acceleration, centreFraction, seed });
        const achieved = 320 / mask.reduce((sum, flag) => sum + flag, 0);
        expect(Math.abs(achieved / acceleration - 1)).toBeLessThan(0.05);
      }
    }
  });

  it('random: keeps the centre alone where it exceeds the budget, as fastMRI does', () => {
    const mask = randomLines(320, { acceleration: 16, centreFraction: 0.08, seed: 1 });
    expect(mask.indexOf(1)).toBe(147);
    expect(mask.reduce((sum, flag) => sum + flag, 0)).toBe(26);
  });

  it('equispaced: refuses where the centre alone uses up the budget, naming the way out', () => {
    expect(() => equispacedLines(320, { acceleration: 16, centreFraction: 0.08, seed: 1 })).toThrow(
      /centre \(26 of 320 lines\) uses up the budget of acceleration 16; choose a centre fraction of at most 0.06/,
    );
  });
});

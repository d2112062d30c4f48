import { describe, expect, it } from 'vitest';
import { describePattern } from '../../src/sampling/describe.ts';

const flags = (text: string): Uint8Array => Uint8Array.from(text.replace(/\s/g, ''), Number);

describe('describePattern, lines', () => {
  it('counts, and finds the run of lines around ⌊n/2⌋', () => {
    const pattern = describePattern({ kind: 'lines', rows: 6, columns: 10, mask: flags('1001111001'), nominal: 2 });
    expect(pattern).toMatchObject({ kept: 6, total: 10, nominal: 2, achieved: 10 / 6 });
    expect(pattern.centre).toEqual({ rows: [0, 6], columns: [3, 7] });
  });

  it('takes the achieved acceleration for the nominal one where none was asked for', () => {
    expect(describePattern({ kind: 'lines', rows: 1, columns: 4, mask: flags('0110') }).nominal).toBe(2);
  });

  it('has an empty centre where the centre line is missing', () => {
    const { centre } = describePattern({ kind: 'lines', rows: 6, columns: 7, mask: flags('1110111') });
    expect(centre).toEqual({ rows: [0, 0], columns: [3, 3] });
  });

  it('drops lines that were never acquired', () => {
    const pattern = describePattern({ kind: 'lines', rows: 2, columns: 6, mask: flags('111110') }, { acquired: flags('011011') });
    expect([...pattern.mask]).toEqual([0, 1, 1, 0, 1, 0]);
    expect(pattern.kept).toBe(3);
  });

  it('becomes a pattern of points where the scanner skipped single points', () => {
    const pattern = describePattern({ kind: 'lines', rows: 2, columns: 3, mask: flags('110') }, { acquiredPoints: flags('101 011') });
    expect(pattern.kind).toBe('points');
    expect([...pattern.mask]).toEqual([1, 0, 0, 0, 1, 0]);
    expect(pattern.achieved).toBe(3);
  });

  it('takes any non-zero flag as kept', () => {
    expect(describePattern({ kind: 'lines', rows: 1, columns: 3, mask: Uint8Array.of(0, 255, 7) }).kept).toBe(2);
  });

  it('refuses a pattern that keeps nothing, and lengths that disagree', () => {
    expect(() => describePattern({ kind: 'lines', rows: 1, columns: 3, mask: flags('000') })).toThrow(/keeps no sample/);
    expect(() => describePattern({ kind: 'points', rows: 2, columns: 3, mask: flags('111') })).toThrow(/mask has 3 values, expected 6/);
    expect(() => describePattern({ kind: 'lines', rows: 2, columns: 3, mask: flags('111') }, { acquired: flags('11') })).toThrow(
      /acquired has 2 values, expected 3/,
    );
  });
});

describe('describePattern, points', () => {
  it('finds the fully kept block around the centre with the longest shorter side', () => {
    const mask = flags(`
      0100000
      0111110
      1111110
      0011111
      0011101
      0000100`);
    const pattern = describePattern({ kind: 'points', rows: 6, columns: 7, mask });
    expect(pattern.centre).toEqual({ rows: [1, 4], columns: [2, 6] });
    expect(pattern).toMatchObject({ kept: 22, total: 42 });
  });

  it('agrees with a search of all rectangles', () => {
    for (let trial = 0; trial < 200; trial++) {
      const [rows, columns] = [5 + (trial % 4), 6 + (trial % 3)];
      const mask = Uint8Array.from({ length: rows * columns }, (_, i) => (Math.sin(i * 12.9898 + trial * 78.233) > -0.75 ? 1 : 0));
      mask[Math.floor(rows / 2) * columns + Math.floor(columns / 2)] = 1;
      const { centre } = describePattern({ kind: 'points', rows, columns, mask });
      expect(score(centre)).toBe(bestScore(mask, rows, columns));
    }
  });

  it('has an empty centre where the centre point is missing', () => {
    const { centre } = describePattern({ kind: 'points', rows: 3, columns: 3, mask: flags('111 101 111') });
    expect(centre).toEqual({ rows: [1, 1], columns: [1, 1] });
  });
});

interface Block {
  readonly rows: readonly [number, number];
  readonly columns: readonly [number, number];
}

/** Shorter side first, then area. */
function score({ rows, columns }: Block): number {
  const [h, w] = [rows[1] - rows[0], columns[1] - columns[0]];
  return Math.min(h, w) * 1000 + h * w;
}

function bestScore(mask: Uint8Array, rows: number, columns: number): number {
  const [r0, c0] = [Math.floor(rows / 2), Math.floor(columns / 2)];
  let best = 0;
  for (let top = 0; top <= r0; top++) {
    for (let bottom = r0 + 1; bottom <= rows; bottom++) {
      for (let left = 0; left <= c0; left++) {
        for (let right = c0 + 1; right <= columns; right++) {
          let full = true;
          for (let r = top; r < bottom; r++) for (let c = left; c < right; c++) full &&= mask[r * columns + c] === 1;
          if (full) best = Math.max(best, score({ rows: [top, bottom], columns: [left, right] }));
        }
      }
    }
  }
  return best;
}

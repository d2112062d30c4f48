import { describe, expect, it } from 'vitest';
import { type EditMask, asKind, brushSpan, cleared, inverted, isKept, mirrored, painted, sameMask, toggled } from '../../../../renderer/workspaces/mri/mask-edit.ts';

const lines = (flags: string): EditMask => ({ kind: 'lines', rows: 3, columns: flags.length, mask: Uint8Array.from(flags, Number) });
const points = (...rows: string[]): EditMask => ({ kind: 'points', rows: rows.length, columns: rows[0]?.length ?? 0, mask: Uint8Array.from(rows.join(''), Number) });
const text = ({ mask }: EditMask): string => [...mask].join('');

describe('painting', () => {
  it('keeps what the brush passed, from either side, and takes away', () => {
    expect(text(painted(lines('00000000'), { row: 0, column: 5 }, { row: 0, column: 2 }, 1, true))).toBe('00111100');
    expect(text(painted(lines('11111111'), { row: 0, column: 2 }, { row: 0, column: 3 }, 2, false))).toBe('11000111');
  });
  it('stays on the grid', () => {
    expect(brushSpan(0, 4, 8)).toEqual([0, 2]);
    expect(brushSpan(7, 4, 8)).toEqual([6, 7]);
    expect(text(painted(lines('0000'), { row: 0, column: -9 }, { row: 0, column: 99 }, 1, true))).toBe('1111');
  });
  it('fills a rectangle of points', () => {
    expect(text(painted(points('0000', '0000', '0000'), { row: 2, column: 2 }, { row: 1, column: 1 }, 4, true))).toBe('0000' + '0110' + '0110');
  });
  it('leaves the mask it was given as it was', () => {
    const before = lines('0000');
    painted(before, { row: 0, column: 0 }, { row: 0, column: 3 }, 1, true);
    expect(text(before)).toBe('0000');
  });
});

describe('a click', () => {
  it('turns what lies under the brush to the opposite of its middle', () => {
    expect(text(toggled(lines('01010'), { row: 0, column: 2 }, 3))).toBe('01110');
    expect(text(toggled(lines('01110'), { row: 0, column: 2 }, 3))).toBe('00000');
    expect(isKept(points('00', '01'), { row: 1, column: 1 })).toBe(true);
  });
});

describe('whole masks', () => {
  it('are cleared and inverted', () => {
    expect(text(cleared(lines('0110')))).toBe('0000');
    expect(text(inverted(lines('0110')))).toBe('1001');
  });
  it('are mirrored about the k-space centre ⌊n/2⌋: twice gives the first again', () => {
    // Of 8, 4 is the centre and 0 (−4) has no partner but itself.
    expect(text(mirrored(lines('10010000')))).toBe('10000100');
    expect(text(mirrored(lines('10100')))).toBe('00101');
    const odd = points('100', '010', '000');
    expect(sameMask(mirrored(mirrored(odd)), odd)).toBe(true);
    expect(text(mirrored(odd))).toBe('000' + '010' + '001');
  });
  it('become points and lines again', () => {
    const made = asKind(lines('0110'), 'points');
    expect(text(made)).toBe('0110'.repeat(3));
    expect(sameMask(asKind(made, 'lines'), lines('0110'))).toBe(true);
    expect(text(asKind(points('0001', '0100'), 'lines'))).toBe('0101');
  });
});

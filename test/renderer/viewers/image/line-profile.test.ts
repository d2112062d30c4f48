import { describe, expect, it } from 'vitest';
import { lineProfile, sampleBilinear } from '../../../../renderer/viewers/image/line-profile.ts';

const rows = 20;
const columns = 30;
/** 3·row + 0.5·column at pixel centres: bilinear interpolation is exact on it. */
const plane = (index: number): number => 3 * (Math.floor(index / columns) + 0.5) + 0.5 * ((index % columns) + 0.5);

describe('sampleBilinear', () => {
  it('is exact on a plane', () => {
    for (const [row, column] of [[4.5, 7.5], [4.8, 7.1], [10.01, 20.99]] as const) {
      expect(sampleBilinear({ row, column }, rows, columns, plane)).toBeCloseTo(3 * row + 0.5 * column, 9);
    }
  });

  it('holds the edge outside', () => {
    expect(sampleBilinear({ row: -9, column: -9 }, rows, columns, plane)).toBe(plane(0));
    expect(sampleBilinear({ row: 99, column: 99 }, rows, columns, plane)).toBe(plane(rows * columns - 1));
  });
});

describe('lineProfile', () => {
  const line = { from: { row: 2, column: 3 }, to: { row: 14, column: 19 } };

  it('samples about once a pixel, from end to end', () => {
    const profile = lineProfile(line, rows, columns, plane);
    expect(profile).toMatchObject({ unit: 'px', length: 20 });
    expect(profile.values).toHaveLength(21);
    expect(profile.positions[0]).toBe(0);
    expect(profile.positions[20]).toBe(20);
    expect(profile.values[0]).toBeCloseTo(3 * 2 + 0.5 * 3, 5);
    expect(profile.values[10]).toBeCloseTo(3 * 8 + 0.5 * 11, 5);
  });

  it('measures in mm with unequal spacing', () => {
    const profile = lineProfile(line, rows, columns, plane, { row: 0.5, column: 2 });
    expect(profile.unit).toBe('mm');
    expect(profile.length).toBeCloseTo(Math.hypot(12 * 0.5, 16 * 2), 9);
    expect(profile.positions[20]).toBeCloseTo(profile.length, 4);
  });

  it('gives two samples for a click', () => {
    const point = { row: 5, column: 5 };
    expect(lineProfile({ from: point, to: point }, rows, columns, plane)).toMatchObject({ length: 0 });
  });
});

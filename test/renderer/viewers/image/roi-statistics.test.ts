import { describe, expect, it } from 'vitest';
import { roiStatistics } from '../../../../renderer/viewers/image/roi-statistics.ts';

const columns = 40;
const rows = 30;
const ramp = (index: number): number => index;

describe('roiStatistics', () => {
  it('counts the pixels whose centres are inside a rectangle', () => {
    const roi = { shape: 'rectangle', from: { row: 2, column: 3 }, to: { row: 4, column: 6 } } as const;
    // Rows 2, 3; columns 3, 4, 5: 83 84 85 123 124 125.
    const found = roiStatistics(roi, rows, columns, ramp);
    expect(found).toMatchObject({ pixels: 6, mean: 104, minimum: 83, maximum: 125 });
    // Sample standard deviation of those six numbers (NumPy std, ddof=1).
    expect(found?.deviation).toBeCloseTo(21.927152117865194, 9);
  });

  it('does not mind in which corner the drag began', () => {
    const a = roiStatistics({ shape: 'rectangle', from: { row: 9, column: 9 }, to: { row: 2, column: 4 } }, rows, columns, ramp);
    const b = roiStatistics({ shape: 'rectangle', from: { row: 2, column: 4 }, to: { row: 9, column: 9 } }, rows, columns, ramp);
    expect(a).toEqual(b);
  });

  it('takes the inscribed ellipse: π/4 of the box', () => {
    const roi = { shape: 'ellipse', from: { row: 0, column: 0 }, to: { row: 400, column: 600 } } as const;
    const found = roiStatistics(roi, 400, 600, () => 1);
    expect(Math.abs((found?.pixels ?? 0) / (400 * 600) - Math.PI / 4)).toBeLessThan(0.001);
    expect(found).toMatchObject({ mean: 1, deviation: 0 });
  });

  it('keeps its precision on a large mean', () => {
    const roi = { shape: 'rectangle', from: { row: 0, column: 0 }, to: { row: 1, column: 4 } } as const;
    const found = roiStatistics(roi, 1, 4, (i) => 1e9 + i);
    expect(found?.deviation).toBeCloseTo(Math.sqrt(5 / 3), 6);
  });

  it('is cut at the image, leaves out what is not finite, and says null for nothing', () => {
    const over = { shape: 'rectangle', from: { row: -5, column: -5 }, to: { row: 2, column: 2 } } as const;
    expect(roiStatistics(over, rows, columns, ramp)?.pixels).toBe(4);
    expect(roiStatistics(over, rows, columns, (i) => (i === 0 ? Number.NaN : i))?.pixels).toBe(3);
    const outside = { shape: 'ellipse', from: { row: 50, column: 50 }, to: { row: 60, column: 60 } } as const;
    expect(roiStatistics(outside, rows, columns, ramp)).toBeNull();
  });
});

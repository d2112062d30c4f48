/** Mean, standard deviation and range of the pixels whose centres lie inside a region. */
import type { Roi, RoiStatistics } from './types.ts';

/** True where the centre (row + ½, column + ½) is inside. The ellipse is the one inscribed in the corners. */
export function roiContains(roi: Roi, row: number, column: number): boolean {
  const top = Math.min(roi.from.row, roi.to.row);
  const bottom = Math.max(roi.from.row, roi.to.row);
  const left = Math.min(roi.from.column, roi.to.column);
  const right = Math.max(roi.from.column, roi.to.column);
  const y = row + 0.5;
  const x = column + 0.5;
  if (y < top || y >= bottom || x < left || x >= right) return false;
  if (roi.shape === 'rectangle') return true;
  const u = (2 * x - left - right) / (right - left);
  const v = (2 * y - top - bottom) / (bottom - top);
  return u * u + v * v <= 1;
}

/**
 * `valueAt` takes a flat index in C order. Values that are not finite are left out and not counted.
 * Two passes (mean, then squared deviations): no cancellation for a large mean. Null when no pixel is inside.
 */
export function roiStatistics(
  roi: Roi,
  rows: number,
  columns: number,
  valueAt: (index: number) => number,
): RoiStatistics | null {
  const inside: number[] = [];
  const firstRow = Math.max(0, Math.floor(Math.min(roi.from.row, roi.to.row)));
  const lastRow = Math.min(rows, Math.ceil(Math.max(roi.from.row, roi.to.row)));
  const firstColumn = Math.max(0, Math.floor(Math.min(roi.from.column, roi.to.column)));
  const lastColumn = Math.min(columns, Math.ceil(Math.max(roi.from.column, roi.to.column)));
  for (let row = firstRow; row < lastRow; row++) {
    for (let column = firstColumn; column < lastColumn; column++) {
      if (!roiContains(roi, row, column)) continue;
      const value = valueAt(row * columns + column);
      if (Number.isFinite(value)) inside.push(value);
    }
  }
  if (inside.length === 0) return null;
  const mean = inside.reduce((sum, v) => sum + v, 0) / inside.length;
  const squares = inside.reduce((sum, v) => sum + (v - mean) ** 2, 0);
  return {
    pixels: inside.length,
    mean,
    deviation: inside.length > 1 ? Math.sqrt(squares / (inside.length - 1)) : 0,
    minimum: inside.reduce((a, b) => Math.min(a, b), Infinity),
    maximum: inside.reduce((a, b) => Math.max(a, b), -Infinity),
  };
}

/** Values along a line, sampled bilinearly about once a pixel. */
import type { ImagePoint, LineProfile, PixelSpacing, ProfileLine } from './types.ts';

/** Bilinear value at an image point; pixel centres are at half-integers; edges are held. */
export function sampleBilinear(
  point: ImagePoint,
  rows: number,
  columns: number,
  valueAt: (index: number) => number,
): number {
  const y = Math.min(rows - 1, Math.max(0, point.row - 0.5));
  const x = Math.min(columns - 1, Math.max(0, point.column - 0.5));
  const top = Math.min(Math.floor(y), rows - 1);
  const left = Math.min(Math.floor(x), columns - 1);
  const bottom = Math.min(top + 1, rows - 1);
  const right = Math.min(left + 1, columns - 1);
  const u = x - left;
  const v = y - top;
  const upper = valueAt(top * columns + left) * (1 - u) + valueAt(top * columns + right) * u;
  const lower = valueAt(bottom * columns + left) * (1 - u) + valueAt(bottom * columns + right) * u;
  return upper * (1 - v) + lower * v;
}

/** Length of a line: mm where the spacing is known, else pixels. */
export function lineLength(line: ProfileLine, spacing: PixelSpacing | null): number {
  const rows = (line.to.row - line.from.row) * (spacing?.row ?? 1);
  const columns = (line.to.column - line.from.column) * (spacing?.column ?? 1);
  return Math.hypot(rows, columns);
}

export function lineProfile(
  line: ProfileLine,
  rows: number,
  columns: number,
  valueAt: (index: number) => number,
  spacing: PixelSpacing | null = null,
): LineProfile {
  const length = lineLength(line, spacing);
  const steps = Math.max(1, Math.ceil(lineLength(line, null)));
  const positions = new Float32Array(steps + 1);
  const values = new Float32Array(steps + 1);
  for (let i = 0; i <= steps; i++) {
    const t = i / steps;
    const point = {
      row: line.from.row + t * (line.to.row - line.from.row),
      column: line.from.column + t * (line.to.column - line.from.column),
    };
    positions[i] = t * length;
    values[i] = sampleBilinear(point, rows, columns, valueAt);
  }
  return { positions, values, unit: spacing === null ? 'px' : 'mm', length };
}

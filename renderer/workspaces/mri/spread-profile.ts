/** The middle row of a point-spread function: of a pattern of lines it says all there is. */
import type { PaneImage } from '../../viewers/image/types.ts';
import type { ChartPoint } from '../../viewers/chart/types.ts';

/**
 * Points (offset from the middle pixel, value at least `floor`) of the middle row of [row, column], or null where other
 * rows rise above the floor too: then the picture says more than one row of it.
 */
export function spreadProfile(image: PaneImage, floor: number): readonly ChartPoint[] | null {
  if (image.dtype !== 'float32') return null;
  const [rows = 0, columns = 0] = image.shape;
  const [middleRow, middleColumn] = [Math.floor(rows / 2), Math.floor(columns / 2)];
  for (let i = 0; i < rows * columns; i++) {
    if (Math.floor(i / columns) !== middleRow && (image.data[i] as number) > floor) return null;
  }
  const row = image.data.subarray(middleRow * columns, (middleRow + 1) * columns);
  return Array.from(row, (value, column) => ({ x: column - middleColumn, y: Math.max(floor, value) }));
}

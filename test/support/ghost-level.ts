/** How much of an EPI image is its N/2 ghost. */
import type { NdArray } from '../../src/array/nd-array.ts';

/** Columns next to the object's edge that count as neither. */
const MARGIN = 3;

/**
 * Mean magnitude where only the ghost can be ÷ mean magnitude of the object. In each row, the object reaches from the first to
 * the last column above three tenths of the brightest pixel; its ghost is half a field of view off along the row.
 */
export function ghostLevel({ data, shape }: NdArray<'float32'>): number {
  const [rows, columns] = shape as [number, number];
  const threshold = 0.3 * data.reduce((most, value) => Math.max(most, value), 0);
  const sums = { object: 0, objects: 0, ghost: 0, ghosts: 0 };
  for (let r = 0; r < rows; r++) {
    const row = data.subarray(r * columns, (r + 1) * columns);
    const first = row.findIndex((value) => value > threshold);
    const last = row.findLastIndex((value) => value > threshold);
    if (first < 0) continue;
    for (let c = 0; c < columns; c++) {
      const opposite = (c + columns / 2) % columns;
      if (c >= first && c <= last) {
        sums.object += row[c] as number;
        sums.objects++;
      } else if ((c < first - MARGIN || c > last + MARGIN) && opposite >= first && opposite <= last) {
        sums.ghost += row[c] as number;
        sums.ghosts++;
      }
    }
  }
  return sums.ghost / sums.ghosts / (sums.object / sums.objects);
}

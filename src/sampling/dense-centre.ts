/** How much of k-space around its centre a trajectory covers without a gap: where calibration may look. */
import type { Trajectory } from '../array/trajectory.ts';

/**
 * The largest radius h, in cycles per field of view, such that every cell of the Cartesian grid within h of the centre holds a
 * sample; −1 where not even the cell of the centre does. At most `most`.
 */
export function denseRadius({ points, matrix }: Pick<Trajectory, 'points' | 'matrix'>, most = Math.min(matrix.rows, matrix.columns) / 2): number {
  const reach = Math.max(0, Math.floor(most));
  const side = 2 * reach + 1;
  const hit = new Uint8Array(side * side);
  for (let m = 0; m < points.data.length; m += 2) {
    const [row, column] = [Math.round(points.data[m] as number), Math.round(points.data[m + 1] as number)];
    if (Math.abs(row) <= reach && Math.abs(column) <= reach) hit[(row + reach) * side + column + reach] = 1;
  }
  let nearest = reach + 1;
  for (let i = 0; i < hit.length; i++) {
    if (hit[i] === 0) nearest = Math.min(nearest, Math.hypot(Math.floor(i / side) - reach, (i % side) - reach));
  }
  return Math.ceil(nearest) - 1;
}

/** The samples [start, end) of a readout around `origin` that lie within the dense radius for every readout. */
export function denseSamples({ points }: Trajectory, radius: number, origin: number): readonly [number, number] {
  const [samples, readouts] = points.shape as [number, number, number];
  const inside = (s: number): boolean => {
    for (let j = 0; j < readouts; j++) {
      const at = 2 * (s * readouts + j);
      if (Math.hypot(points.data[at] as number, points.data[at + 1] as number) > radius) return false;
    }
    return true;
  };
  let [start, end] = [origin, origin];
  while (end < samples && inside(end)) end++;
  while (start > 0 && end > origin && inside(start - 1)) start--;
  return [start, end];
}

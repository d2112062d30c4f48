/**
 * Density weights with which Aᴴ W A stays close to a projection, as that of a Cartesian mask is. Density compensation gives lonely
 * samples, and those at the edge, more than a cell of the grid each; eigenvalues of 3 to 4 follow, and gradient steps diverge.
 */
import type { Trajectory } from '../array/trajectory.ts';

/**
 * No sample counts for more than its share of its readout times one cell across, so that a readout without neighbours has
 * eigenvalues of 1. `weights` and the result: one a sample, in the order of `points` [sample, readout, 2], in cells.
 */
export function limitedWeights({ points }: Pick<Trajectory, 'points'>, weights: Float32Array): Float32Array {
  const [samples, readouts] = points.shape as [number, number];
  const distance = (m: number, n: number): number =>
    Math.hypot((points.data[2 * m] as number) - (points.data[2 * n] as number), (points.data[2 * m + 1] as number) - (points.data[2 * n + 1] as number));
  return weights.map((weight, m) => {
    if (samples < 2) return Math.min(weight, 1);
    const sample = Math.floor(m / readouts);
    const [before, after] = [Math.max(0, sample - 1), Math.min(samples - 1, sample + 1)];
    const at = (s: number): number => s * readouts + (m % readouts);
    return Math.min(weight, 1, distance(at(before), at(after)) / (after - before));
  });
}

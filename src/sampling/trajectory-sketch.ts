/** A trajectory with fewer samples, to be drawn. */
import { type NdArray, zeros } from '../array/nd-array.ts';
import type { Trajectory } from '../array/trajectory.ts';

/** Enough for a smooth spiral on a screen, and at most 2 × 4 × 64 × 512 bytes. */
const SAMPLES = 64;
const READOUTS = 512;

/**
 * float32 [sample, readout, 2]: evenly chosen samples of evenly chosen readouts, the first and the last of each among them;
 * coordinates as in Trajectory.
 */
export function trajectorySketch({ points }: Pick<Trajectory, 'points'>): NdArray<'float32'> {
  const [samples, readouts] = points.shape as [number, number, number];
  const rows = evenly(samples, SAMPLES);
  const columns = evenly(readouts, READOUTS);
  const sketch = zeros('float32', [rows.length, columns.length, 2]);
  let at = 0;
  for (const row of rows) {
    for (const column of columns) {
      const from = 2 * (row * readouts + column);
      sketch.data[at++] = points.data[from] as number;
      sketch.data[at++] = points.data[from + 1] as number;
    }
  }
  return sketch;
}

function evenly(count: number, most: number): number[] {
  if (count <= most) return Array.from({ length: count }, (_, i) => i);
  return Array.from({ length: most }, (_, i) => Math.round((i * (count - 1)) / (most - 1)));
}

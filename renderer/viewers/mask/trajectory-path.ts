/** Readouts as an SVG path. Pure. */
import type { NdArray } from '../../../src/array/nd-array.ts';

export interface TrajectoryPoints {
  /** float32 [sample, readout, 2]: (k along rows, k along columns), cycles per field of view. */
  readonly points: NdArray<'float32'>;
  readonly matrix: { readonly rows: number; readonly columns: number };
}

/**
 * One line a readout; x = columns, y = rows of a k-space of `size` samples whose centre is ⌊n/2⌋ (its middle, half a pixel
 * further). `kept`: one flag a readout, where only some were measured; only those of a trajectory not thinned out are left out.
 */
export function trajectoryPath({ points, matrix }: TrajectoryPoints, size: TrajectoryPoints['matrix'], kept: Uint8Array | null = null): string {
  const [samples = 0, readouts = 0] = points.shape;
  const { data } = points;
  const [down, across] = [size.rows / matrix.rows, size.columns / matrix.columns];
  const [row0, column0] = [Math.floor(size.rows / 2) + 0.5, Math.floor(size.columns / 2) + 0.5];
  const known = kept !== null && kept.length === readouts;
  let path = '';
  for (let readout = 0; readout < readouts; readout++) {
    if (known && kept[readout] === 0) continue;
    for (let sample = 0; sample < samples; sample++) {
      const at = 2 * (sample * readouts + readout);
      const x = column0 + across * (data[at + 1] as number);
      const y = row0 + down * (data[at] as number);
      path += `${sample === 0 ? 'M' : 'L'}${x.toFixed(2)} ${y.toFixed(2)}`;
    }
  }
  return path;
}

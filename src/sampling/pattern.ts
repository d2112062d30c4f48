/** Which samples of a k-space matrix are kept. */
import type { Trajectory } from '../array/trajectory.ts';

export interface SamplingPattern {
  /**
   * 'lines': one flag per column (whole readouts, spokes of a non-Cartesian recording); 'points': one flag per [row, column];
   * 'trajectory': Cartesian k-space measured anew along `trajectory`; rows = samples of a readout, columns = readouts, mask all 1.
   */
  readonly kind: 'lines' | 'points' | 'trajectory';
  readonly rows: number;
  readonly columns: number;
  /** 1 = kept. Length `columns` for lines, `rows·columns` for points (C order). */
  readonly mask: Uint8Array;
  /** Acceleration that was asked for; equals `achieved` for patterns from a file. */
  readonly nominal: number;
  /** Samples in full ÷ samples kept. */
  readonly achieved: number;
  /** Kept lines (kind 'lines') or kept points. */
  readonly kept: number;
  readonly total: number;
  /** Kind 'trajectory' only. `kept` counts its readouts, `total` the columns of the full Cartesian scan. */
  readonly trajectory?: Trajectory;
  /** Fully sampled block around the k-space centre, [start, end) in rows and columns: where calibration may look. */
  readonly centre: { readonly rows: readonly [number, number]; readonly columns: readonly [number, number] };
}

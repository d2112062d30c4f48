/** Where non-Cartesian samples lie in k-space. */
import type { NdArray } from './nd-array.ts';

export interface Trajectory {
  readonly kind: 'radial' | 'spiral' | 'other';
  /**
   * float32 [row, column, 2], in the order of the k-space [coil, row, column] it belongs to: `row` counts the samples of a
   * readout, `column` the readouts (spokes, interleaves). The last axis is (k along image rows, k along image columns) in
   * cycles per field of view of `matrix`; 0 is the centre, and integers are the points of the Cartesian grid:
   *
   *   y(k) = 1/√(R·C) Σ x[r, c] exp(−2πi (k₀ (r − ⌊R/2⌋)/R + k₁ (c − ⌊C/2⌋)/C)),   R × C = matrix,
   *
   * so that a trajectory of integers gives what fft2c gives.
   */
  readonly points: NdArray<'float32'>;
  /** The grid that covers the sampled field of view (readout oversampling included), before the centre crop to `output`. */
  readonly matrix: { readonly rows: number; readonly columns: number };
}

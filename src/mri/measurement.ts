/** A slice of multi-coil k-space seen through a pattern: what every MRI method reconstructs from. */
import type { NdArray } from '../array/nd-array.ts';
import type { SamplingPattern } from '../sampling/pattern.ts';

export interface MriMeasurement {
  /** [coil, row, column], zero where the pattern keeps nothing. */
  readonly kspace: NdArray<'complex64'>;
  readonly pattern: SamplingPattern;
  /** Image size to deliver: centre crop of [rows, columns]. */
  readonly output: { readonly rows: number; readonly columns: number };
}

/** A reconstructed slice on the scale of the data (maps have unit root-sum-of-squares, the FFT is orthonormal). */
export interface MriEstimate {
  /** [output.rows, output.columns]; complex64 where the method keeps phase, float32 magnitude otherwise. */
  readonly image: NdArray<'complex64'> | NdArray<'float32'>;
  /** Execution provider: 'cpu (TypeScript)' for classical methods, the ONNX provider's name for learned ones. */
  readonly provider: string;
  /** ‖mask·F·S·x − y‖ / ‖y‖, where the method has maps and a complex image. */
  readonly dataResidual?: number;
  /** One line each for the "how was it made" panel: `Maps: 17×24 calibration`, `Scale 3.1e-5`. */
  readonly notes: readonly string[];
}

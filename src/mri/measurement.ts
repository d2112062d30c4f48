/** A slice of multi-coil k-space seen through a pattern: what every MRI method reconstructs from. */
import type { NdArray } from '../array/nd-array.ts';
import type { Trajectory } from '../array/trajectory.ts';
import type { SamplingPattern } from '../sampling/pattern.ts';

export interface MriMeasurement {
  /** [coil, row, column], zero where the pattern keeps nothing. With a trajectory only the readouts that were kept: [coil, sample, readout]. */
  readonly kspace: NdArray<'complex64'>;
  readonly pattern: SamplingPattern;
  /**
   * Cartesian: the recorded slice that `kspace` was taken from, the same array for every pattern. Only for keeping what is worked
   * out sample by sample or line by line under its identity: samples that the pattern leaves out must not reach a result.
   */
  readonly recorded?: NdArray<'complex64'>;
  /** Non-Cartesian measurements only: where the samples of `kspace` lie. */
  readonly trajectory?: Trajectory;
  /** Image size to deliver: centre crop of [rows, columns], or of `trajectory.matrix`. */
  readonly output: { readonly rows: number; readonly columns: number };
  /**
   * Where coil maps are calibrated instead of on these samples: another frame of the same place. Maps hold the smooth part of the
   * object's phase, so only frames that share them can be compared in phase.
   */
  readonly calibration?: { readonly kspace: NdArray<'complex64'>; readonly pattern: Pick<SamplingPattern, 'centre'> };
}

/** The measurement with other samples in place of its own, as those of a noise replica are. */
export function withSamples(measurement: MriMeasurement, kspace: NdArray<'complex64'>): MriMeasurement {
  // What is kept under the recorded slice belongs to the samples of before.
  const { recorded: _of, ...rest } = measurement;
  return { ...rest, kspace };
}

/** ‖mask·F·S·x − y‖ / ‖y‖, worked out if it has not been; undefined where the method has no model of the samples. */
export function residualOf({ dataResidual }: Pick<MriEstimate, 'dataResidual'>): number | undefined {
  return typeof dataResidual === 'function' ? dataResidual() : dataResidual;
}

/** What a network was given, to be held against what it was trained for. */
export interface SeenConditions {
  /** As achieved, not as asked for. */
  readonly acceleration: number;
  /** After compression to virtual coils. */
  readonly coils: number;
  readonly rows: number;
  readonly columns: number;
  /** Mean signal over the standard deviation of the noise in each component; null where it could not be measured. */
  readonly snr: number | null;
}

/** A reconstructed slice on the scale of the data (maps have unit root-sum-of-squares, the FFT is orthonormal). */
export interface MriEstimate {
  /** [output.rows, output.columns]; complex64 where the method keeps phase, float32 magnitude otherwise. */
  readonly image: NdArray<'complex64'> | NdArray<'float32'>;
  /** Execution provider: 'cpu (TypeScript)' for classical methods, the ONNX provider's name for learned ones. */
  readonly provider: string;
  /** ‖mask·F·S·x − y‖ / ‖y‖, where the method has maps and a complex image; a function where it takes a while, so that the image can go before. */
  readonly dataResidual?: number | (() => number);
  /**
   * Makes |mask·F·S·x − y| as root-sum-of-squares over coils, in the shape of the measurement's [row, column]; absent where the
   * method has no model of the data. Called at most once, right after the run.
   */
  residual?(): NdArray<'float32'>;
  /** Learned methods. */
  readonly seen?: SeenConditions;
  /** One line each for the "how was it made" panel: `Maps: 17×24 calibration`, `Scale 3.1e-5`. */
  readonly notes: readonly string[];
}

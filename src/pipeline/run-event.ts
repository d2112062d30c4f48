/** What a running pipeline says, with arrays in memory. The host turns it into the wire's JobEvent, the CLI into lines on stderr. */
import type { NdArray } from '../array/nd-array.ts';
import type { Trajectory } from '../array/trajectory.ts';
import type { MriEstimate } from '../mri/measurement.ts';
import type { SamplingPattern } from '../sampling/pattern.ts';
import type { MetricReport, ReferenceKind } from './step.ts';

export type Image = NdArray<'complex64'> | NdArray<'float32'>;

export type RunEvent =
  | { readonly type: 'pattern'; readonly pattern: SamplingPattern; readonly trajectory?: Trajectory }
  /** log10 of the coil root-sum-of-squares of the recorded k-space, [row, column]. */
  | { readonly type: 'kspace'; readonly image: NdArray<'float32'> }
  | { readonly type: 'reference'; readonly slice: number; readonly image: NdArray<'float32'>; readonly dataRange: number; readonly of: ReferenceKind | 'file' }
  | { readonly type: 'no-reference'; readonly reason: string }
  | { readonly type: 'zero-filled'; readonly slice: number; readonly image: NdArray<'float32'>; readonly ms: number }
  | {
      readonly type: 'progress';
      readonly slice: number;
      readonly iteration: number;
      readonly iterations: number;
      readonly residual?: number;
      /** 0–1 over the whole run. */
      readonly fraction: number;
      readonly secondsLeft?: number;
      readonly image?: Image;
    }
  | { readonly type: 'slice'; readonly slice: number; readonly estimate: Omit<MriEstimate, 'dataResidual'>; readonly ms: number; readonly curve?: readonly number[] }
  /** What is known of the slice once its images are out: metrics where they are to be shown, ‖A x − y‖ / ‖y‖ of the estimate. */
  | { readonly type: 'scores'; readonly slice: number; readonly zeroFilled?: MetricReport; readonly estimate?: MetricReport; readonly dataResidual?: number };

export interface RunOutcome {
  /** [slice, row, column] over the requested slices. */
  readonly volume: Image;
  readonly reference: NdArray<'float32'> | null;
  readonly pattern: SamplingPattern;
  /** Residual of every iteration that had one, a list a slice. */
  readonly curves?: readonly (readonly number[])[];
  /** Of all requested slices together. */
  readonly metrics?: MetricReport;
  /** Reconstruction time alone, without reading and metrics. */
  readonly ms: number;
  readonly provider: string;
  readonly notes: readonly string[];
}

/** What every iterative algorithm yields, and how it is stopped. */
import { LacunaError } from '../errors.ts';
import type { NdArray } from '../array/nd-array.ts';

export interface AlgorithmStatus {
  readonly iteration: number;
  /** Upper bound on iterations. */
  readonly iterations: number;
  /** Relative residual or relative change, as the algorithm documents. */
  readonly residual: number;
  /** The current estimate; valid until the next step, so copy what you keep. */
  readonly x: NdArray<'complex64'>;
}

/** Read between steps. A getter over shared memory, so that a busy thread sees the change. */
export interface CancelSignal {
  readonly cancelled: boolean;
}

export const NEVER_CANCELLED: CancelSignal = { cancelled: false };

export function throwIfCancelled(signal: CancelSignal): void {
  if (signal.cancelled) throw new LacunaError('job.cancelled', 'The job was cancelled.');
}

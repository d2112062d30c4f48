/** SENSE for any Cartesian pattern by conjugate gradients (Pruessmann et al., Magn Reson Med 2001;46:638). */
import { conjugateGradients } from '../algorithms/cg.ts';
import type { AlgorithmStatus, CancelSignal } from '../algorithms/status.ts';
import type { NdArray } from '../array/nd-array.ts';
import type { SamplingPattern } from '../sampling/pattern.ts';
import { kernels } from '../transform/kernels.ts';
import { SenseSystem } from './sense-system.ts';

export interface SenseOptions {
  /** Weight of ‖x‖² relative to the data term, whose operator has norm ≤ 1 for maps of unit root-sum-of-squares. */
  readonly lambda: number;
  readonly iterations: number;
  /** See CgOptions. */
  readonly tolerance: number;
  readonly signal: CancelSignal;
}

/**
 * Solves (AᴴA + λ) x = Aᴴy from x = 0 and returns x [row, column]; `kspace` and `maps` are [coil, row, column]. With maps
 * [set, coil, row, column] A sums over the sets, and x is [set, row, column].
 * A status' x is valid until the next step. Throws `job.cancelled` and `job.memory`.
 */
export async function* sense(
  kspace: NdArray<'complex64'>,
  maps: NdArray<'complex64'>,
  pattern: SamplingPattern,
  { lambda, ...options }: SenseOptions,
): AsyncGenerator<AlgorithmStatus, NdArray<'complex64'>> {
  const system = new SenseSystem(kernels(), maps, pattern);
  const { space } = system;
  const b = space.create();
  const x = space.create();
  const regularised = (from: number, out: number): void => {
    system.normal(from, out);
    space.combine(out, 1, out, lambda, from);
  };
  try {
    system.adjoint(kspace, b);
    yield* conjugateGradients(space, regularised, b, x, options);
    return space.toArray(x);
  } finally {
    space.free(b);
    space.free(x);
    system.dispose();
  }
}

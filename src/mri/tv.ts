/**
 * Total variation: min ½‖A x − y‖² + λ Σ √(|D₀x|² + |D₁x|²) with periodic differences D, by ADMM (Rudin, Osher and Fatemi,
 * Physica D 1992;60:259; Block, Uecker and Frahm, Magn Reson Med 2007;57:1086).
 */
import { admm } from '../algorithms/admm.ts';
import { conjugateGradients } from '../algorithms/cg.ts';
import type { AlgorithmStatus, CancelSignal } from '../algorithms/status.ts';
import type { NdArray } from '../array/nd-array.ts';
import type { SamplingPattern } from '../sampling/pattern.ts';
import { kernels } from '../transform/kernels.ts';
import { SenseSystem } from './sense-system.ts';
import { TvSystem } from './tv-system.ts';

export interface TvOptions {
  /** Weight of the total variation, in units of the image. */
  readonly lambda: number;
  /** Weight of the coupling: decides how fast it converges, not what to. */
  readonly rho: number;
  /** Of ADMM. */
  readonly iterations: number;
  /** Conjugate-gradient steps within one of ADMM. */
  readonly innerIterations: number;
  /** See AdmmOptions. */
  readonly tolerance: number;
  readonly signal: CancelSignal;
}

/** The inner solver need not be more exact than this; it starts from the image before. */
const INNER_TOLERANCE = 1e-6;

/**
 * Starts from Aᴴy and returns x [row, column]; `kspace` and `maps` (unit root-sum-of-squares) are [coil, row, column].
 * A status' x is valid until the next step. Throws `job.cancelled` and `job.memory`.
 */
export async function* totalVariation(
  kspace: NdArray<'complex64'>,
  maps: NdArray<'complex64'>,
  pattern: SamplingPattern,
  { lambda, rho, innerIterations, ...options }: TvOptions,
): AsyncGenerator<AlgorithmStatus, NdArray<'complex64'>> {
  const system = new SenseSystem(kernels(), maps, pattern);
  const { space } = system;
  const differences = new TvSystem(space);
  const [b, x, right] = [space.create(), space.create(), space.create()];
  const normal = (from: number, out: number): void => {
    system.normal(from, out);
    differences.addNormal(rho, from, out);
  };
  const inner = { iterations: innerIterations, tolerance: INNER_TOLERANCE, signal: options.signal };
  const problem = {
    async improve(image: number): Promise<void> {
      differences.rightSide(b, rho, right);
      for await (const _ of conjugateGradients(space, normal, right, image, inner));
    },
    split: (image: number): void => differences.split(image, lambda / rho),
  };
  try {
    system.adjoint(kspace, b);
    space.combine(x, 1, b, 0, b);
    // v and u belong to the image that it starts from, not to a black one.
    problem.split(x);
    yield* admm(space, problem, x, options);
    return space.toArray(x);
  } finally {
    for (const vector of [b, x, right]) space.free(vector);
    differences.dispose();
    system.dispose();
  }
}

/**
 * Compressed sensing with a wavelet prior: min ½‖A x − y‖² + λ‖Ψx‖₁ by FISTA, with a random cyclic shift of the wavelet in
 * each iteration (Lustig et al., Magn Reson Med 2007;58:1182; Figueiredo and Nowak, IEEE TIP 2003;12:906).
 */
import { fista } from '../algorithms/fista.ts';
import type { AlgorithmStatus, CancelSignal } from '../algorithms/status.ts';
import type { NdArray } from '../array/nd-array.ts';
import { Random } from '../random/xoshiro.ts';
import type { SamplingPattern } from '../sampling/pattern.ts';
import { kernels } from '../transform/kernels.ts';
import { WaveletWork, type WaveletName } from '../transform/wavelet.ts';
import { SenseSystem } from './sense-system.ts';

export interface L1WaveletOptions {
  /** Threshold, in units of the image. */
  readonly lambda: number;
  readonly iterations: number;
  /** See FistaOptions. */
  readonly tolerance: number;
  readonly wavelet: WaveletName;
  readonly levels: number;
  /** Of the shifts. */
  readonly seed: number;
  readonly signal: CancelSignal;
}

/**
 * Starts from Aᴴy and returns x [row, column]; `kspace` and `maps` (unit root-sum-of-squares) are [coil, row, column]. The
 * coarsest approximation is not thresholded. A status' x is valid until the next step. Throws `job.cancelled` and `job.memory`.
 */
export async function* l1Wavelet(
  kspace: NdArray<'complex64'>,
  maps: NdArray<'complex64'>,
  pattern: SamplingPattern,
  { lambda, wavelet, levels, seed, ...options }: L1WaveletOptions,
): AsyncGenerator<AlgorithmStatus, NdArray<'complex64'>> {
  const system = new SenseSystem(kernels(), maps, pattern);
  const { space } = system;
  const work = new WaveletWork(kernels(), space.rows, space.columns, wavelet, levels);
  const b = space.create();
  const x = space.create();
  const random = new Random(seed);
  const shrink = (address: number): void => {
    const { step, rows, columns } = space;
    // A shift by 2^levels maps the transform to itself, so smaller ones are all there are.
    work.shrink({ address, step, rows, columns }, lambda, random.integer(2 ** levels), random.integer(2 ** levels));
  };
  try {
    system.adjoint(kspace, b);
    space.combine(x, 1, b, 0, b);
    yield* fista(space, (from, out) => system.normal(from, out), shrink, b, x, options);
    return space.toArray(x);
  } finally {
    space.free(b);
    space.free(x);
    work.dispose();
    system.dispose();
  }
}

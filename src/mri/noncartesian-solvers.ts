/** SENSE and L1-wavelet along any trajectory: the solvers of sense.ts and l1-wavelet.ts over the Toeplitz normal equations. */
import { conjugateGradients } from '../algorithms/cg.ts';
import { fista } from '../algorithms/fista.ts';
import { powerIteration } from '../algorithms/power-iteration.ts';
import type { AlgorithmStatus, CancelSignal } from '../algorithms/status.ts';
import { zeros, type NdArray } from '../array/nd-array.ts';
import type { Trajectory } from '../array/trajectory.ts';
import { coils } from '../operators/coils.ts';
import { nufft } from '../operators/nufft.ts';
import { Random } from '../random/xoshiro.ts';
import { kernels } from '../transform/kernels.ts';
import type { ToeplitzSpectrum } from '../transform/nufft/toeplitz.ts';
import { WaveletWork } from '../transform/wavelet.ts';
import type { L1WaveletOptions } from './l1-wavelet.ts';
import { NonCartesianSystem, setsOf } from './noncartesian-system.ts';
import type { SenseOptions } from './sense.ts';

export interface AlongTrajectory {
  /** [coil, sample, readout] */
  readonly kspace: NdArray<'complex64'>;
  readonly trajectory: Trajectory;
  /** Of the samples in the data term, one a sample; 1 where absent. */
  readonly weights?: Float32Array;
  /** What follows from the others, where it is known: the adjoint images Aᴴ W y of the coils without maps [coil, row, column], and the Toeplitz spectrum. */
  readonly images?: NdArray<'complex64'>;
  readonly spectrum?: ToeplitzSpectrum;
}

type Steps = AsyncGenerator<AlgorithmStatus, NdArray<'complex64'>>;

/** Solves (AᴴWA + λ) x = AᴴWy from x = 0; see `sense`. `maps` [coil, row, column] or [set, coil, row, column]. */
export async function* senseAlong(data: AlongTrajectory, maps: NdArray<'complex64'>, { lambda, ...options }: SenseOptions): Steps {
  const system = new NonCartesianSystem(kernels(), maps, data.trajectory, data.weights, data.spectrum);
  const { space } = system;
  const b = space.create();
  const x = space.create();
  const regularised = (from: number, out: number): void => {
    system.normal(from, out);
    space.combine(out, 1, out, lambda, from);
  };
  try {
    if (data.images === undefined) system.adjoint(data.kspace, b);
    else system.combine(data.images, b);
    yield* conjugateGradients(space, regularised, b, x, options);
    return space.toArray(x);
  } finally {
    space.free(b);
    space.free(x);
    system.dispose();
  }
}

/** Power iterations give the norm from below, to about a percent after this many. */
const POWER_ITERATIONS = 20;
const SAFETY = 1.02;

/**
 * min ½‖W^½(A x − y)‖² + λ‖Ψx‖₁ by FISTA with step 1/‖AᴴWA‖ and random shifts, from AᴴWy/‖AᴴWA‖;
 * see `l1Wavelet`. `maps` is [coil, row, column].
 */
export async function* l1WaveletAlong(data: AlongTrajectory, maps: NdArray<'complex64'>, options: L1WaveletOptions): Steps {
  const { lambda, wavelet, levels, seed, signal, iterations, tolerance } = options;
  const system = new NonCartesianSystem(kernels(), maps, data.trajectory, data.weights, data.spectrum);
  const { space } = system;
  const work = new WaveletWork(kernels(), space.rows, space.columns, wavelet, levels);
  const b = space.create();
  const x = space.create();
  const random = new Random(seed);
  try {
    if (data.images === undefined) system.adjoint(data.kspace, b);
    else system.combine(data.images, b);
    const scale = 1 / (SAFETY * (await largestEigenvalue(system, b, signal)));
    space.combine(b, scale, b, 0, b);
    space.combine(x, 1, b, 0, b);
    const normal = (from: number, out: number): void => {
      system.normal(from, out);
      space.combine(out, scale, out, 0, out);
    };
    const shrink = (address: number): void => {
      const { step, rows, columns } = space;
      work.shrink({ address, step, rows, columns }, lambda * scale, random.integer(2 ** levels), random.integer(2 ** levels));
    };
    yield* fista(space, normal, shrink, b, x, { iterations, tolerance, signal });
    return space.toArray(x);
  } finally {
    space.free(b);
    space.free(x);
    work.dispose();
    system.dispose();
  }
}

/** ‖AᴴWA‖; 1 where `start`, which is not changed, is silent. */
export async function largestEigenvalue(system: NonCartesianSystem, start: number, signal: CancelSignal): Promise<number> {
  const { space } = system;
  if (space.dot(start, start) === 0) return 1;
  const vector = space.create();
  try {
    space.combine(vector, 1, start, 0, start);
    const steps = powerIteration(space, (from, out) => system.normal(from, out), vector, { iterations: POWER_ITERATIONS, signal });
    for (;;) {
      const { value, done } = await steps.next();
      if (done) return value > 0 ? value : 1;
    }
  } finally {
    space.free(vector);
  }
}

/** What the model says was measured, [coil, sample, readout]; x [row, column], or [set, row, column] with sets of maps. */
export function predictAlong(x: NdArray<'complex64'>, maps: NdArray<'complex64'>, trajectory: Trajectory): NdArray<'complex64'> {
  const transform = nufft(trajectory, maps.shape.at(-3) as number);
  if (maps.shape.length === 3) return transform.apply(coils(maps).apply(x));
  const images = zeros('complex64', maps.shape.slice(-3));
  const sets = setsOf(maps);
  const size = x.data.length / sets.length;
  for (const [i, set] of sets.entries()) {
    const part = coils(set).apply({ ...x, shape: maps.shape.slice(-2), data: x.data.subarray(i * size, (i + 1) * size) });
    for (let j = 0; j < images.data.length; j++) images.data[j] = (images.data[j] as number) + (part.data[j] as number);
  }
  return transform.apply(images);
}

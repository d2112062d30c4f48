/**
 * Low-rank plus sparse for dynamic series: min ½‖E(L + S) − d‖² + λ_L‖L‖_* + λ_S‖T S‖₁, where the columns of L and S are frames
 * and T is the Fourier transform over time; by alternating proximal steps (Otazo, Candès and Sodickson, Magn Reson Med 2015;73:1125,
 * table 1).
 */
import { throwIfCancelled, type CancelSignal } from '../algorithms/status.ts';
import type { NdArray } from '../array/nd-array.ts';
import type { SamplingPattern } from '../sampling/pattern.ts';
import { kernels } from '../transform/kernels.ts';
import { SeriesBlocks } from '../transform/series.ts';
import { shrinkSingularValues } from './low-rank.ts';
import { SenseSystem } from './sense-system.ts';

export interface LowRankSparseOptions {
  /** Threshold of the singular values, as a share of the largest one of the zero-filled series. */
  readonly lambdaLow: number;
  /** Threshold of the temporal spectrum, in units of the image. */
  readonly lambdaSparse: number;
  readonly iterations: number;
  /** Stops when ‖M⁺ − M‖ < tolerance · ‖M⁺‖. */
  readonly tolerance: number;
  readonly signal: CancelSignal;
}

export interface SeriesStatus {
  readonly iteration: number;
  readonly iterations: number;
  /** ‖M⁺ − M‖ / ‖M⁺‖ of M = L + S. */
  readonly residual: number;
  /** Frame t of L + S, [row, column]; only until the next step. */
  frame(t: number): NdArray<'complex64'>;
}

export interface LowRankSparseResult {
  /** L + S, [row, column] a frame. */
  readonly images: readonly NdArray<'complex64'>[];
  /** How many singular values of L are left. */
  readonly rank: number;
}

export interface DynamicFrame {
  /** [coil, row, column] */
  readonly kspace: NdArray<'complex64'>;
  readonly pattern: SamplingPattern;
}

/** Frames of one size with the same `maps` [coil, row, column] of unit root-sum-of-squares. Throws `job.cancelled` and `job.memory`. */
export async function* lowRankSparse(frames: readonly DynamicFrame[], maps: NdArray<'complex64'>, options: LowRankSparseOptions): AsyncGenerator<SeriesStatus, LowRankSparseResult> {
  const { lambdaLow, lambdaSparse, iterations, tolerance, signal } = options;
  const system = new SenseSystem(kernels(), maps, ...frames.map(({ pattern }) => pattern));
  const { space } = system;
  const vectors: number[] = [];
  let series: SeriesBlocks | undefined;
  try {
    const normal = space.create();
    vectors.push(normal);
    const starts = space.createMany(frames.length);
    vectors.push(starts);
    series = new SeriesBlocks(space, frames.length);
    // M begins as Eᴴd, S as 0.
    for (const [t, { kspace }] of frames.entries()) {
      const b = starts + t * space.stride;
      system.adjoint(kspace, b);
      space.combine(series.frame(t), 1, b, 0, b);
    }
    let threshold: number | undefined;
    for (let iteration = 1; ; iteration++) {
      throwIfCancelled(signal);
      const low = shrinkSingularValues(series.gram(), frames.length, (largest) => threshold ?? lambdaLow * largest);
      // Of the zero-filled series, whose L is all of it: later ones are measured against the same.
      threshold = low.threshold;
      series.shrink(low.projector, lambdaSparse);
      let [change, energy] = [0, 0];
      for (let t = 0; t < frames.length; t++) {
        // M = L + S − Eᴴ(E(L + S) − d)
        system.normal(series.sumFrame(t), normal, t);
        const [stepChange, stepEnergy] = series.makeConsistent(t, normal, starts + t * space.stride);
        change += stepChange;
        energy += stepEnergy;
        if (t % 8 === 7) throwIfCancelled(signal);
      }
      const residual = energy === 0 ? 0 : Math.sqrt(change / energy);
      const current = series;
      yield { iteration, iterations, residual, frame: (t) => current.toArray(t) };
      if (residual < tolerance || iteration >= iterations) return { images: frames.map((_, t) => current.toArray(t)), rank: low.rank };
    }
  } finally {
    series?.dispose();
    for (const vector of vectors) space.free(vector);
    system.dispose();
  }
}

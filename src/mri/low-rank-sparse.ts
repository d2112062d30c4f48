/**
 * Low-rank plus sparse for dynamic series: min ½‖E(L + S) − d‖² + λ_L‖L‖_* + λ_S‖T S‖₁, where the columns of L and S are frames
 * and T is the Fourier transform over time; by alternating proximal steps (Otazo, Candès and Sodickson, Magn Reson Med 2015;73:1125,
 * table 1).
 */
import { throwIfCancelled, type CancelSignal } from '../algorithms/status.ts';
import { zeros, type NdArray } from '../array/nd-array.ts';
import type { SamplingPattern } from '../sampling/pattern.ts';
import { fftn } from '../transform/fft.ts';
import { kernels } from '../transform/kernels.ts';
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
  /** M, [frame, row, column]; valid until the next step. */
  readonly x: NdArray<'complex64'>;
}

export interface LowRankSparseResult {
  /** L + S, [frame, row, column]. */
  readonly image: NdArray<'complex64'>;
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
  const [, rows, columns] = maps.shape as [number, number, number];
  const size = 2 * rows * columns;
  const m = zeros('complex64', [frames.length, rows, columns]);
  const systems: FrameSystem[] = [];
  try {
    for (const frame of frames) systems.push(new FrameSystem(frame, maps));
    for (const [t, system] of systems.entries()) m.data.set(system.start(), t * size);
    let sparse = zeros('complex64', m.shape);
    let threshold: number | undefined;
    let rank = 0;
    for (let iteration = 1; iteration <= iterations; iteration++) {
      throwIfCancelled(signal);
      const low = combine(m, 1, sparse, -1);
      const shrunk = shrinkSingularValues(low, (largest) => threshold ?? lambdaLow * largest);
      rank = shrunk.rank;
      // Of the zero-filled series, whose L is all of it: later ones are measured against the same.
      threshold ??= shrunk.threshold;
      sparse = shrinkSpectrum(combine(m, 1, low, -1), lambdaSparse);
      const sum = combine(low, 1, sparse, 1);
      let [change, energy] = [0, 0];
      for (const [t, system] of systems.entries()) {
        // M = L + S − Eᴴ(E(L + S) − d)
        const next = system.consistent(sum.data.subarray(t * size, (t + 1) * size));
        for (let i = 0; i < size; i++) {
          change += ((next[i] as number) - (m.data[t * size + i] as number)) ** 2;
          energy += (next[i] as number) ** 2;
        }
        m.data.set(next, t * size);
        if (t % 8 === 7) throwIfCancelled(signal);
      }
      const residual = energy === 0 ? 0 : Math.sqrt(change / energy);
      yield { iteration, iterations, residual, x: sum };
      if (residual < tolerance || iteration === iterations) return { image: sum, rank };
    }
    return { image: m, rank };
  } finally {
    for (const system of systems) system.dispose();
  }
}

/** Eᴴd and EᴴE of one frame. */
class FrameSystem {
  readonly #system: SenseSystem;
  readonly #b: number;
  readonly #x: number;
  readonly #out: number;

  constructor({ kspace, pattern }: DynamicFrame, maps: NdArray<'complex64'>) {
    this.#system = new SenseSystem(kernels(), maps, pattern);
    const { space } = this.#system;
    [this.#b, this.#x, this.#out] = [space.create(), space.create(), space.create()];
    this.#system.adjoint(kspace, this.#b);
  }

  /** Eᴴd, row-major. */
  start(): Float32Array {
    return this.#system.space.toArray(this.#b).data;
  }

  /** x − EᴴE x + Eᴴd, row-major. */
  consistent(image: Float32Array): Float32Array {
    const { space } = this.#system;
    space.set(this.#x, image);
    this.#system.normal(this.#x, this.#out);
    space.combine(this.#x, 1, this.#x, -1, this.#out);
    space.combine(this.#x, 1, this.#x, 1, this.#b);
    return space.toArray(this.#x).data;
  }

  dispose(): void {
    for (const vector of [this.#b, this.#x, this.#out]) this.#system.space.free(vector);
    this.#system.dispose();
  }
}

function combine(x: NdArray<'complex64'>, a: number, y: NdArray<'complex64'>, b: number): NdArray<'complex64'> {
  const out = zeros('complex64', x.shape);
  for (let i = 0; i < out.data.length; i++) out.data[i] = a * (x.data[i] as number) + b * (y.data[i] as number);
  return out;
}

/** Tᴴ soft(T x, threshold), in place. */
function shrinkSpectrum(x: NdArray<'complex64'>, threshold: number): NdArray<'complex64'> {
  const spectrum = fftn(x, { axes: [0], norm: 'ortho' });
  const { data } = spectrum;
  for (let i = 0; i < data.length; i += 2) {
    const size = Math.hypot(data[i] as number, data[i + 1] as number);
    const share = size > threshold ? 1 - threshold / size : 0;
    data[i] = share * (data[i] as number);
    data[i + 1] = share * (data[i + 1] as number);
  }
  return fftn(spectrum, { axes: [0], inverse: true, norm: 'ortho' }, x);
}

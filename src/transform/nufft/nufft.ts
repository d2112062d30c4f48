/**
 * The non-uniform fast Fourier transform by Kaiser–Bessel gridding (Fessler and Sutton, IEEE TSP 2003;51:560; Beatty et al.,
 * IEEE TMI 2005;24:799): divide by the apodisation, pad, FFT, interpolate. The adjoint is the exact transpose.
 *
 * It computes the sum that `Trajectory` defines. That sum has period N in k, and so has this: samples with |k| > N/2 wrap.
 */
import { ndArray, zeros, type NdArray } from '../../array/nd-array.ts';
import type { Trajectory } from '../../array/trajectory.ts';
import { LacunaError } from '../../errors.ts';
import { LANE_BLOCK, type Kernels } from '../kernels.ts';
import { smoothAtLeast } from '../plan.ts';
import { apodisation, kaiserBesselBeta } from './kaiser-bessel.ts';
import { gridRowBytes, runPaddedFft, type PaddedFftJob } from './padded-fft.ts';
import { freeSamples, placeSamples, samplePlanBytes, type GridAxis, type SamplePlan } from './sample-plan.ts';

export interface NufftOptions {
  /** Grid points per image point, more than 1; rounded up to a length with a fast transform. */
  readonly oversampling: number;
  /** Grid points a sample touches in each direction, 2 … 8. */
  readonly width: number;
}

/** Relative error about 4·10⁻⁶ (bart's setting). */
export const ACCURATE: NufftOptions = { oversampling: 2, width: 6 };
/** Relative error about 5·10⁻³ with two fifths of the grid; for previews. */
export const FAST: NufftOptions = { oversampling: 1.25, width: 4 };

/** Coils that go through the kernels together. */
const LANES = 4;
/** Samples that a task of the gridding kernels takes: wasm/gridding.ts. */
const CHUNK = 2048;
const SMALLEST_GRID = 16;
/** |k| beyond this many times N/2 is a trajectory in other units, not one that reaches a little over the edge. */
const REACH = 1.1;

/** The transform of one trajectory. Holds kernel memory until `dispose`; use nufftOf (plan-cache.ts) to share it. */
export class Nufft {
  readonly rows: number;
  readonly columns: number;
  /** [sample, readout] */
  readonly range: readonly [number, number];
  readonly #kernels: Kernels;
  readonly #plan: SamplePlan;
  readonly #width: number;
  readonly #axes: readonly [GridAxis, GridAxis];
  readonly #rowBytes: number;
  readonly #rowWeights: number;
  readonly #columnWeights: number;

  /**
   * Throws `input.malformed` where a coordinate is not finite, `input.mismatch` where one lies beyond 1.1·N/2, `internal` for
   * options out of range and `job.memory` where the plan does not fit.
   */
  constructor(kernels: Kernels, trajectory: Trajectory, { oversampling, width }: NufftOptions = ACCURATE) {
    if (!(oversampling > 1 && oversampling <= 4) || !(Number.isInteger(width) && width >= 2 && width <= 8)) {
      throw new LacunaError('internal', `NUFFT: oversampling ${oversampling} and width ${width} are out of range`);
    }
    checkPoints(trajectory);
    const { rows, columns } = trajectory.matrix;
    this.#kernels = kernels;
    this.rows = rows;
    this.columns = columns;
    this.range = [trajectory.points.shape[0] as number, trajectory.points.shape[1] as number];
    this.#width = width;
    const axis = (length: number): GridAxis => {
      const grid = smoothAtLeast(Math.max(SMALLEST_GRID, Math.ceil(oversampling * length)));
      return { length, grid, beta: kaiserBesselBeta(width, grid / length) };
    };
    this.#axes = [axis(rows), axis(columns)];
    this.#rowBytes = gridRowBytes(this.#axes[1].grid);
    this.#plan = placeSamples(kernels.heap, trajectory.points.data, ...this.#axes, width);
    this.#rowWeights = this.#writeWeights(this.#axes[0], 1 / Math.sqrt(rows * columns));
    this.#columnWeights = this.#writeWeights(this.#axes[1], 1);
  }

  /** Kernel memory held between calls, bytes. */
  get bytes(): number {
    return samplePlanBytes(this.#plan.count, this.#width) + 4 * (this.rows + this.columns);
  }

  /** Images [coil, row, column] → samples [coil, sample, readout]. */
  forward(images: NdArray<'complex64'>, out?: NdArray<'complex64'>): NdArray<'complex64'> {
    const coils = this.#coils(images, [this.rows, this.columns]);
    const result = out ?? zeros('complex64', [coils, ...this.range]);
    this.#batches(coils, images.data, result.data, ({ gridding, fft }) => {
      runPaddedFft(this.#kernels, 'packImage', fft);
      runPaddedFft(this.#kernels, 'padColumns', fft);
      runPaddedFft(this.#kernels, 'padRows', fft);
      this.#kernels.run('interpolate', gridding, this.#chunks);
      this.#kernels.run('unpackSamples', gridding, this.#chunks);
    });
    return result;
  }

  /** Samples [coil, sample, readout] → images [coil, row, column]. */
  adjoint(samples: NdArray<'complex64'>, out?: NdArray<'complex64'>): NdArray<'complex64'> {
    const coils = this.#coils(samples, this.range);
    const result = out ?? zeros('complex64', [coils, this.rows, this.columns]);
    this.#batches(coils, samples.data, result.data, ({ gridding, fft }) => {
      this.#kernels.run('packSamples', gridding, this.#chunks);
      this.#kernels.run('spread', gridding, this.#plan.bins);
      runPaddedFft(this.#kernels, 'cropRows', fft);
      runPaddedFft(this.#kernels, 'cropColumns', fft);
      runPaddedFft(this.#kernels, 'unpackImage', fft);
    });
    return result;
  }

  dispose(): void {
    freeSamples(this.#kernels.heap, this.#plan);
    for (const address of [this.#rowWeights, this.#columnWeights]) this.#kernels.heap.free(address);
  }

  get #chunks(): number {
    return Math.ceil(this.#plan.count / CHUNK);
  }

  /** Runs `transform` for four coils at a time, from `input` to `output`, both one plane a coil. */
  #batches(coils: number, input: Float32Array, output: Float32Array, transform: (job: { gridding: number[]; fft: PaddedFftJob }) => void): void {
    const { heap } = this.#kernels;
    const [rows, columns] = this.#axes;
    const plane = { in: input.length / coils, out: output.length / coils };
    const taken: number[] = [];
    const take = (bytes: number): number => {
      const address = heap.allocate(bytes);
      taken.push(address);
      return address;
    };
    try {
      const grid = take(rows.grid * this.#rowBytes);
      const image = take(this.rows * this.columns * LANE_BLOCK);
      const samples = take(this.#plan.count * LANE_BLOCK);
      const planes = take(4 * LANES * Math.max(plane.in, plane.out));
      const { bins, binStarts, corners, weights, count, order } = this.#plan;
      const gridding = [grid, this.#rowBytes, rows.grid, columns.grid, this.#width, bins, binStarts, corners, weights, samples, count, order, planes];
      const fft: PaddedFftJob = {
        image, rows: this.rows, columns: this.columns, grid, rowBytes: this.#rowBytes, gridRows: rows.grid, gridColumns: columns.grid,
        rowWeights: this.#rowWeights, columnWeights: this.#columnWeights, planes,
      };
      for (let first = 0; first < coils; first += LANES) {
        const lanes = Math.min(LANES, coils - first);
        const staged = heap.floats(planes, LANES * plane.in);
        staged.set(input.subarray(first * plane.in, (first + lanes) * plane.in));
        staged.fill(0, lanes * plane.in);
        transform({ gridding, fft });
        output.set(heap.floats(planes, lanes * plane.out), first * plane.out);
      }
    } finally {
      for (const address of taken) heap.free(address);
    }
  }

  #writeWeights(axis: GridAxis, scale: number): number {
    const address = this.#kernels.heap.allocate(4 * axis.length);
    const weights = this.#kernels.heap.floats(address, axis.length);
    for (let i = 0; i < axis.length; i++) {
      weights[i] = scale / apodisation(i - Math.floor(axis.length / 2), axis.grid, this.#width, axis.beta);
    }
    return address;
  }

  #coils({ shape, data }: NdArray<'complex64'>, plane: readonly [number, number]): number {
    if (shape.length === 3 && shape[1] === plane[0] && shape[2] === plane[1]) return shape[0] as number;
    ndArray('complex64', shape, data);
    throw new LacunaError('internal', `NUFFT expects [coil, ${plane.join(', ')}], got [${shape.join(', ')}]`);
  }
}

function checkPoints({ points, matrix }: Trajectory): void {
  const limits = [(REACH * matrix.rows) / 2, (REACH * matrix.columns) / 2] as const;
  if (points.data.length === 0) throw new LacunaError('input.malformed', 'The trajectory has no samples.', { field: 'trajectory' });
  for (let i = 0; i < points.data.length; i++) {
    const k = points.data[i] as number;
    if (!Number.isFinite(k)) throw new LacunaError('input.malformed', `Sample ${i >> 1} of the trajectory is at ${k}; expected a finite number.`, { field: 'trajectory' });
    const limit = limits[i & 1] as number;
    // One cycle to spare keeps images of a few pixels usable.
    if (Math.abs(k) > limit + 1) {
      throw new LacunaError(
        'input.mismatch',
        `Sample ${i >> 1} of the trajectory lies at ${k.toPrecision(4)} cycles per field of view; a matrix of ${matrix.rows}×${matrix.columns} reaches to ±${(limit / REACH).toPrecision(4)}.`,
        { field: 'trajectory' },
      );
    }
  }
}

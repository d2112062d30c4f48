/**
 * The normal equations of A = NUFFT · maps in kernel memory, with AᴴA in Toeplitz form: SenseSystem along a trajectory. Weights w
 * on the samples make it AᴴWA and AᴴWy. `test/mri/noncartesian-system.test.ts` holds it equal to the operators it is made of.
 */
import { ndArray, subArray, type NdArray } from '../array/nd-array.ts';
import type { Trajectory } from '../array/trajectory.ts';
import { coils as coilMaps } from '../operators/coils.ts';
import { LANE_BLOCK, type Kernels } from '../transform/kernels.ts';
import { gridRowBytes, runPaddedFft, type PaddedFftJob } from '../transform/nufft/padded-fft.ts';
import { nufftOf } from '../transform/nufft/plan-cache.ts';
import { toeplitzSpectrum, type ToeplitzSpectrum } from '../transform/nufft/toeplitz.ts';
import { RowBlocks } from '../transform/row-blocks.ts';

const LANES = 4;

export class NonCartesianSystem {
  readonly space: RowBlocks;
  readonly #kernels: Kernels;
  readonly #maps: NdArray<'complex64'>;
  readonly #trajectory: Trajectory;
  readonly #weights: Float32Array | undefined;
  /** Maps of four coils each, set after set. */
  readonly #images: readonly number[];
  readonly #grid: number;
  readonly #spectrum: number;
  readonly #job: Omit<PaddedFftJob, 'image'> & { readonly mapStride: number };

  /**
   * `maps` is [coil, row, column] on `trajectory.matrix`, or [set, coil, row, column]; A sums over the sets then. `spectrum` is
   * toeplitzSpectrum(trajectory, weights) where it is known. Throws as nufftOf.
   */
  constructor(kernels: Kernels, maps: NdArray<'complex64'>, trajectory: Trajectory, weights?: Float32Array, spectrum?: ToeplitzSpectrum) {
    const [coils, rows, columns] = maps.shape.slice(-3) as [number, number, number];
    const sets = maps.shape.length === 4 ? (maps.shape[0] as number) : 1;
    const { gridRows, gridColumns, values } = spectrum ?? toeplitzSpectrum(trajectory, weights);
    this.#kernels = kernels;
    this.#maps = maps;
    this.#trajectory = trajectory;
    this.#weights = weights;
    this.space = new RowBlocks(kernels, rows, columns, sets);
    const rowBytes = gridRowBytes(gridColumns);
    const mapStride = rows * columns * LANE_BLOCK;
    this.#images = Array.from({ length: Math.ceil(coils / LANES) }, () => kernels.heap.allocate(sets * mapStride));
    this.#grid = kernels.heap.allocate(gridRows * rowBytes);
    this.#spectrum = kernels.heap.allocate(4 * values.length);
    kernels.heap.floats(this.#spectrum, values.length).set(values);
    const { step, stride } = this.space;
    this.#job = { rows, columns, grid: this.#grid, rowBytes, gridRows, gridColumns, spectrum: this.#spectrum, step, sets, mapStride, stride };
    this.#packMaps();
  }

  /** out = AᴴWA x */
  normal(x: number, out: number): void {
    for (const [group, image] of this.#images.entries()) {
      const job = { ...this.#job, image, x, out, add: group > 0 };
      runPaddedFft(this.#kernels, 'toeplitzColumns', job);
      runPaddedFft(this.#kernels, 'toeplitzRows', job);
      runPaddedFft(this.#kernels, 'toeplitzSum', job);
    }
  }

  /** out = AᴴW y for samples [coil, sample, readout]. */
  adjoint(y: NdArray<'complex64'>, out: number): void {
    this.combine(nufftOf(this.#trajectory).adjoint(this.#weights === undefined ? y : weighted(y, this.#weights)), out);
  }

  /** out = Σ over coils of conj(maps) · images [coil, row, column]; AᴴW y of the gridded images. */
  combine(images: NdArray<'complex64'>, out: number): void {
    for (const [i, maps] of setsOf(this.#maps).entries()) this.space.set(out + i * this.space.stride, coilMaps(maps).adjoint(images).data);
  }

  dispose(): void {
    for (const address of [...this.#images, this.#grid, this.#spectrum]) this.#kernels.heap.free(address);
    this.space.dispose();
  }

  #packMaps(): void {
    const { heap } = this.#kernels;
    const { rows, columns, mapStride } = this.#job;
    const plane = 2 * rows * columns;
    const planes = heap.allocate(4 * LANES * plane);
    const ones = heap.allocate(4 * Math.max(rows, columns));
    heap.floats(ones, Math.max(rows, columns)).fill(1);
    for (const [set, maps] of setsOf(this.#maps).entries()) {
      for (const [group, images] of this.#images.entries()) {
        const part = maps.data.subarray(group * LANES * plane, (group + 1) * LANES * plane);
        heap.floats(planes, part.length).set(part);
        // Lanes without a coil have no map, and so add nothing.
        heap.floats(planes, LANES * plane).fill(0, part.length);
        runPaddedFft(this.#kernels, 'packImage', { ...this.#job, image: images + set * mapStride, planes, rowWeights: ones, columnWeights: ones });
      }
    }
    heap.free(planes);
    heap.free(ones);
  }
}

/** Samples [coil, …] times one weight a sample. */
export function weighted(y: NdArray<'complex64'>, weights: Float32Array): NdArray<'complex64'> {
  const out = ndArray('complex64', y.shape, y.data.slice());
  for (let at = 0; at < out.data.length; at += 2 * weights.length) {
    for (let m = 0; m < weights.length; m++) {
      const weight = weights[m] as number;
      out.data[at + 2 * m] = (out.data[at + 2 * m] as number) * weight;
      out.data[at + 2 * m + 1] = (out.data[at + 2 * m + 1] as number) * weight;
    }
  }
  return out;
}

/** Maps [coil, row, column] as they are, [set, coil, row, column] one by one. */
export function setsOf(maps: NdArray<'complex64'>): readonly NdArray<'complex64'>[] {
  return maps.shape.length === 4 ? Array.from({ length: maps.shape[0] as number }, (_, i) => subArray(maps, i)) : [maps];
}

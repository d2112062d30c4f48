/**
 * A series of images in kernel memory for low-rank + sparse (wasm/series.ts): M, S and their sum, frames in row blocks. Columns of the
 * Casorati matrix are frames.
 */
import type { NdArray } from '../array/nd-array.ts';
import { floatBits, LANE_BLOCK, type Kernels } from './kernels.ts';
import type { Plan } from './plan.ts';
import type { RowBlocks } from './row-blocks.ts';

/** Lane blocks and floats that tasks take: wasm/series.ts. */
const GRAM_TILE = 256;
const TILE = 16;
const CHUNK = 8192;

export class SeriesBlocks {
  readonly frames: number;
  readonly #space: RowBlocks;
  readonly #kernels: Kernels;
  readonly #plan: Plan;
  readonly #m: number;
  readonly #sparse: number;
  readonly #sum: number;
  readonly #partial: number;
  readonly #projector: number;
  readonly #blocks: number;
  readonly #gramTasks: number;
  readonly #chunks: number;

  /** `space` gives the frames their size and outlives the series. Throws `job.memory` where three series do not fit. */
  constructor(space: RowBlocks, frames: number) {
    const { kernels, stride } = space;
    this.frames = frames;
    this.#space = space;
    this.#kernels = kernels;
    this.#plan = kernels.plan(frames);
    this.#blocks = stride / LANE_BLOCK;
    this.#gramTasks = Math.ceil(this.#blocks / GRAM_TILE);
    this.#chunks = Math.ceil(stride / 4 / CHUNK);
    this.#partial = kernels.heap.allocate(8 * Math.max(this.#gramTasks * frames * (frames + 1), 2 * this.#chunks));
    this.#projector = kernels.heap.allocate(8 * frames * frames);
    this.#m = space.createMany(frames);
    this.#sparse = space.createMany(frames);
    this.#sum = space.createMany(frames);
  }

  /** Address of frame t of M. */
  frame(t: number): number {
    return this.#m + t * this.#space.stride;
  }

  /** Address of frame t of L + S. */
  sumFrame(t: number): number {
    return this.#sum + t * this.#space.stride;
  }

  /** [row, column] of frame t of L + S, a copy. */
  toArray(t: number): NdArray<'complex64'> {
    return this.#space.toArray(this.sumFrame(t));
  }

  /** LᴴL of L = M − S, frames × frames, interleaved: element (s, t) = Σ conj(L_s)·L_t. */
  gram(): Float64Array {
    const n = this.frames;
    this.#run('seriesGram', this.#gramTasks, 0, 0);
    const size = n * (n + 1);
    const partial = new Float64Array(this.#kernels.heap.memory.buffer, this.#partial, this.#gramTasks * size);
    const triangle = new Float64Array(size);
    for (let i = 0; i < partial.length; i++) triangle[i % size] = (triangle[i % size] as number) + (partial[i] as number);
    const out = new Float64Array(2 * n * n);
    for (let s = 0, at = 0; s < n; s++) {
      for (let t = s; t < n; t++, at += 2) {
        out[2 * (s * n + t)] = out[2 * (t * n + s)] = triangle[at] as number;
        out[2 * (s * n + t) + 1] = triangle[at + 1] as number;
        out[2 * (t * n + s) + 1] = -(triangle[at + 1] as number);
      }
    }
    return out;
  }

  /**
   * After `gram`: L ← L·P for P `projector` (frames × frames, interleaved), S ← Tᴴ soft(T (M − L), threshold) with the orthonormal Fourier
   * transform T over frames; their sum is what sumFrame and toArray give.
   */
  shrink(projector: Float64Array, threshold: number): void {
    this.#kernels.heap.floats(this.#projector, projector.length).set(projector);
    const block = LANE_BLOCK * this.#plan.elements;
    this.#run('seriesShrink', Math.ceil(this.#blocks / TILE), threshold, 2 * block + (TILE + 1) * LANE_BLOCK * this.frames);
  }

  /** Frame t of M ← (L + S) − normal + b, two vectors of the space; returns ‖M⁺ − M‖² and ‖M⁺‖² of it. */
  makeConsistent(t: number, normal: number, b: number): readonly [change: number, energy: number] {
    this.#kernels.run('seriesConsistent', [this.frame(t), this.sumFrame(t), normal, b, this.#space.stride / 4, this.#partial], this.#chunks);
    const partial = new Float64Array(this.#kernels.heap.memory.buffer, this.#partial, 2 * this.#chunks);
    let [change, energy] = [0, 0];
    for (let i = 0; i < partial.length; i += 2) {
      change += partial[i] as number;
      energy += partial[i + 1] as number;
    }
    return [change, energy];
  }

  dispose(): void {
    for (const address of [this.#m, this.#sparse, this.#sum, this.#partial, this.#projector]) this.#kernels.heap.free(address);
  }

  #run(name: 'seriesGram' | 'seriesShrink', tasks: number, threshold: number, scratch: number): void {
    const words = [
      this.#m, this.#sparse, this.#sum, this.#space.stride, this.#blocks, this.frames, this.#partial, this.#projector,
      this.#plan.address, floatBits(1 / Math.sqrt(this.frames)), floatBits(threshold), LANE_BLOCK * this.#plan.elements,
    ];
    this.#kernels.run(name, words, tasks, scratch);
  }
}

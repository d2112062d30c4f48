/**
 * Complex images in kernel memory as *row blocks* (wasm/pack.ts): columns of four rows side by side, both axes rotated so
 * that centred transforms need no rotation. A vector is the address of one image. This is the vector space of the MRI solvers.
 */
import { zeros, type NdArray } from '../array/nd-array.ts';
import { floatBits, LANE_BLOCK, type Kernels } from './kernels.ts';

/** Floats that one task of `combine` and `dot` takes: wasm/vector.ts. */
const CHUNK = 8192;
/** Vectors up to this many floats are combined on one thread: 25 µs for 320×320, less than two threads need to agree. */
const ALONE = 1 << 20;

export class RowBlocks {
  readonly kernels: Kernels;
  readonly rows: number;
  readonly columns: number;
  /** Groups of four rows. */
  readonly groups: number;
  /** Bytes of a group; columns are rounded up to a multiple of four. */
  readonly step: number;
  /** Bytes of an image. */
  readonly stride: number;
  /** Images of a vector, `stride` apart: 1, or one a set of coil maps. */
  readonly images: number;
  readonly #length: number;
  readonly #chunks: number;
  readonly #partial: number;
  readonly #stage: number;
  readonly #spare: number;

  constructor(kernels: Kernels, rows: number, columns: number, images = 1) {
    this.kernels = kernels;
    this.rows = rows;
    this.columns = columns;
    this.groups = Math.ceil(rows / 4);
    this.step = Math.ceil(columns / 4) * 4 * LANE_BLOCK;
    this.stride = this.groups * this.step;
    this.images = images;
    this.#length = (images * this.stride) / 4;
    this.#chunks = Math.ceil(this.#length / CHUNK);
    this.#partial = kernels.heap.allocate(8 * this.#chunks);
    this.#stage = kernels.heap.allocate(8 * rows * columns);
    this.#spare = kernels.heap.allocate(8 * columns);
  }

  create(): number {
    return this.createMany(this.images);
  }

  /** `count` zero images in a row, `stride` bytes apart; freed as one. */
  createMany(count: number): number {
    const address = this.kernels.heap.allocate(count * this.stride);
    this.kernels.heap.floats(address, (count * this.stride) / 4).fill(0);
    return address;
  }

  free(address: number): void {
    this.kernels.heap.free(address);
  }

  combine(out: number, a: number, x: number, b: number, y: number): void {
    this.kernels.run('combine', [out, x, y, this.#length, floatBits(a), floatBits(b)], this.#chunks, 0, this.#length <= ALONE);
  }

  dot(x: number, y: number): number {
    this.kernels.run('dot', [x, y, this.#length, this.#partial], this.#chunks, 0, this.#length <= ALONE);
    const partial = new Float64Array(this.kernels.heap.memory.buffer, this.#partial, this.#chunks);
    let sum = 0;
    for (const value of partial) sum += value;
    return sum;
  }

  /** Copies one row-major image of rows·columns complex numbers in. */
  set(address: number, image: Float32Array): void {
    this.kernels.heap.floats(this.#stage, image.length).set(image);
    // Rows past the image read zeros.
    this.kernels.heap.floats(this.#spare, 2 * this.columns).fill(0);
    this.kernels.run('pack', this.#packing(address), this.groups);
  }

  /** [row, column], or [image, row, column] where a vector has several. */
  toArray(address: number): NdArray<'complex64'> {
    const size = 2 * this.rows * this.columns;
    const out = zeros('complex64', this.images === 1 ? [this.rows, this.columns] : [this.images, this.rows, this.columns]);
    for (let i = 0; i < this.images; i++) {
      this.kernels.run('unpack', this.#packing(address + i * this.stride), this.groups);
      out.data.set(this.kernels.heap.floats(this.#stage, size), i * size);
    }
    return out;
  }

  dispose(): void {
    for (const address of [this.#partial, this.#stage, this.#spare]) this.kernels.heap.free(address);
  }

  #packing(address: number): number[] {
    return [this.#stage, address, this.step, this.stride, this.rows, this.columns, this.#spare];
  }
}

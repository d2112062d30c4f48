/**
 * The normal equations of A = mask · F · maps in kernel memory: what SENSE and L1-wavelet iterate on.
 * Its vectors are images in row blocks; `test/mri/sense-system.test.ts` holds it equal to the operators it is made of.
 */
import type { NdArray } from '../array/nd-array.ts';
import type { SamplingPattern } from '../sampling/pattern.ts';
import { floatBits, LANE_BLOCK, type Kernels } from '../transform/kernels.ts';
import type { Plan } from '../transform/plan.ts';
import { RowBlocks } from '../transform/row-blocks.ts';

interface Mask {
  readonly lines: boolean;
  readonly address: number;
}

export class SenseSystem {
  readonly space: RowBlocks;
  readonly #kernels: Kernels;
  readonly #coils: number;
  /** Of maps: 1, or 2 for soft-SENSE; a vector has one image a set. */
  readonly #sets: number;
  readonly #rowPlan: Plan;
  readonly #columnPlan: Plan;
  readonly #block: number;
  readonly #maps: number;
  /** One a pattern. */
  readonly #masks: readonly Mask[];
  readonly #across: number;
  /** One image a coil, for the adjoint and for patterns of points. */
  readonly #buffers: number;

  /**
   * `maps` is [coil, row, column], or [set, coil, row, column]; A sums over the sets then (Uecker et al., Magn Reson Med 2014;71:990, soft-SENSE).
   * Frames of a series have a pattern each and share the maps.
   */
  constructor(kernels: Kernels, maps: NdArray<'complex64'>, ...patterns: readonly SamplingPattern[]) {
    const [coils, rows, columns] = maps.shape.slice(-3) as [number, number, number];
    const sets = maps.shape.length === 4 ? (maps.shape[0] as number) : 1;
    this.#kernels = kernels;
    this.#sets = sets;
    this.#coils = coils;
    this.#rowPlan = kernels.plan(columns);
    this.#columnPlan = kernels.plan(rows);
    this.space = new RowBlocks(kernels, rows, columns, sets);
    this.#across = this.space.step / (4 * LANE_BLOCK);
    this.#block = LANE_BLOCK * Math.max(this.#rowPlan.elements, this.#columnPlan.elements, 4 * this.space.groups);
    this.#maps = this.space.createMany(sets * coils);
    this.#pack(maps, this.#maps, sets * coils);
    this.#masks = patterns.map((pattern) => {
      const lines = pattern.kind === 'lines';
      const values = lines ? lineMask(pattern) : pointMask(pattern, this.#across);
      const address = kernels.heap.allocate(4 * values.length);
      kernels.heap.floats(address, values.length).set(values);
      return { lines, address };
    });
    this.#buffers = this.space.createMany(coils);
  }

  /** out = AᴴA x, where A has the mask of pattern `index`. */
  normal(x: number, out: number, index = 0): void {
    const { lines, address } = this.#masks[index] as Mask;
    if (lines) {
      this.#run('normalLines', x, out, this.space.groups, { mask: address });
      return;
    }
    this.#run('forwardRows', x, out, this.#coils * this.space.groups);
    this.#run('columnsMasked', x, out, this.#coils * this.#across, { mask: address });
    this.#run('adjointRows', x, out, this.space.groups);
  }

  /** out = Aᴴ y for k-space [coil, row, column] that is zero where the pattern keeps nothing. */
  adjoint(y: NdArray<'complex64'>, out: number): void {
    this.#pack(y, this.#buffers, this.#coils);
    this.#run('columnsInverse', 0, out, this.#coils * this.#across);
    this.#run('adjointRows', 0, out, this.space.groups, { scale: 1 / Math.sqrt(this.space.rows * this.space.columns) });
  }

  dispose(): void {
    for (const address of [this.#maps, this.#buffers, ...this.#masks.map((mask) => mask.address)]) this.#kernels.heap.free(address);
    this.space.dispose();
  }

  #pack(images: NdArray<'complex64'>, to: number, count: number): void {
    const size = images.data.length / count;
    for (let i = 0; i < count; i++) this.space.set(to + i * this.space.stride, images.data.subarray(i * size, (i + 1) * size));
  }

  #run(
    name: 'normalLines' | 'forwardRows' | 'columnsMasked' | 'columnsInverse' | 'adjointRows',
    x: number,
    out: number,
    tasks: number,
    { mask = 0, scale = 1 }: { readonly mask?: number; readonly scale?: number } = {},
  ): void {
    const { stride, step, rows, columns } = this.space;
    const words = [
      x, out, this.#maps, this.#buffers, stride, step, this.#coils, rows, columns,
      this.#rowPlan.address, this.#columnPlan.address, mask, this.#block, floatBits(scale), this.#sets,
    ];
    this.#kernels.run(name, words, tasks, 2 * this.#block);
  }
}

/** Image index that storage index i stands for. */
const rotated = (i: number, n: number): number => (i + Math.floor(n / 2)) % n;

/** The scale of a forward and an inverse transform along rows is in the mask. */
function lineMask({ mask, columns }: SamplingPattern): Float32Array {
  return Float32Array.from({ length: columns }, (_, j) => (mask[rotated(j, columns)] as number) / columns);
}

/** Four columns side by side, row after row; columns past the last one are never kept. */
function pointMask({ mask, rows, columns }: SamplingPattern, across: number): Float32Array {
  const out = new Float32Array(across * rows * 4);
  for (let q = 0; q < across; q++) {
    for (let i = 0; i < rows; i++) {
      for (let lane = 0; lane < 4 && 4 * q + lane < columns; lane++) {
        const kept = mask[rotated(i, rows) * columns + rotated(4 * q + lane, columns)] as number;
        out[(q * rows + i) * 4 + lane] = kept / (rows * columns);
      }
    }
  }
  return out;
}

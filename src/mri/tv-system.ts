/**
 * Periodic image differences D and the dual variables of isotropic total variation in kernel memory (wasm/tv.ts);
 * test/mri/tv.test.ts holds it equal to plain formulas.
 */
import type { NdArray } from '../array/nd-array.ts';
import { floatBits } from '../transform/kernels.ts';
import type { RowBlocks } from '../transform/row-blocks.ts';

export class TvSystem {
  readonly #space: RowBlocks;
  /** u, and v − u: two images each, differences along columns and along rows. */
  readonly #dual: number;
  readonly #target: number;

  /** Of one image a vector. u = v = 0 to start with. */
  constructor(space: RowBlocks) {
    this.#space = space;
    this.#dual = space.createMany(2);
    this.#target = space.createMany(2);
  }

  /** out += ρ DᵀD x */
  addNormal(rho: number, x: number, out: number): void {
    this.#run('tvNormal', x, out, rho);
  }

  /** v = shrink(D x + u, threshold), u ← u + D x − v, where shrink shortens the vector of both differences. `threshold` > 0. */
  split(x: number, threshold: number): void {
    this.#run('tvDual', x, 0, threshold);
  }

  /** out = b + ρ Dᵀ(v − u) */
  rightSide(b: number, rho: number, out: number): void {
    this.#run('tvDivergence', b, out, rho);
  }

  /** v − u, each [row, column]: differences along columns, then along rows. */
  targets(): readonly [NdArray<'complex64'>, NdArray<'complex64'>] {
    return [this.#space.toArray(this.#target), this.#space.toArray(this.#target + this.#space.stride)];
  }

  dispose(): void {
    this.#space.free(this.#dual);
    this.#space.free(this.#target);
  }

  #run(name: 'tvNormal' | 'tvDual' | 'tvDivergence', x: number, out: number, weight: number): void {
    const { stride, step, rows, columns, groups, kernels } = this.#space;
    kernels.run(name, [x, out, this.#dual, this.#target, stride, step, rows, columns, floatBits(weight)], groups);
  }
}

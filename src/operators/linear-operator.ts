/** A linear map between complex arrays, with its adjoint: <A x, y> = <x, Aᴴ y> (tested for every operator). */
import type { NdArray } from '../array/nd-array.ts';

export interface LinearOperator {
  /** Printable, composes: `Mask · Fourier · Coils`. Named in every error. */
  readonly name: string;
  readonly domain: readonly number[];
  readonly range: readonly number[];
  /** A x. Writes into `out` when given (must have the shape of `range`), else allocates. Never keeps a reference to x. */
  apply(x: NdArray<'complex64'>, out?: NdArray<'complex64'>): NdArray<'complex64'>;
  /** Aᴴ y. */
  adjoint(y: NdArray<'complex64'>, out?: NdArray<'complex64'>): NdArray<'complex64'>;
}

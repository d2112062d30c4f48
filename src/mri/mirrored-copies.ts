/**
 * A reconstruction problem mirrored and conjugated. The physics is the same in the mirror, a trained network is not quite: images
 * from the copies, mapped back, differ by its own whims, which the mean averages out and the spread tells of.
 *
 * A mirror image has the mirrored spectrum; a conjugated image the conjugated spectrum, mirrored along both axes.
 */
import { zeros, type DType, type NdArray } from '../array/nd-array.ts';
import type { UnrolledProblem } from './unrolled.ts';

export interface MirroredCopy {
  readonly rows: boolean;
  readonly columns: boolean;
  readonly conjugated: boolean;
}

export const COPY_COUNTS = [1, 2, 4, 8] as const;
export type CopyCount = (typeof COPY_COUNTS)[number];

const ALL: readonly MirroredCopy[] = [
  { rows: false, columns: false, conjugated: false },
  { rows: true, columns: true, conjugated: false },
  { rows: false, columns: true, conjugated: false },
  { rows: true, columns: false, conjugated: false },
  { rows: false, columns: false, conjugated: true },
  { rows: true, columns: true, conjugated: true },
  { rows: false, columns: true, conjugated: true },
  { rows: true, columns: false, conjugated: true },
];

/** The first is the problem as it is. */
export function mirroredCopies(count: CopyCount): readonly MirroredCopy[] {
  return ALL.slice(0, count);
}

/** The problem whose solution is the mirrored and conjugated solution of `problem`. Arrays that stay the same are shared. */
export function mirrorProblem(problem: UnrolledProblem, copy: MirroredCopy): UnrolledProblem {
  if (!copy.rows && !copy.columns && !copy.conjugated) return problem;
  const { mapsKey: _ofOthers, ...unnamed } = problem;
  const { kind, adjoint, maps, weights, kspace } = problem;
  // k is mirrored with the image, and once more by conjugation.
  const spectrum = { rows: copy.rows !== copy.conjugated, columns: copy.columns !== copy.conjugated, conjugated: false };
  const periodic = isPeriodic(problem);
  return {
    ...unnamed,
    adjoint: mirror(adjoint, copy, periodic),
    maps: mirror(maps, copy, periodic),
    weights: mirror(weights, kind === 'lines' ? { ...spectrum, rows: false } : spectrum, true),
    // Rows of 'lines' are in image space.
    ...(kspace === undefined
      ? {}
      : { kspace: () => mirror(kspace(), { ...copy, rows: kind === 'lines' ? copy.rows : spectrum.rows, columns: spectrum.columns }, true) }),
  };
}

/** The image of a copy as the image of the problem itself: each copy is its own inverse. */
export function mirrorBack(image: NdArray<'complex64'>, copy: MirroredCopy, problem: UnrolledProblem): NdArray<'complex64'> {
  return mirror(image, copy, isPeriodic(problem));
}

/** On the grid of the image itself A is circulant; on a larger one rows and columns end. */
function isPeriodic({ kind, weights, maps }: UnrolledProblem): boolean {
  return kind === 'lines' || (weights.shape[0] === maps.shape[1] && weights.shape[1] === maps.shape[2]);
}

/**
 * x[n] → x[(2c − n) mod N] with c = ⌊N/2⌋ where the axis is `periodic`, so that the origin stays where it is; else
 * x[n] → x[N − 1 − n]. Over the last axis, or the last two; complex values conjugated on request.
 */
export function mirror<A extends NdArray<'complex64'> | NdArray<'float32'>>(array: A, { rows, columns, conjugated }: MirroredCopy, periodic = true): A {
  if (!rows && !columns && !conjugated) return array;
  const [height, width] = array.shape.length === 1 ? [1, array.shape[0] as number] : (array.shape.slice(-2) as [number, number]);
  const parts = partsOf(array.dtype);
  const out = zeros(array.dtype, array.shape) as A;
  const fromRow = Array.from({ length: height }, (_, r) => (rows ? mirrored(r, height, periodic) : r));
  const fromColumn = Int32Array.from({ length: width }, (_, c) => parts * (columns ? mirrored(c, width, periodic) : c));
  const sign = conjugated ? -1 : 1;
  for (let line = 0; line < array.data.length / (parts * width); line++) {
    const row = line % height;
    const to = line * width * parts;
    const from = (line - row + (fromRow[row] as number)) * width * parts;
    for (let c = 0; c < width; c++) {
      const at = from + (fromColumn[c] as number);
      out.data[to + parts * c] = array.data[at] as number;
      if (parts === 2) out.data[to + 2 * c + 1] = sign * (array.data[at + 1] as number);
    }
  }
  return out;
}

const partsOf = (dtype: DType): 1 | 2 => (dtype === 'complex64' ? 2 : 1);
const mirrored = (i: number, n: number, periodic: boolean): number => (periodic ? (2 * Math.floor(n / 2) - i + n) % n : n - 1 - i);

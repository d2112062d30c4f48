/**
 * What the axes of a bare array probably mean. Bare arrays say nothing about that, so the rules are conventions; the
 * recording's warnings state which was used, and a person can say otherwise.
 */
import type { AxisName } from '../../array/read-options.ts';
import { LacunaError } from '../../errors.ts';

/** More than any receive array has; a longer axis holds slices or samples. */
const MAX_COILS = 128;
const LEADING: readonly AxisName[] = ['volume', 'echo', 'frame', 'slice'];
/** Names for leading axes beyond the usual four, for arrays that a person will have to look at anyway. */
const UNUSUAL: readonly AxisName[] = ['batch', 'set', 'average', 'segment', 'coefficient', 'map'];

/**
 * NumPy's habits, slowest axis first:
 *
 *   real      [row, column] · [slice, row, column] · [volume, slice, row, column] …
 *   complex   [row, column] · [coil, row, column] · [slice, coil, row, column] …, or with the coils last
 *             where the last axis is shorter than the two before it and than the one that would be the coils
 *
 * Throws `input.unsupported` for shapes that no rule covers. `field` is the array's name in the file.
 */
export function guessAxes(shape: readonly number[], complex: boolean, file: string, field: string): AxisName[] {
  checkShape(shape, 4, complex, file, field);
  if (!complex || shape.length === 2) return [...leading(shape.length - 2, 4), 'row', 'column'];
  const [a, b, c] = shape.slice(-3) as [number, number, number];
  const coilsLast = c < a && c < b && c <= MAX_COILS;
  // More planes than any receive array has coils: single-coil slices.
  if (!coilsLast && a > MAX_COILS) return [...leading(shape.length - 2, 4), 'row', 'column'];
  const others = leading(shape.length - 3, 4);
  return coilsLast ? [...others, 'row', 'column', 'coil'] : [...others, 'coil', 'row', 'column'];
}

/**
 * MATLAB's habits. `sizes` as MATLAB's size() gives them, fastest axis first:
 *
 *   real      [row, column] · [row, column, slice] · [row, column, slice, volume] …
 *   complex   [row, column, coil] · [row, column, coil, slice] …, or with the coils first where the first axis is
 *             shorter than the two after it, or [row, column, slice, coil] where the fourth is the shorter one
 *
 * The names come in the order of `sizes`.
 */
export function guessColumnMajorAxes(sizes: readonly number[], complex: boolean, file: string, field: string): AxisName[] {
  checkShape(sizes, 10, complex, file, field);
  const others = (n: number): AxisName[] => leading(n, 10).reverse();
  if (!complex || sizes.length === 2) return ['row', 'column', ...others(sizes.length - 2)];
  const [a, b, c, d = Infinity] = sizes as [number, number, number, number?];
  if (a < b && a < c && a <= MAX_COILS) return ['coil', 'row', 'column', ...others(sizes.length - 3)];
  if (d < c && d > 1 && sizes.length === 4) return ['row', 'column', 'slice', 'coil'];
  if (c > MAX_COILS) return ['row', 'column', ...others(sizes.length - 2)];
  return ['row', 'column', 'coil', ...others(sizes.length - 3)];
}

/** Names of `count` leading axes, slowest first. */
function leading(count: number, most: number): AxisName[] {
  const names = [...[...UNUSUAL].reverse(), ...LEADING].slice(-most);
  return names.slice(names.length - count);
}

function checkShape(shape: readonly number[], mostLeading: number, complex: boolean, file: string, field: string): void {
  const fail = (why: string) => new LacunaError('input.unsupported', `An array of shape (${shape.join(', ')}) ${why}.`, { file, field });
  if (shape.length < 2) throw fail('is no image or k-space, which have at least rows and columns; a list of 0 and 1 can serve as a sampling pattern');
  if (shape.some((n) => n === 0)) throw fail('is empty');
  const most = mostLeading + 2 + (complex && shape.length > 2 ? 1 : 0);
  if (shape.length > most) throw fail('has more axes than are understood');
}

/**
 * What the axes of a bare array mean. `.npy` says nothing about that, so the rules are conventions, and the recording's
 * warnings state which was used:
 *
 *   real      [row, column] · [slice, row, column] · [volume, slice, row, column] …
 *   complex   [row, column] · [coil, row, column] · [slice, coil, row, column] …, or with the coils last
 *             where the last axis is shorter than the two before it and than the one that would be the coils
 */
import type { Axis, AxisName } from '../../array/recording.ts';
import { LacunaError } from '../../errors.ts';

export interface Interpretation {
  /** Leading axes, then `coil` where the array has one, then row and column. */
  readonly axes: readonly Axis[];
  readonly coilsLast: boolean;
  readonly slices: number;
  readonly coils: number;
  readonly rows: number;
  readonly columns: number;
}

/** More than any receive array has; a longer axis holds slices or samples. */
const MAX_COILS = 128;
/** Sides beyond this are not images, and their products overflow. */
const MAX_SIDE = 65_536;
const LEADING: readonly AxisName[] = ['volume', 'echo', 'frame', 'slice'];

/** Throws `input.unsupported` for shapes that no rule covers. `field` is the array's name in the file. */
export function interpretShape(shape: readonly number[], complex: boolean, file: string, field: string): Interpretation {
  const fail = (why: string) => new LacunaError('input.unsupported', `An array of shape (${shape.join(', ')}) ${why}.`, { file, field });
  if (shape.length < 2) throw fail('is no image or k-space, which have at least rows and columns; a list of 0 and 1 can serve as a sampling pattern');
  if (shape.some((n) => n === 0)) throw fail('is empty');
  if (!complex || shape.length === 2) return assemble(shape.slice(0, -2), 1, shape.slice(-2), false);

  const [a, b, c] = shape.slice(-3) as [number, number, number];
  const coilsLast = c < a && c < b && c <= MAX_COILS;
  const coils = coilsLast ? c : a;
  // More planes than any receive array has coils: single-coil slices.
  if (coils > MAX_COILS) return assemble(shape.slice(0, -2), 1, shape.slice(-2), false);
  return assemble(shape.slice(0, -3), coils, coilsLast ? [a, b] : [b, c], coilsLast);

  function assemble(leading: readonly number[], coilCount: number, plane: readonly number[], last: boolean): Interpretation {
    const [rows, columns] = plane as [number, number];
    if (leading.length > LEADING.length) throw fail('has more axes than are understood');
    if (rows > MAX_SIDE || columns > MAX_SIDE) throw fail(`has a side longer than ${MAX_SIDE}`);
    const names = LEADING.slice(LEADING.length - leading.length);
    const axes: Axis[] = leading.map((length, i) => ({ name: names[i] as AxisName, length }));
    if (complex) axes.push({ name: 'coil', length: coilCount });
    axes.push({ name: 'row', length: rows }, { name: 'column', length: columns });
    return { axes, coilsLast: last, slices: leading.reduce((p, n) => p * n, 1), coils: coilCount, rows, columns };
  }
}

/** `coil, row, column`, in the order of the file. */
export function describeAxes({ axes, coilsLast }: Interpretation): string {
  const names = axes.map((axis) => axis.name);
  if (!coilsLast) return names.join(', ');
  return [...names.filter((name) => name !== 'coil'), 'coil'].join(', ');
}

/**
 * Where the axes of a network's tensor lie. A role has its axes in one order (rows before columns, real and imaginary part last);
 * networks put batch and channel axes of length 1 between them and the complex axis elsewhere: [1, 2, rows, columns].
 */
import type { TensorRole } from '../models/manifest.ts';
import type { NdArray } from './nd-array.ts';

export type TensorAxis = 'batch' | 'complex' | 'pair' | 'coils' | 'rows' | 'columns' | 'lines' | 'spectrum_rows' | 'spectrum_columns';
export type TensorShape = readonly (number | string)[];

/** Without batch axes; complex last, as the studio makes them. */
export const ROLE_AXES: Readonly<Record<TensorRole, readonly TensorAxis[]>> = {
  adjoint: ['rows', 'columns', 'complex'],
  magnitude: ['rows', 'columns'],
  maps: ['coils', 'rows', 'columns', 'complex'],
  kspace: ['coils', 'rows', 'columns', 'complex'],
  'mask-lines': ['columns'],
  weights: ['spectrum_rows', 'spectrum_columns'],
  'dft-lines': ['lines', 'columns', 'complex'],
  'dft-rows': ['spectrum_rows', 'rows', 'complex'],
  'dft-columns': ['spectrum_columns', 'columns', 'complex'],
  condition: ['pair'],
  image: ['rows', 'columns', 'complex'],
  'image-magnitude': ['rows', 'columns'],
};

/** Open dimensions (batch, channels) that may be left over and are then 1; others must be written as 1. */
const OPEN_BATCH: Readonly<Partial<Record<TensorRole, number>>> = { adjoint: 2, magnitude: 2, image: 2, 'image-magnitude': 2, maps: 1, kspace: 1, 'mask-lines': 1, weights: 1 };

/** One axis a dimension of `shape`, or null where the role does not fit it. */
export function layoutOf(role: TensorRole, shape: TensorShape): readonly TensorAxis[] | null {
  const layout = anyLayout(role, shape);
  return layout === null || openBatchAxes(layout, shape) > (OPEN_BATCH[role] ?? 0) ? null : layout;
}

/** How many dimensions had to be taken for batch axes without being written as 1: the fewer, the better the role fits. */
export function openBatchAxes(layout: readonly TensorAxis[], shape: TensorShape): number {
  return layout.filter((axis, at) => axis === 'batch' && shape[at] !== 1).length;
}

function anyLayout(role: TensorRole, shape: TensorShape): readonly TensorAxis[] | null {
  const axes = ROLE_AXES[role];
  const plain = axes.filter((axis) => axis !== 'complex');
  if (!axes.includes('complex')) return place(shape, plain);
  for (const at of complexPlaces(shape)) {
    const rest = place([...shape.slice(0, at), ...shape.slice(at + 1)], plain);
    if (rest !== null) return [...rest.slice(0, at), 'complex', ...rest.slice(at)];
  }
  return null;
}

/** Dimensions of 2, from the last; else an open one where channels are by custom, third from the end or last. */
function complexPlaces(shape: TensorShape): readonly number[] {
  const fixed = [...shape.keys()].filter((at) => shape[at] === 2).reverse();
  if (fixed.length > 0) return fixed;
  const open = (at: number): boolean => typeof shape[at] === 'string' && !isSide(shape[at]);
  return [shape.length - 3, shape.length - 1].filter(open);
}

const isSide = (name: string): boolean => /^(rows?|columns?|cols?|h|w|height|width)$/i.test(name);

/** `axes` in their order; what is left over are batch axes: first dimensions of 1, then leading open ones. */
function place(shape: TensorShape, axes: readonly TensorAxis[]): readonly TensorAxis[] | null {
  const left = shape.length - axes.length;
  if (left < 0) return null;
  if (axes[0] === 'pair' && shape.at(-1) !== 2) return null;
  const batch = new Set<number>();
  for (const [at, size] of shape.entries()) if (size === 1 && batch.size < left) batch.add(at);
  for (const [at, size] of shape.entries()) {
    if (batch.size === left) break;
    if (batch.has(at)) continue;
    if (typeof size === 'number') return null;
    batch.add(at);
  }
  let next = 0;
  return batch.size < left ? null : shape.map((_, at) => (batch.has(at) ? 'batch' : (axes[next++] as TensorAxis)));
}

/** The shape as a manifest writes it: fixed sizes as they are, open ones by the name of their axis. */
export function namedShape(layout: readonly TensorAxis[], shape: TensorShape): (number | string)[] {
  return layout.map((axis, at) => (axis === 'batch' ? 1 : axis === 'complex' || axis === 'pair' ? 2 : typeof shape[at] === 'number' ? (shape[at] as number) : axis));
}

/** Size that the tensor fixes for an axis, or null where it takes any. */
export function fixedSize(role: TensorRole, shape: TensorShape, axis: TensorAxis): number | null {
  const size = shape[layoutOf(role, shape)?.indexOf(axis) ?? -1];
  return typeof size === 'number' ? size : null;
}

/** A value with the axes of its role, laid out as the graph wants it; shares memory where the complex axis stays last. */
export function arrange(value: NdArray<'float32'>, layout: readonly TensorAxis[]): NdArray<'float32'> {
  const sizes = value.shape.slice(0, layout.includes('complex') ? -1 : undefined);
  const shape = shapeOf(layout, sizes);
  const [outer, inner] = aroundComplex(layout, shape);
  if (inner === 1) return { ...value, shape };
  const data = new Float32Array(value.data.length);
  for (let o = 0; o < outer; o++) {
    const base = 2 * o * inner;
    for (let i = 0; i < inner; i++) {
      data[base + i] = value.data[base + 2 * i] as number;
      data[base + inner + i] = value.data[base + 2 * i + 1] as number;
    }
  }
  return { dtype: 'float32', shape, data };
}

/** The inverse: batch axes dropped, complex last. */
export function arrangeBack(value: NdArray<'float32'>, layout: readonly TensorAxis[]): NdArray<'float32'> {
  const sizes = value.shape.filter((_, at) => layout[at] !== 'batch' && layout[at] !== 'complex');
  const [outer, inner] = aroundComplex(layout, value.shape);
  const shape = layout.includes('complex') ? [...sizes, 2] : sizes;
  if (inner === 1) return { ...value, shape };
  const data = new Float32Array(value.data.length);
  for (let o = 0; o < outer; o++) {
    const base = 2 * o * inner;
    for (let i = 0; i < inner; i++) {
      data[base + 2 * i] = value.data[base + i] as number;
      data[base + 2 * i + 1] = value.data[base + inner + i] as number;
    }
  }
  return { dtype: 'float32', shape, data };
}

function shapeOf(layout: readonly TensorAxis[], sizes: readonly number[]): number[] {
  let next = 0;
  return layout.map((axis) => (axis === 'batch' ? 1 : axis === 'complex' ? 2 : (sizes[next++] as number)));
}

/** Elements before and behind the complex axis; behind is 1 where there is none, or it is last. */
function aroundComplex(layout: readonly TensorAxis[], shape: readonly number[]): readonly [number, number] {
  const at = layout.indexOf('complex');
  if (at < 0) return [1, 1];
  const product = (sizes: readonly number[]): number => sizes.reduce((all, size) => all * size, 1);
  return [product(shape.slice(0, at)), product(shape.slice(at + 1))];
}

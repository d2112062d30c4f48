/** What each axis of a bare array stands for, and how a slice [coil, row, column] is cut out of it. */
import { isComplexDType, type NdArray, zeros } from '../../array/nd-array.ts';
import { AXIS_NAMES, type AxisName } from '../../array/read-options.ts';
import type { Axis } from '../../array/recording.ts';
import { LacunaError } from '../../errors.ts';
import type { StoredArray } from './stored-array.ts';

export interface Assignment {
  /** One name for each stored axis. */
  readonly names: readonly AxisName[];
  /** Leading axes in their stored order, then `coil` where there is one, then row and column. */
  readonly axes: readonly Axis[];
  readonly slices: number;
  readonly coils: number;
  readonly rows: number;
  readonly columns: number;
}

/** Sides beyond this are not images, and their products overflow. */
const MAX_SIDE = 65_536;
const MAX_SLICES = 1_000_000;
/** One slice (all coils) is taken into memory at a time; beyond this it is refused. */
const MAX_SLICE_BYTES = 1024 * 1024 * 1024;

/**
 * `names` for the axes of `shape`, checked. Throws `usage.invalid` (naming `field`) unless there are exactly one row and one
 * column, at most one coil, and no name twice; `input.too-large` or `input.unsupported` for arrays that are no images.
 */
export function assignAxes(shape: readonly number[], names: readonly AxisName[], file: string, field: string): Assignment {
  checkNames(shape, names, file, field);
  const text = `An array of shape (${shape.join(', ')})`;
  if (shape.some((n) => n === 0)) throw new LacunaError('input.unsupported', `${text} is empty.`, { file, field });
  const lengthOf = (name: AxisName): number => shape[names.indexOf(name)] ?? 1;
  const [coils, rows, columns] = [lengthOf('coil'), lengthOf('row'), lengthOf('column')];
  const leading = names.flatMap((name, i) => (isLeading(name) ? [{ name, length: shape[i] as number }] : []));
  const slices = leading.reduce((product, axis) => product * axis.length, 1);
  if (rows > MAX_SIDE || columns > MAX_SIDE) throw new LacunaError('input.unsupported', `${text} has a side longer than ${MAX_SIDE}.`, { file, field });
  if (coils * rows * columns * 16 > MAX_SLICE_BYTES || slices > MAX_SLICES) {
    throw new LacunaError('input.too-large', `${text} is beyond the limit of ${MAX_SLICE_BYTES} bytes a slice and ${MAX_SLICES} slices.`, { file, field });
  }
  const coilAxis: readonly Axis[] = names.includes('coil') ? [{ name: 'coil', length: coils }] : [];
  const axes = [...leading, ...coilAxis, { name: 'row', length: rows }, { name: 'column', length: columns }] as const;
  return { names, axes, slices, coils, rows, columns };
}

const isLeading = (name: AxisName): boolean => name !== 'coil' && name !== 'row' && name !== 'column';

function checkNames(shape: readonly number[], names: readonly AxisName[], file: string, field: string): void {
  const invalid = (why: string) => new LacunaError('usage.invalid', `The axes ${names.join(', ') || '(none)'} do not fit ${field}: ${why}.`, { file, field });
  if (names.length !== shape.length) throw invalid(`it has ${shape.length} axes, of lengths ${shape.join(', ')}`);
  for (const needed of ['row', 'column'] as const) {
    if (!names.includes(needed)) throw invalid(`exactly one axis has to be the ${needed}`);
  }
  const twice = AXIS_NAMES.find((name) => names.filter((other) => other === name).length > 1);
  if (twice !== undefined) throw invalid(`only one axis can be the ${twice}`);
}

/** Slice `index` as [coil, row, column]; only its own values are read. Throws `usage.invalid` where there is no such slice. */
export async function readAssigned(array: StoredArray, assignment: Assignment, index: number, file: string, field: string): Promise<NdArray> {
  const { names, slices, coils, rows, columns } = assignment;
  if (!Number.isInteger(index) || index < 0 || index >= slices) {
    throw new LacunaError('usage.invalid', `Slice ${index} is outside 0–${slices - 1}.`, { file, field });
  }
  const offset = new Array<number>(names.length).fill(0);
  let rest = index;
  for (let axis = names.length - 1; axis >= 0; axis--) {
    if (!isLeading(names[axis] as AxisName)) continue;
    const length = array.shape[axis] as number;
    offset[axis] = rest % length;
    rest = Math.floor(rest / length);
  }
  const count = names.map((name, axis) => (isLeading(name) ? 1 : (array.shape[axis] as number)));
  const box = await array.readBox(offset, count);
  return permuted(box, names.filter((name) => !isLeading(name)), [coils, rows, columns]);
}

/** The box, whose axes longer than 1 are those of `names`, as [coil, row, column]. */
function permuted(box: NdArray, names: readonly AxisName[], shape: readonly [number, number, number]): NdArray {
  const order = names.filter((name) => name !== 'coil' || shape[0] > 1).join();
  if (order === 'coil,row,column' || order === 'row,column') return { ...box, shape };
  const lengths = { coil: shape[0], row: shape[1], column: shape[2] } as Readonly<Record<string, number>>;
  const stride = { coil: 0, row: 0, column: 0 } as Record<string, number>;
  let step = 1;
  for (const name of [...names].reverse()) {
    stride[name] = step;
    step *= lengths[name] as number;
  }
  const per = isComplexDType(box.dtype) ? 2 : 1;
  const out = zeros(box.dtype, shape);
  // Values are only moved, so one view type stands for all, BigInt arrays included.
  const source = box.data as Float32Array;
  const target = out.data as Float32Array;
  let to = 0;
  for (let coil = 0; coil < shape[0]; coil++) {
    for (let row = 0; row < shape[1]; row++) {
      for (let column = 0; column < shape[2]; column++) {
        const from = (coil * (stride['coil'] as number) + row * (stride['row'] as number) + column * (stride['column'] as number)) * per;
        for (let p = 0; p < per; p++) target[to++] = source[from + p] as number;
      }
    }
  }
  return out;
}

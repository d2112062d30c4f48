/**
 * A Cartesian measurement seen in the mirror. The physics of the mirror image is the same, a trained network is not quite: what it
 * makes of both, laid over each other, differs where it goes by its own whims. Mirroring turns about index ⌊n/2⌋ and wraps round, in
 * k-space as in the image, so that samples stay samples.
 */
import { type DType, isComplexDType, type NdArray } from '../array/nd-array.ts';
import type { SamplingPattern } from '../sampling/pattern.ts';
import type { MriMeasurement } from './measurement.ts';

export interface Mirror {
  readonly rows: boolean;
  readonly columns: boolean;
}

/** All but the image as it is. */
export const MIRRORS: readonly Mirror[] = [
  { rows: true, columns: true },
  { rows: false, columns: true },
  { rows: true, columns: false },
];

/** Its image is the mirror image. Without calibration data of another frame: coil maps are made of the mirrored centre. */
export function mirrorMeasurement({ kspace, pattern, output }: MriMeasurement, mirror: Mirror): MriMeasurement {
  const { rows, columns, mask, centre, kind } = pattern;
  const flags: NdArray<'uint8'> = { dtype: 'uint8', shape: kind === 'lines' ? [1, columns] : [rows, columns], data: mask };
  const turned = turn(flags, kind === 'lines' ? { ...mirror, rows: false } : mirror, [0, 0]).data;
  return {
    kspace: turn(kspace, mirror, [0, 0]),
    pattern: { ...pattern, mask: turned, centre: { rows: mirror.rows ? turnRange(centre.rows, rows) : centre.rows, columns: mirror.columns ? turnRange(centre.columns, columns) : centre.columns } },
    output,
  };
}

/**
 * The delivered image [row, column] of a mirrored measurement as that of the measurement itself. A row or column at the edge whose
 * mirror image was cropped away is taken from `plain`, the image that was not mirrored.
 */
export function mirrorBack<D extends DType>(image: NdArray<D>, mirror: Mirror, { rows, columns }: Pick<SamplingPattern, 'rows' | 'columns'>, plain: NdArray<D>): NdArray<D> {
  const [height, width] = image.shape.slice(-2) as [number, number];
  return turn(image, mirror, [rows - height, columns - width], plain);
}

/** [.., row, column]; `cropped` says how much longer each axis was before its middle was taken. */
function turn<D extends DType>(array: NdArray<D>, mirror: Mirror, cropped: readonly [number, number], outside = array): NdArray<D> {
  const [rows, columns] = array.shape.slice(-2) as [number, number];
  const from = [mirror.rows ? turned(rows, cropped[0]) : straight(rows), mirror.columns ? turned(columns, cropped[1]) : straight(columns)] as const;
  const data = outside.data.slice() as NdArray<D>['data'];
  const per = isComplexDType(array.dtype) ? 2 : 1;
  for (let start = 0; start < data.length; start += per * rows * columns) {
    for (let r = 0; r < rows; r++) {
      const [row, source] = [from[0][r] as number, start + per * (from[0][r] as number) * columns];
      for (let c = 0; c < columns; c++) {
        const column = from[1][c] as number;
        if (row < 0 || column < 0) continue;
        const [at, of] = [start + per * (r * columns + c), source + per * column];
        for (let part = 0; part < per; part++) data[at + part] = array.data[of + part] as number;
      }
    }
  }
  return { ...array, data };
}

/** Where each index of the mirror image comes from: i ↦ 2⌊n/2⌋ − i on the whole axis of n, in the middle `length` of it; −1 for outside. */
function turned(length: number, cropped: number): readonly number[] {
  const n = length + cropped;
  const start = Math.floor(cropped / 2);
  return straight(length).map((i) => {
    const whole = (2 * Math.floor(n / 2) - (start + i) + n) % n;
    const j = whole - start;
    return j < length ? Math.max(-1, j) : -1;
  });
}

/** [start, end) mirrored; of an even axis the first index has no partner and is given up. */
function turnRange([start, end]: readonly [number, number], n: number): readonly [number, number] {
  const last = 2 * Math.floor(n / 2);
  return [Math.max(0, last - end + 1), Math.min(n, last - start + 1)];
}

const straight = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

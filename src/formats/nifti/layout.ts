/**
 * How stored voxels (i fastest, then j, then k) are shown as [slice, row, column]. The slice axis stays k, so that a slice
 * is one contiguous piece of the file; rows and columns are turned the way radiologists look at that plane:
 *   axial     rows anterior → posterior, columns right → left (patient's right on the left)
 *   coronal   rows superior → inferior,  columns right → left
 *   sagittal  rows superior → inferior,  columns anterior → posterior
 * Slices run along row direction × column direction, as the DICOM reader sorts them.
 */
import type { Geometry } from '../../array/recording.ts';
import { mm } from '../../array/units.ts';
import { addScaled, cross, dot, length, type Vec3 } from '../vec3.ts';
import type { Affine, NiftiHeader } from './header.ts';

export interface Layout {
  readonly slices: number;
  readonly rows: number;
  readonly columns: number;
  /** Columns run along stored axis j instead of i. */
  readonly transposed: boolean;
  /** Whether row, column and slice run against the stored axis. */
  readonly flipRows: boolean;
  readonly flipColumns: boolean;
  readonly flipSlices: boolean;
  readonly rowSpacing: number;
  readonly columnSpacing: number;
  readonly sliceSpacing: number;
  readonly plane: Plane;
  readonly geometry?: Geometry;
  /** The affine shears rows against columns, which the geometry cannot hold. */
  readonly sheared: boolean;
}
export type Plane = 'axial' | 'coronal' | 'sagittal';

/** Directions of a row and of a column, LPS. */
const TARGET: Readonly<Record<Plane, readonly [Vec3, Vec3]>> = {
  axial: [
    [1, 0, 0],
    [0, 1, 0],
  ],
  coronal: [
    [1, 0, 0],
    [0, 0, -1],
  ],
  sagittal: [
    [0, 1, 0],
    [0, 0, -1],
  ],
};

export function layoutOf(header: NiftiHeader): Layout {
  const affine = header.affine ?? asStored(header.spacing);
  // RAS+ to LPS+: x and y change sign.
  const axis = (c: number): Vec3 => [-(affine[0][c] as number), -(affine[1][c] as number), affine[2][c] as number];
  const [i, j, k, origin] = [axis(0), axis(1), axis(2), axis(3)];
  const plane = planeOf(cross(i, j));
  const [toColumn, toRow] = TARGET[plane];
  const straight = along(i, toColumn) + along(j, toRow);
  const crossed = along(j, toColumn) + along(i, toRow);
  const transposed = crossed > straight;
  const [rowAxis, columnAxis] = transposed ? [i, j] : [j, i];
  const flipRows = dot(rowAxis, toRow) < 0;
  const flipColumns = dot(columnAxis, toColumn) < 0;
  const [ni, nj, slices] = header.size;
  const [rows, columns] = transposed ? [ni, nj] : [nj, ni];

  const down = flipRows ? negated(rowAxis) : rowAxis;
  const right = flipColumns ? negated(columnAxis) : columnAxis;
  const flipSlices = dot(k, cross(right, down)) < 0;
  const corner = addScaled(addScaled(origin, flipRows ? rows - 1 : 0, rowAxis), flipColumns ? columns - 1 : 0, columnAxis);
  const sheared = Math.abs(dot(down, right)) > 0.01 * length(down) * length(right);
  const layout = {
    slices,
    rows,
    columns,
    transposed,
    flipRows,
    flipColumns,
    flipSlices,
    rowSpacing: length(down),
    columnSpacing: length(right),
    sliceSpacing: length(k),
    plane,
    sheared,
  };
  if (header.affine === undefined || sheared) return layout;
  const geometry: Geometry = {
    rowDirection: unitOf(right),
    columnDirection: unitOf(down),
    rowSpacing: mm(layout.rowSpacing),
    columnSpacing: mm(layout.columnSpacing),
    sliceThickness: mm(layout.sliceSpacing),
    positions: Array.from({ length: slices }, (_, s) => addScaled(corner, flipSlices ? slices - 1 - s : s, k)),
  };
  return { ...layout, geometry };
}

/** Where a file states no orientation, voxels are shown as stored: columns along i, rows along j, slices along k. */
function asStored([x, y, z]: Vec3): Affine {
  return [
    [-x, 0, 0, 0],
    [0, -y, 0, 0],
    [0, 0, z, 0],
  ];
}

function planeOf(normal: Vec3): Plane {
  const [x, y, z] = normal.map(Math.abs) as [number, number, number];
  if (z >= x && z >= y) return 'axial';
  return y >= x ? 'coronal' : 'sagittal';
}

const along = (a: Vec3, target: Vec3): number => Math.abs(dot(a, target)) / length(a);
const negated = (a: Vec3): Vec3 => [-a[0], -a[1], -a[2]];
/** `+ 0` turns the −0 of a sign change into 0. */
const unitOf = (a: Vec3): Vec3 => [a[0] / length(a) + 0, a[1] / length(a) + 0, a[2] / length(a) + 0];

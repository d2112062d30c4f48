/**
 * Slice geometry from the acquisition heads: `position` is the centre of the slice in patient coordinates (LPS, mm),
 * `read_dir` and `phase_dir` are unit vectors of increasing row and column index of the image.
 *
 * Not checked: the sign of the two directions, which depends on the scanner's Fourier convention that the file does not state.
 */
import type { Axis, Geometry } from '../../array/recording.ts';
import { mm } from '../../array/units.ts';
import type { Acquisition, Vector } from './acquisitions.ts';
import type { Encoding } from './header.ts';

interface Placed {
  readonly axes: readonly Axis[];
  readonly output: { readonly rows: number; readonly columns: number };
  /** Acquisitions of each slice index. */
  readonly slices: readonly (readonly Acquisition[])[];
}

/** Null where the file does not say enough. */
export function geometryOf({ slices, axes, output }: Placed, { encoded }: Encoding): Geometry | null {
  const fieldOfView = encoded?.fieldOfView;
  const lengthOf = (name: Axis['name']) => axes.find((axis) => axis.name === name)?.length ?? 1;
  const [perVolume, partitions] = [lengthOf('slice'), lengthOf('partition')];
  const slabs = Array.from({ length: perVolume }, (_, slab) => slices.slice(slab * partitions, (slab + 1) * partitions).find((lines) => lines.length > 0)?.[0]);
  const first = slabs[0];
  if (encoded === null || fieldOfView == null || first === undefined || (partitions > 1 && perVolume > 1)) return null;
  const { readDirection, phaseDirection } = first;
  if (!isUnit(readDirection) || !isUnit(phaseDirection) || Math.abs(dot(readDirection, phaseDirection)) > 1e-3) return null;
  const rowSpacing = fieldOfView[0] / encoded.matrix[0];
  const columnSpacing = fieldOfView[1] / encoded.matrix[1];
  const thickness = fieldOfView[2] / partitions;
  const positions: Vector[] = [];
  for (const acquisition of slabs) {
    if (acquisition === undefined || !acquisition.position.every(Number.isFinite)) return null;
    for (let partition = 0; partition < partitions; partition++) {
      const along = (partition - Math.floor(partitions / 2)) * (partitions > 1 ? thickness : 0);
      const corner = (axis: 0 | 1 | 2) =>
        acquisition.position[axis] -
        Math.floor(output.rows / 2) * rowSpacing * readDirection[axis] -
        Math.floor(output.columns / 2) * columnSpacing * phaseDirection[axis] +
        along * (isUnit(acquisition.sliceDirection) ? acquisition.sliceDirection[axis] : 0);
      positions.push([corner(0), corner(1), corner(2)]);
    }
  }
  if (partitions > 1 && !isUnit(first.sliceDirection)) return null;
  return {
    rowDirection: phaseDirection,
    columnDirection: readDirection,
    rowSpacing: mm(rowSpacing),
    columnSpacing: mm(columnSpacing),
    sliceThickness: mm(thickness),
    positions,
  };
}

function isUnit(v: Vector): boolean {
  return v.every(Number.isFinite) && Math.abs(Math.hypot(...v) - 1) < 1e-3;
}

function dot(a: Vector, b: Vector): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

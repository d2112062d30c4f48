/**
 * Slice geometry from the acquisition heads: `position` is the centre of the slice in patient coordinates (LPS, mm),
 * `read_dir` and `phase_dir` are unit vectors of increasing row and column index of the image.
 *
 * Not checked: the sign of the two directions, which depends on the scanner's Fourier convention that the file does not state.
 */
import type { Geometry } from '../../array/recording.ts';
import { mm } from '../../array/units.ts';
import type { Vector } from './acquisitions.ts';
import type { Arrangement } from './arrange.ts';
import type { Encoding } from './header.ts';

/** Null where the file does not say enough. */
export function geometryOf({ slices, leading, output }: Arrangement, { encoded }: Encoding): Geometry | null {
  const fieldOfView = encoded?.fieldOfView;
  const perVolume = leading.find((axis) => axis.name === 'slice')?.length ?? 1;
  const firsts = slices.slice(0, perVolume).map((lines) => lines[0]?.acquisition);
  const first = firsts[0];
  if (encoded === null || fieldOfView == null || first === undefined) return null;
  const { readDirection, phaseDirection } = first;
  if (!isUnit(readDirection) || !isUnit(phaseDirection) || Math.abs(dot(readDirection, phaseDirection)) > 1e-3) return null;
  const rowSpacing = fieldOfView[0] / encoded.matrix[0];
  const columnSpacing = fieldOfView[1] / encoded.matrix[1];
  const positions: Vector[] = [];
  for (const acquisition of firsts) {
    if (acquisition === undefined || !acquisition.position.every(Number.isFinite)) return null;
    const back = (axis: 0 | 1 | 2) =>
      acquisition.position[axis] - Math.floor(output.rows / 2) * rowSpacing * readDirection[axis] - Math.floor(output.columns / 2) * columnSpacing * phaseDirection[axis];
    positions.push([back(0), back(1), back(2)]);
  }
  return {
    rowDirection: phaseDirection,
    columnDirection: readDirection,
    rowSpacing: mm(rowSpacing),
    columnSpacing: mm(columnSpacing),
    sliceThickness: mm(fieldOfView[2]),
    positions,
  };
}

function isUnit(v: Vector): boolean {
  return v.every(Number.isFinite) && Math.abs(Math.hypot(...v) - 1) < 1e-3;
}

function dot(a: Vector, b: Vector): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

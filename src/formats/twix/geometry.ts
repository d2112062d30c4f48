/**
 * Slice geometry. Readouts carry the centre of their slice in patient coordinates (LPS, mm) and a quaternion (w, x, y, z)
 * whose matrix has the phase, readout and slice directions as columns. Where a writer left them out, the protocol's normal
 * and in-plane rotation give them (`directionsOf`).
 *
 * Not checked: the sign of the two directions, which depends on the scanner's Fourier convention that the file does not state.
 */
import type { Geometry } from '../../array/recording.ts';
import { mm } from '../../array/units.ts';
import type { SliceBox, TwixHeader } from './header.ts';
import type { Matrix } from './matrix.ts';
import type { SlicePlace, Vector } from './mdh.ts';

export interface Directions {
  readonly phase: Vector;
  readonly read: Vector;
  readonly normal: Vector;
}

/** `slices`: the slice counters of one volume. Null where the file does not say enough. */
export function geometryOf(slices: readonly number[], partitions: number, places: ReadonlyMap<number, SlicePlace>, header: TwixHeader, matrix: Matrix): Geometry | null {
  const first = locate(slices[0] ?? 0, places, header);
  const box = header.slices[0];
  if (first === null || box === undefined || !(box.readoutFov > 0) || !(box.phaseFov > 0)) return null;
  const { phase, read, normal } = first.directions;
  const rowSpacing = box.readoutFov / matrix.output.rows;
  const columnSpacing = box.phaseFov / matrix.output.columns;
  const thickness = (box.thickness > 0 ? box.thickness : 1) / partitions;
  const positions: Vector[] = [];
  for (const slice of slices) {
    const located = locate(slice, places, header);
    if (located === null) return null;
    for (let p = 0; p < partitions; p++) {
      const along = (p - Math.floor(partitions / 2)) * thickness;
      const corner = (axis: 0 | 1 | 2): number =>
        located.position[axis] + along * normal[axis] -
        Math.floor(matrix.output.rows / 2) * rowSpacing * read[axis] - Math.floor(matrix.output.columns / 2) * columnSpacing * phase[axis];
      positions.push([corner(0), corner(1), corner(2)]);
    }
  }
  return { rowDirection: phase, columnDirection: read, rowSpacing: mm(rowSpacing), columnSpacing: mm(columnSpacing), sliceThickness: mm(thickness), positions };
}

function locate(slice: number, places: ReadonlyMap<number, SlicePlace>, header: TwixHeader): { position: Vector; directions: Directions } | null {
  const place = places.get(slice);
  const turned = place === undefined ? null : directionsOfQuaternion(place.quaternion);
  if (place !== undefined && turned !== null && place.position.every(Number.isFinite)) return { position: place.position, directions: turned };
  const box = header.slices[slice];
  const directions = box === undefined ? null : directionsOf(box);
  return box === undefined || directions === null ? null : { position: box.position, directions };
}

/** Null unless it is a unit quaternion. */
export function directionsOfQuaternion([w, x, y, z]: SlicePlace['quaternion']): Directions | null {
  if (!(Math.abs(Math.hypot(w, x, y, z) - 1) < 1e-3)) return null;
  return {
    phase: [1 - 2 * (y * y + z * z), 2 * (x * y + w * z), 2 * (x * z - w * y)],
    read: [2 * (x * y - w * z), 1 - 2 * (x * x + z * z), 2 * (y * z + w * x)],
    normal: [2 * (x * z + w * y), 2 * (y * z - w * x), 1 - 2 * (x * x + y * y)],
  };
}

/**
 * The unrotated phase direction lies in the slice and, by its main orientation, in the coronal–transversal plane (transversal
 * slices) or the sagittal–coronal plane (the others); the rotation turns it about the normal, clockwise seen along it.
 */
export function directionsOf({ normal, rotation }: SliceBox): Directions | null {
  const [s, c, t] = normal;
  if (!(Math.abs(Math.hypot(s, c, t) - 1) < 1e-2) || !Number.isFinite(rotation)) return null;
  const [sag, cor, tra] = [Math.abs(s), Math.abs(c), Math.abs(t)];
  // Ties go to transversal first, then coronal, as the scanner's own rule has it.
  const transversal = tra >= sag - 1e-6 && tra >= cor - 1e-6;
  const coronal = !transversal && cor >= sag - 1e-6;
  const raw: Vector = transversal ? [0, t, -c] : coronal ? [c, -s, 0] : [-c, s, 0];
  const length = Math.hypot(...raw);
  const phase: Vector = [raw[0] / length, raw[1] / length, raw[2] / length];
  const read = cross(normal, phase);
  const [cos, sin] = [Math.cos(rotation), Math.sin(rotation)];
  const mix = (a: Vector, b: Vector, p: number, q: number): Vector => [p * a[0] + q * b[0], p * a[1] + q * b[1], p * a[2] + q * b[2]];
  return { phase: mix(phase, read, cos, -sin), read: mix(read, phase, cos, sin), normal };
}

function cross(a: Vector, b: Vector): Vector {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

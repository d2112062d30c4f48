/** Writes NIfTI-1 single files: float32 or complex64, columns fastest, qform and sform from the geometry, receipt as a comment extension. */
import type { NdArray } from '../../array/nd-array.ts';
import { isComplexDType } from '../../array/nd-array.ts';
import type { Geometry } from '../../array/recording.ts';
import { LacunaError } from '../../errors.ts';
import { addScaled, cross, dot, length, scaled, type Vec3 } from '../vec3.ts';
import { HEADER_BYTES } from './header.ts';

export interface NiftiVolume {
  /** [slice, row, column]; repeats of the geometry's positions become the fourth dimension. */
  readonly volume: NdArray<'float32'> | NdArray<'complex64'>;
  /** For each slice, its index in the source series. */
  readonly slices: readonly number[];
  readonly geometry?: Geometry;
  /** Cut to 79 ASCII characters. */
  readonly description: string;
  /** Kept whole in an extension of code 6 (plain text). */
  readonly comment: string;
}

const COMMENT_CODE = 6;
/** Sizes are 16-bit signed. */
const MAX_DIM = 32767;
const SCANNER_ANATOMICAL = 1;
const MILLIMETRES_SECONDS = 2 | 8;

export function writeNifti(image: NiftiVolume): Uint8Array {
  const extension = commentExtension(image.comment);
  const data = image.volume.data;
  const offset = HEADER_BYTES[1] + 4 + extension.length;
  const out = new Uint8Array(offset + data.byteLength);
  const view = new DataView(out.buffer);
  writeHeader(view, image, offset);
  // The "extender": a first byte of 1 says that extensions follow.
  out[HEADER_BYTES[1]] = extension.length > 0 ? 1 : 0;
  out.set(extension, HEADER_BYTES[1] + 4);
  for (let i = 0; i < data.length; i++) view.setFloat32(offset + 4 * i, data[i] as number, true);
  return out;
}

function writeHeader(view: DataView, image: NiftiVolume, offset: number): void {
  const complex = isComplexDType(image.volume.dtype);
  const [count, rows, columns] = image.volume.shape as [number, number, number];
  const { slices, volumes } = volumesOf(image, count);
  const { geometry } = image;
  const step = geometry === undefined ? undefined : sliceStep(image.slices.slice(0, slices), geometry);
  const dim = [volumes > 1 ? 4 : 3, columns, rows, slices, volumes, 1, 1, 1];
  if (dim.some((n) => n > MAX_DIM)) {
    throw new LacunaError(
      'usage.unsupported',
      `NIfTI-1 holds up to ${MAX_DIM} voxels an axis; the volume is [${count}, ${rows}, ${columns}].`,
      { field: 'dim' },
    );
  }
  const spacing = [geometry?.columnSpacing ?? 1, geometry?.rowSpacing ?? 1, step === undefined ? 1 : length(step)];

  view.setInt32(0, HEADER_BYTES[1], true);
  view.setUint8(38, 0x72);
  for (const [i, n] of dim.entries()) view.setInt16(40 + 2 * i, n, true);
  view.setInt16(70, complex ? 32 : 16, true);
  view.setInt16(72, complex ? 64 : 32, true);
  for (const [i, n] of [1, ...spacing, 1, 1, 1, 1].entries()) view.setFloat32(76 + 4 * i, n, true);
  view.setFloat32(108, offset, true);
  view.setFloat32(112, 1, true);
  view.setUint8(123, MILLIMETRES_SECONDS);
  writeAscii(view, 148, image.description, 79);
  if (geometry !== undefined && step !== undefined) writeOrientation(view, image, geometry, step);
  writeAscii(view, 344, 'n+1', 3);
}

/** Both forms: the sform holds the exact affine, the qform the nearest rotation. NIfTI's x and y point against DICOM's. */
function writeOrientation(view: DataView, image: NiftiVolume, geometry: Geometry, step: Vec3): void {
  const ras = (v: Vec3): Vec3 => [-v[0], -v[1], v[2]];
  const i = ras(geometry.rowDirection);
  const j = ras(geometry.columnDirection);
  const k = ras(step);
  const origin = ras(geometry.positions[(image.slices[0] ?? 0) % geometry.positions.length] as Vec3);
  const columns = [scaled(geometry.columnSpacing, i), scaled(geometry.rowSpacing, j), k, origin];
  view.setInt16(252, SCANNER_ANATOMICAL, true);
  view.setInt16(254, SCANNER_ANATOMICAL, true);
  for (let r = 0; r < 3; r++) {
    for (let c = 0; c < 4; c++) view.setFloat32(280 + 16 * r + 4 * c, (columns[c] as Vec3)[r] as number, true);
    view.setFloat32(268 + 4 * r, origin[r] as number, true);
  }
  const normal = cross(i, j);
  // qfac: −1 where the slices run against the right-handed normal.
  view.setFloat32(76, dot(normal, k) < 0 ? -1 : 1, true);
  for (const [n, q] of quaternion(i, j, normal).entries()) view.setFloat32(256 + 4 * n, q, true);
}

/** b, c, d of the unit quaternion (a ≥ 0) of the rotation with the given columns; the stable branch is chosen as in nifti1_io.c. */
export function quaternion(x: Vec3, y: Vec3, z: Vec3): Vec3 {
  const trace = x[0] + y[1] + z[2];
  if (trace > 0) {
    const a = 0.5 * Math.sqrt(1 + trace);
    return [(0.25 * (y[2] - z[1])) / a, (0.25 * (z[0] - x[2])) / a, (0.25 * (x[1] - y[0])) / a];
  }
  const b2 = 1 + x[0] - y[1] - z[2];
  const c2 = 1 + y[1] - x[0] - z[2];
  const d2 = 1 + z[2] - x[0] - y[1];
  if (b2 >= c2 && b2 >= d2) {
    const b = 0.5 * Math.sqrt(b2);
    return positiveA([b, (0.25 * (y[0] + x[1])) / b, (0.25 * (z[0] + x[2])) / b], y[2] - z[1]);
  }
  if (c2 >= d2) {
    const c = 0.5 * Math.sqrt(c2);
    return positiveA([(0.25 * (y[0] + x[1])) / c, c, (0.25 * (z[1] + y[2])) / c], z[0] - x[2]);
  }
  const d = 0.5 * Math.sqrt(d2);
  return positiveA([(0.25 * (z[0] + x[2])) / d, (0.25 * (z[1] + y[2])) / d, d], x[1] - y[0]);
}

const positiveA = (q: Vec3, a: number): Vec3 => (a < 0 ? [-q[0], -q[1], -q[2]] : q);

/** Slices that visit the same positions again are further volumes. */
function volumesOf({ slices, geometry }: NiftiVolume, count: number): { slices: number; volumes: number } {
  const places = geometry?.positions.length ?? count;
  const at = slices.map((s) => s % Math.max(1, places));
  const period = new Set(at).size;
  const repeats = count % period === 0 && at.every((place, i) => place === at[i % period]);
  return repeats ? { slices: period, volumes: count / period } : { slices: count, volumes: 1 };
}

/** Mean vector from slice to slice; along the normal where there is but one. */
function sliceStep(slices: readonly number[], { positions, rowDirection, columnDirection, sliceThickness }: Geometry): Vec3 {
  const place = (s: number | undefined): Vec3 => positions[(s ?? 0) % positions.length] as Vec3;
  const span = addScaled(place(slices.at(-1)), -1, place(slices[0]));
  if (slices.length > 1 && length(span) > 0) return scaled(1 / (slices.length - 1), span);
  return scaled(sliceThickness, cross(rowDirection, columnDirection));
}

/** esize (a multiple of 16), ecode, text. */
function commentExtension(comment: string): Uint8Array {
  if (comment === '') return new Uint8Array(0);
  const text = new TextEncoder().encode(comment);
  const out = new Uint8Array(Math.ceil((8 + text.length) / 16) * 16);
  const view = new DataView(out.buffer);
  view.setInt32(0, out.length, true);
  view.setInt32(4, COMMENT_CODE, true);
  out.set(text, 8);
  return out;
}

function writeAscii(view: DataView, at: number, text: string, length: number): void {
  const plain = text.replace(/[^\x20-\x7e]/g, '?').slice(0, length);
  for (let i = 0; i < plain.length; i++) view.setUint8(at + i, plain.charCodeAt(i));
}

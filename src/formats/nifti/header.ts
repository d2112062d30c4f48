/** NIfTI-1 and NIfTI-2 headers (nifti1.h, nifti2.h of the NIfTI Data Format Working Group), both byte orders. */
import { LacunaError } from '../../errors.ts';
import { type Vec3, vec3 } from '../vec3.ts';
import { DATATYPES, type Datatype } from './datatype.ts';

/** Rows of the voxel-to-world matrix, mm, in NIfTI's RAS+ space: [x; y; z] = affine · [i; j; k; 1]. */
export type Affine = readonly [readonly number[], readonly number[], readonly number[]];

export interface NiftiHeader {
  readonly version: 1 | 2;
  readonly littleEndian: boolean;
  /** Header and voxels in one file (`n+1`, `n+2`) or in a .hdr/.img pair. */
  readonly single: boolean;
  /** i, j, k and the product of all further dimensions. */
  readonly size: readonly [number, number, number, number];
  readonly datatype: Datatype;
  /** First byte of the voxels in the file that holds them. */
  readonly voxelOffset: number;
  /** Bytes of all voxels. */
  readonly voxelBytes: number;
  /** value = slope · stored + intercept */
  readonly slope: number;
  readonly intercept: number;
  /** mm */
  readonly spacing: Vec3;
  /** Seconds between volumes; 0 where not stated. */
  readonly repetition: number;
  /** sform where stated, else qform, else none. */
  readonly affine?: Affine;
  readonly calibration?: { readonly min: number; readonly max: number };
  readonly description: string;
}

export const HEADER_BYTES = { 1: 348, 2: 540 } as const;

/** Which NIfTI these bytes start, or null. */
export function niftiVersion(head: Uint8Array): 1 | 2 | null {
  if (head.length < 12) return null;
  const view = viewOf(head);
  const size = view.getInt32(0, true);
  const swapped = view.getInt32(0, false);
  if ((size === 540 || swapped === 540) && /^n[+i]2/.test(ascii(head, 4, 3))) return 2;
  if ((size === 348 || swapped === 348) && head.length >= 348 && /^n[+i]1/.test(ascii(head, 344, 3))) return 1;
  return null;
}

/** True for the headers of ANALYZE 7.5, which NIfTI-1 grew out of: the size alone is right. */
export function isAnalyze(head: Uint8Array): boolean {
  return head.length >= 348 && (viewOf(head).getInt32(0, true) === 348 || viewOf(head).getInt32(0, false) === 348);
}

/** Throws input.* errors naming the field. `head` holds at least the header's bytes. */
export function parseHeader(head: Uint8Array): NiftiHeader {
  const version = niftiVersion(head);
  if (version === null) {
    const what = isAnalyze(head) ? 'An ANALYZE 7.5 header, which has no orientation' : 'No NIfTI header';
    throw new LacunaError('input.unrecognised', `${what}; expected "n+1", "ni1", "n+2" or "ni2".`, { field: 'magic' });
  }
  if (head.length < HEADER_BYTES[version]) {
    throw new LacunaError('input.truncated', `The header takes ${HEADER_BYTES[version]} bytes, ${head.length} found.`, { field: 'header' });
  }
  const fields = version === 1 ? fields1(head) : fields2(head);
  const size = sizeOf(fields.dim);
  const datatype = DATATYPES.get(fields.datatype);
  if (datatype === undefined) {
    const known = [...DATATYPES.values()].map((d) => d.name).join(', ');
    throw new LacunaError(
      'input.unsupported',
      `Datatype ${fields.datatype}${colour(fields.datatype)} is not read; expected one of ${known}.`,
      {
        field: 'datatype',
      },
    );
  }
  const single = ascii(head, version === 1 ? 344 : 4, 3)[1] === '+';
  const affine = affineOf(fields);
  const scaled = Number.isFinite(fields.slope) && fields.slope !== 0;
  return {
    version,
    littleEndian: fields.littleEndian,
    single,
    size,
    datatype,
    voxelOffset: voxelOffset(fields.voxelOffset, single, version),
    voxelBytes: size.reduce((product, n) => product * n, 1) * datatype.bytes,
    slope: scaled ? fields.slope : 1,
    intercept: scaled && Number.isFinite(fields.intercept) ? fields.intercept : 0,
    spacing: spacingOf(fields),
    repetition: size[3] > 1 && fields.pixdim[4] !== undefined && fields.pixdim[4] > 0 ? fields.pixdim[4] * secondsPerUnit(fields.units) : 0,
    ...(affine === undefined ? {} : { affine }),
    ...(fields.calMax > fields.calMin ? { calibration: { min: fields.calMin, max: fields.calMax } } : {}),
    description: fields.description,
  };
}

interface Fields {
  readonly littleEndian: boolean;
  readonly dim: readonly number[];
  readonly datatype: number;
  readonly pixdim: readonly number[];
  readonly voxelOffset: number;
  readonly slope: number;
  readonly intercept: number;
  readonly units: number;
  readonly calMax: number;
  readonly calMin: number;
  readonly description: string;
  readonly qformCode: number;
  readonly sformCode: number;
  readonly quaternion: readonly number[];
  readonly offset: readonly number[];
  readonly srow: readonly number[];
}

function fields1(head: Uint8Array): Fields {
  const view = viewOf(head);
  const le = view.getInt32(0, true) === 348;
  const i16 = (at: number): number => view.getInt16(at, le);
  const f32 = (at: number): number => view.getFloat32(at, le);
  return {
    littleEndian: le,
    dim: range(8, (i) => i16(40 + 2 * i)),
    datatype: i16(70),
    pixdim: range(8, (i) => f32(76 + 4 * i)),
    voxelOffset: f32(108),
    slope: f32(112),
    intercept: f32(116),
    units: head[123] as number,
    calMax: f32(124),
    calMin: f32(128),
    description: ascii(head, 148, 80),
    qformCode: i16(252),
    sformCode: i16(254),
    quaternion: range(3, (i) => f32(256 + 4 * i)),
    offset: range(3, (i) => f32(268 + 4 * i)),
    srow: range(12, (i) => f32(280 + 4 * i)),
  };
}

function fields2(head: Uint8Array): Fields {
  const view = viewOf(head);
  const le = view.getInt32(0, true) === 540;
  const i32 = (at: number): number => view.getInt32(at, le);
  const i64 = (at: number): number => Number(view.getBigInt64(at, le));
  const f64 = (at: number): number => view.getFloat64(at, le);
  return {
    littleEndian: le,
    dim: range(8, (i) => i64(16 + 8 * i)),
    datatype: view.getInt16(12, le),
    pixdim: range(8, (i) => f64(104 + 8 * i)),
    voxelOffset: i64(168),
    slope: f64(176),
    intercept: f64(184),
    units: i32(500),
    calMax: f64(192),
    calMin: f64(200),
    description: ascii(head, 240, 80),
    qformCode: i32(344),
    sformCode: i32(348),
    quaternion: range(3, (i) => f64(352 + 8 * i)),
    offset: range(3, (i) => f64(376 + 8 * i)),
    srow: range(12, (i) => f64(400 + 8 * i)),
  };
}

/** dim[0] counts dimensions; the rest of the eight are ignored. */
function sizeOf(dim: readonly number[]): NiftiHeader['size'] {
  const [count] = dim as [number];
  if (!(count >= 1 && count <= 7)) throw malformed('dim[0]', `must be 1 to 7, found ${count}`);
  const sizes = range(7, (i) => (i < count ? (dim[i + 1] as number) : 1));
  for (const [i, n] of sizes.entries()) {
    if (!(Number.isSafeInteger(n) && n >= 1)) throw malformed(`dim[${i + 1}]`, `must be at least 1, found ${n}`);
  }
  const [i, j, k, ...more] = sizes as [number, number, number, ...number[]];
  return [i, j, k, more.reduce((product, n) => product * n, 1)];
}

function voxelOffset(stated: number, single: boolean, version: 1 | 2): number {
  if (!single) return Number.isSafeInteger(stated) && stated > 0 ? stated : 0;
  // The 4 bytes after the header say whether extensions follow; voxels cannot start before.
  const least = HEADER_BYTES[version] + 4;
  if (stated === 0) return least;
  if (!(Number.isSafeInteger(stated) && stated >= least))
    throw malformed('vox_offset', `must be a whole number from ${least}, found ${stated}`);
  return stated;
}

function spacingOf({ pixdim, units }: Fields): Vec3 {
  const scale = ({ 1: 1000, 3: 0.001 } as Record<number, number>)[units & 7] ?? 1;
  const of = (i: number): number => {
    const value = Math.abs(pixdim[i] ?? 0) * scale;
    return Number.isFinite(value) && value > 0 ? value : 1;
  };
  return [of(1), of(2), of(3)];
}

/** xyzt_units bits 3–5: seconds, milliseconds, microseconds; seconds where not stated. */
function secondsPerUnit(units: number): number {
  return ({ 16: 1e-3, 24: 1e-6 } as Record<number, number>)[units & 0x38] ?? 1;
}

function affineOf(fields: Fields): Affine | undefined {
  const scale = ({ 1: 1000, 3: 0.001 } as Record<number, number>)[fields.units & 7] ?? 1;
  if (fields.sformCode > 0) {
    const rows = range(3, (r) => fields.srow.slice(4 * r, 4 * r + 4).map((v) => v * scale)) as unknown as Affine;
    if (isUsable(rows)) return rows;
  }
  if (fields.qformCode > 0) {
    const rows = qform(fields, scale);
    if (isUsable(rows)) return rows;
  }
  return undefined;
}

/** Method 2 of nifti1.h: rotation from the quaternion (a ≥ 0 follows from b, c, d), k flipped by qfac = pixdim[0] = −1. */
function qform(fields: Fields, scale: number): Affine {
  const [b, c, d] = fields.quaternion as [number, number, number];
  const a = Math.sqrt(Math.max(0, 1 - b * b - c * c - d * d));
  const qfac = (fields.pixdim[0] ?? 1) < 0 ? -1 : 1;
  const rotation = [
    [a * a + b * b - c * c - d * d, 2 * (b * c - a * d), 2 * (b * d + a * c)],
    [2 * (b * c + a * d), a * a + c * c - b * b - d * d, 2 * (c * d - a * b)],
    [2 * (b * d - a * c), 2 * (c * d + a * b), a * a + d * d - b * b - c * c],
  ];
  const spacing = spacingOf(fields);
  const step = [spacing[0], spacing[1], spacing[2] * qfac];
  return rotation.map((row, r) => [
    ...row.map((v, i) => v * (step[i] as number)),
    (fields.offset[r] as number) * scale,
  ]) as unknown as Affine;
}

/** Finite, and no axis of length zero. */
function isUsable(affine: Affine): boolean {
  const columns = range(4, (c) => vec3(affine.map((row) => row[c] as number)));
  return columns.every((column, i) => column !== undefined && (i === 3 || Math.hypot(...column) > 1e-9));
}

const colour = (datatype: number): string => (datatype === 128 || datatype === 2304 ? ' (colour)' : '');
const malformed = (field: string, what: string): LacunaError => new LacunaError('input.malformed', `${field} ${what}.`, { field });
const range = <T>(n: number, of: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => of(i));
const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Text up to the first zero byte. */
function ascii(bytes: Uint8Array, at: number, length: number): string {
  const part = bytes.subarray(at, at + length);
  const end = part.indexOf(0);
  return String.fromCharCode(...(end < 0 ? part : part.subarray(0, end)));
}

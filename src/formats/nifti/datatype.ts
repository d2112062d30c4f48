/** NIfTI datatype codes (nifti1.h) and how a run of voxels becomes numbers. */

export interface Datatype {
  readonly code: number;
  readonly name: string;
  /** Bytes of one voxel. */
  readonly bytes: number;
  readonly complex: boolean;
  /** Number `at` bytes into the view (real or imaginary part for complex types). */
  readonly get: (view: DataView, at: number, littleEndian: boolean) => number;
}

const type = (code: number, name: string, bytes: number, get: Datatype['get'], complex = false): [number, Datatype] => [
  code,
  { code, name, bytes, complex, get },
];

export const DATATYPES: ReadonlyMap<number, Datatype> = new Map([
  type(2, 'uint8', 1, (v, at) => v.getUint8(at)),
  type(4, 'int16', 2, (v, at, le) => v.getInt16(at, le)),
  type(8, 'int32', 4, (v, at, le) => v.getInt32(at, le)),
  type(16, 'float32', 4, (v, at, le) => v.getFloat32(at, le)),
  type(32, 'complex64', 8, (v, at, le) => v.getFloat32(at, le), true),
  type(64, 'float64', 8, (v, at, le) => v.getFloat64(at, le)),
  type(256, 'int8', 1, (v, at) => v.getInt8(at)),
  type(512, 'uint16', 2, (v, at, le) => v.getUint16(at, le)),
  type(768, 'uint32', 4, (v, at, le) => v.getUint32(at, le)),
  type(1024, 'int64', 8, (v, at, le) => Number(v.getBigInt64(at, le))),
  type(1280, 'uint64', 8, (v, at, le) => Number(v.getBigUint64(at, le))),
  type(1792, 'complex128', 16, (v, at, le) => v.getFloat64(at, le), true),
]);

/** Complex and float arrays from the bytes of an HDF5 hyperslab. */
import { LacunaError } from '../../errors.ts';
import { type NdArray, ndArray } from '../../array/nd-array.ts';
import type { DatasetInfo, TypeInfo } from './protocol.ts';

export type NumberFormat = 'complex64' | 'complex128' | 'float32' | 'float64' | 'integer' | 'other';

/** h5py writes a complex number as the compound {r, i}; some writers call the members real and imag. */
export function numberFormat(type: TypeInfo): NumberFormat {
  if (type.kind === 'float') return type.size === 4 ? 'float32' : type.size === 8 ? 'float64' : 'other';
  if (type.kind === 'integer' || type.kind === 'enum') return 'integer';
  const [re, im] = type.members ?? [];
  if (type.kind !== 'compound' || type.members?.length !== 2 || re === undefined || im === undefined) return 'other';
  const floats = re.kind === 'float' && im.kind === 'float' && re.size === im.size;
  if (!floats || re.offset !== 0 || im.offset !== re.size || !/^(r|re|real)$/.test(re.name) || !/^(i|im|imag)$/.test(im.name)) return 'other';
  return re.size === 4 ? 'complex64' : re.size === 8 ? 'complex128' : 'other';
}

/** `bytes` hold elements of the dataset's type; complex128 is narrowed. */
export function toComplex64(bytes: Uint8Array<ArrayBuffer>, { type }: DatasetInfo, shape: readonly number[]): NdArray<'complex64'> {
  return ndArray('complex64', shape, type.size === 8 ? new Float32Array(bytes.buffer) : Float32Array.from(new Float64Array(bytes.buffer)));
}

export function toFloat32(bytes: Uint8Array<ArrayBuffer>, { type }: DatasetInfo, shape: readonly number[]): NdArray<'float32'> {
  return ndArray('float32', shape, type.size === 4 ? new Float32Array(bytes.buffer) : Float32Array.from(new Float64Array(bytes.buffer)));
}

/** 1 where the value is not zero: masks come as bool, integer or float. */
export function toFlags(bytes: Uint8Array, { type }: DatasetInfo): Uint8Array {
  const out = new Uint8Array(bytes.length / type.size);
  for (let i = 0; i < bytes.length; i++) if (bytes[i] !== 0) out[Math.floor(i / type.size)] = 1;
  return out;
}

/** Largest slice that is taken into memory. */
const MAX_SLICE_BYTES = 1024 * 1024 * 1024;

/** Throws where an axis is empty or absurd, or one slice of `sliceAxes` axes is too large. */
export function checkShape(shape: readonly number[], sliceAxes: number, file: string, field: string): void {
  if (!shape.every((n) => Number.isSafeInteger(n) && n >= 1)) {
    throw new LacunaError('input.malformed', `${field} has the shape (${shape.join(', ')}), but every axis must hold something.`, { file, field });
  }
  const bytes = shape.slice(-sliceAxes).reduce((p, n) => p * n, 8);
  const slices = shape.slice(0, -sliceAxes).reduce((p, n) => p * n, 1);
  if (bytes > MAX_SLICE_BYTES || slices > 1_000_000) {
    throw new LacunaError('input.too-large', `${field} of shape (${shape.join(', ')}) is beyond the limit of ${MAX_SLICE_BYTES} bytes a slice and a million slices.`, { file, field });
  }
}

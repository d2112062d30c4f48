/**
 * NumPy's `.npy`: how arrays travel between host and renderer, and a file format that users bring.
 * Pure code: runs in Node, in workers and in the renderer.
 */
import { LacunaError } from '../errors.ts';
import { type DType, type DTypeData, elementCount, isComplexDType, ITEM_BYTES, type NdArray, ndArray, zeros } from './nd-array.ts';
import { type NpyElement, parseNpyHeader } from './npy-header.ts';

const DESCR: { readonly [D in DType]: string } = {
  bool: '|b1',
  int8: '|i1',
  uint8: '|u1',
  int16: '<i2',
  uint16: '<u2',
  int32: '<i4',
  uint32: '<u4',
  int64: '<i8',
  uint64: '<u8',
  float32: '<f4',
  float64: '<f8',
  complex64: '<c8',
  complex128: '<c16',
};

/** Bytes of a version 1.0 file, C order, little-endian, header padded to a multiple of 64 as NumPy does. */
export function encodeNpy(array: NdArray): Uint8Array {
  const { dtype, shape, data } = array;
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const dict = `{'descr': '${DESCR[dtype]}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const headerEnd = Math.ceil((10 + dict.length + 1) / 64) * 64;
  const out = new Uint8Array(headerEnd + data.byteLength);
  out.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
  new DataView(out.buffer).setUint16(8, headerEnd - 10, true);
  out.set(new TextEncoder().encode(dict.padEnd(headerEnd - 11)), 10);
  out[headerEnd - 1] = 0x0a;
  out.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), headerEnd);
  return out;
}

/**
 * The array in `bytes`, in C order. Its data are a view of `bytes` where alignment and byte order allow, else a copy.
 * float16 becomes float32. `name` is the file named in errors. Throws `input.malformed`, `input.truncated`, `input.unsupported`.
 */
export function decodeNpy(bytes: Uint8Array, name = 'array.npy'): NdArray {
  const header = parseNpyHeader(bytes, name);
  const present = bytes.length - header.dataOffset;
  if (present < header.dataBytes) {
    const promise = `Shape (${header.shape.join(', ')}) needs ${header.dataBytes} bytes of values; the file has ${present}.`;
    throw new LacunaError('input.truncated', promise, { file: name, field: 'shape' });
  }
  if (present > header.dataBytes) {
    const excess = `The file has ${present - header.dataBytes} bytes after the values that shape (${header.shape.join(', ')}) promises.`;
    throw new LacunaError('input.malformed', excess, { file: name, field: 'shape' });
  }
  const array = decodeNpyValues(bytes.subarray(header.dataOffset), header.element, header.shape);
  return header.fortranOrder ? fromFortranOrder(array) : array;
}

/** The values of `shape` as stored in `bytes`, whose length must fit. Order is left as stored. */
export function decodeNpyValues(bytes: Uint8Array, element: NpyElement, shape: readonly number[]): NdArray {
  const { dtype } = element;
  if (bytes.length !== elementCount(shape) * element.bytes) {
    throw new LacunaError('internal', `shape [${shape.join(', ')}] does not fit ${bytes.length} bytes`);
  }
  if (element.half) return ndArray('float32', shape, widenHalf(bytes, element.bigEndian));
  const scalar = isComplexDType(dtype) ? ITEM_BYTES[dtype] / 2 : ITEM_BYTES[dtype];
  if (element.bigEndian && scalar > 1) return ofBytes(dtype, shape, swapped(bytes, scalar));
  if (dtype === 'bool') return ndArray('bool', shape, bytes.map((value) => (value === 0 ? 0 : 1)));
  return ofBytes(dtype, shape, bytes.byteOffset % scalar === 0 ? bytes : bytes.slice());
}

function ofBytes(dtype: DType, shape: readonly number[], bytes: Uint8Array): NdArray {
  const Data = zeros(dtype, [0]).data.constructor as new (buffer: ArrayBufferLike, offset: number, length: number) => DTypeData[DType];
  const values = elementCount(shape) * (isComplexDType(dtype) ? 2 : 1);
  return ndArray(dtype, shape, new Data(bytes.buffer, bytes.byteOffset, values));
}

function swapped(bytes: Uint8Array, size: number): Uint8Array {
  const out = new Uint8Array(bytes.length);
  for (let start = 0; start < bytes.length; start += size) {
    for (let i = 0; i < size; i++) out[start + i] = bytes[start + size - 1 - i] as number;
  }
  return out;
}

/** IEEE 754 binary16: sign, 5 bits of exponent (bias 15), 10 bits of fraction. */
function widenHalf(bytes: Uint8Array, bigEndian: boolean): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const out = new Float32Array(bytes.length / 2);
  for (let i = 0; i < out.length; i++) {
    const bits = view.getUint16(2 * i, !bigEndian);
    const sign = bits & 0x8000 ? -1 : 1;
    const exponent = (bits >> 10) & 0x1f;
    const fraction = bits & 0x3ff;
    if (exponent === 0) out[i] = sign * fraction * 2 ** -24;
    else if (exponent === 31) out[i] = fraction === 0 ? sign * Infinity : Number.NaN;
    else out[i] = sign * (1024 + fraction) * 2 ** (exponent - 25);
  }
  return out;
}

/** Transposes values stored first-axis-fastest (Fortran) to last-axis-fastest (C). */
function fromFortranOrder(array: NdArray): NdArray {
  const { dtype, shape } = array;
  if (shape.length < 2) return array;
  const out = zeros(dtype, shape);
  const per = isComplexDType(dtype) ? 2 : 1;
  // Values are only moved, so one view type stands for all, BigInt arrays included.
  const source = array.data as Float64Array;
  const target = out.data as Float64Array;
  const stride = shape.map((_, axis) => elementCount(shape.slice(0, axis)));
  const index = new Array<number>(shape.length).fill(0);
  const count = elementCount(shape);
  for (let to = 0, from = 0; to < count; to++) {
    for (let p = 0; p < per; p++) target[to * per + p] = source[from * per + p] as number;
    // Odometer over the C-order index, last axis fastest, keeping the Fortran offset in step.
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += stride[axis] as number;
      if (++(index[axis] as number) < (shape[axis] as number)) break;
      from -= (stride[axis] as number) * (shape[axis] as number);
      index[axis] = 0;
    }
  }
  return out;
}

/**
 * Dense C-ordered arrays. Complex numbers are interleaved (re, im) in a real typed array of twice the length.
 * An NdArray is a plain object, so it crosses structured clone and shared memory unchanged.
 */
import { LacunaError } from '../errors.ts';

export interface DTypeData {
  bool: Uint8Array;
  int8: Int8Array;
  uint8: Uint8Array;
  int16: Int16Array;
  uint16: Uint16Array;
  int32: Int32Array;
  uint32: Uint32Array;
  int64: BigInt64Array;
  uint64: BigUint64Array;
  float32: Float32Array;
  float64: Float64Array;
  complex64: Float32Array;
  complex128: Float64Array;
}
export type DType = keyof DTypeData;
export type RealDType = Exclude<DType, 'complex64' | 'complex128' | 'int64' | 'uint64'>;

/** `data.length` is the product of `shape`, times 2 where the dtype is complex. */
export interface NdArray<D extends DType = DType> {
  readonly dtype: D;
  readonly shape: readonly number[];
  readonly data: DTypeData[D];
}

const CONSTRUCTORS: { readonly [D in DType]: new (length: number) => DTypeData[D] } = {
  bool: Uint8Array,
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  int64: BigInt64Array,
  uint64: BigUint64Array,
  float32: Float32Array,
  float64: Float64Array,
  complex64: Float32Array,
  complex128: Float64Array,
};

/** Bytes of one element (of one complex number for complex dtypes). */
export const ITEM_BYTES: { readonly [D in DType]: number } = {
  bool: 1,
  int8: 1,
  uint8: 1,
  int16: 2,
  uint16: 2,
  int32: 4,
  uint32: 4,
  int64: 8,
  uint64: 8,
  float32: 4,
  float64: 8,
  complex64: 8,
  complex128: 16,
};

/** Number of elements of `shape`; 1 for the empty shape. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, n) => product * n, 1);
}

export function isComplexDType(dtype: DType): dtype is 'complex64' | 'complex128' {
  return dtype === 'complex64' || dtype === 'complex128';
}

/** Zero-filled array. */
export function zeros<D extends DType>(dtype: D, shape: readonly number[]): NdArray<D> {
  const length = elementCount(shape) * (isComplexDType(dtype) ? 2 : 1);
  return { dtype, shape, data: new CONSTRUCTORS[dtype](length) };
}

/** Wraps `data` without copying. Throws `internal` when the length does not fit the shape. */
export function ndArray<D extends DType>(dtype: D, shape: readonly number[], data: DTypeData[D]): NdArray<D> {
  const expected = elementCount(shape) * (isComplexDType(dtype) ? 2 : 1);
  if (data.length !== expected) {
    throw new LacunaError('internal', `array of shape [${shape.join(', ')}] needs ${expected} values, got ${data.length}`);
  }
  return { dtype, shape, data };
}

/** Index `index` of the first axis, without copying. */
export function subArray<D extends DType>(array: NdArray<D>, index: number): NdArray<D> {
  const [count, ...shape] = array.shape;
  if (count === undefined || index < 0 || index >= count) {
    throw new LacunaError('internal', `index ${index} is outside the first axis of [${array.shape.join(', ')}]`);
  }
  const step = array.data.length / count;
  const data = array.data.subarray(index * step, (index + 1) * step) as DTypeData[D];
  return { dtype: array.dtype, shape, data };
}

/** |z| of a complex array; a float32 copy of a real one. Shape is kept. */
export function magnitude(array: NdArray): NdArray<'float32'> {
  const out = zeros('float32', array.shape);
  if (isComplexDType(array.dtype)) {
    const z = array.data as Float32Array | Float64Array;
    // Squares of float32 values cannot overflow in double precision, and hypot is several times slower.
    const length = array.dtype === 'complex64' ? (re: number, im: number) => Math.sqrt(re * re + im * im) : Math.hypot;
    for (let i = 0; i < out.data.length; i++) out.data[i] = length(z[2 * i] as number, z[2 * i + 1] as number);
    return out;
  }
  const x = array.data;
  for (let i = 0; i < out.data.length; i++) out.data[i] = Math.abs(Number(x[i]));
  return out;
}

/** Centre crop of the last two axes to [rows, columns] (fastMRI's center_crop: start = floor((n - m) / 2)). */
export function centreCrop<D extends DType>(array: NdArray<D>, rows: number, columns: number): NdArray<D> {
  const [h, w] = array.shape.slice(-2) as [number, number];
  if (rows === h && columns === w) return array;
  if (rows > h || columns > w) {
    throw new LacunaError('internal', `cannot crop ${h}x${w} to the larger ${rows}x${columns}`);
  }
  const lead = array.shape.slice(0, -2);
  const out = zeros(array.dtype, [...lead, rows, columns]);
  const per = isComplexDType(array.dtype) ? 2 : 1;
  const top = Math.floor((h - rows) / 2);
  const left = Math.floor((w - columns) / 2);
  const planes = elementCount(lead);
  const target = out.data as Float32Array;
  const source = array.data as Float32Array;
  for (let p = 0; p < planes; p++) {
    for (let r = 0; r < rows; r++) {
      const from = ((p * h + top + r) * w + left) * per;
      target.set(source.subarray(from, from + columns * per), (p * rows + r) * columns * per);
    }
  }
  return out;
}

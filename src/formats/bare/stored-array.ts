/** An array in a file as its values lie there, and how boxes of it are fetched without reading the rest. */
import { type NdArray, type DType, elementCount, isComplexDType, zeros } from '../../array/nd-array.ts';
import { decodeNpyValues } from '../../array/npy.ts';
import type { NpyElement } from '../../array/npy-header.ts';
import { LacunaError } from '../../errors.ts';
import type { ByteSource } from '../reader.ts';

/** `shape` is what a person is asked about: slowest axis first as stored, or as the format's own indices run (NumPy). */
export interface StoredArray {
  readonly shape: readonly number[];
  readonly dtype: DType;
  /** `count` elements along each axis from `offset`, in C order of `shape`. */
  readBox(offset: readonly number[], count: readonly number[]): Promise<NdArray>;
}

export interface StridedPlace {
  readonly source: ByteSource;
  /** Of the first element. */
  readonly byteOffset: number;
  readonly element: NpyElement;
  readonly shape: readonly number[];
  /** Elements between neighbours along each axis. */
  readonly strides: readonly number[];
}

/** What lies between wanted values is read along where it is no longer than this: cheaper than another request. */
const GAP_BYTES = 32 * 1024;
/** Most that one request takes. */
const REQUEST_BYTES = 8 * 1024 * 1024;

/** Strides of an array without gaps, last axis fastest. */
export function cStrides(shape: readonly number[]): number[] {
  return shape.map((_, axis) => elementCount(shape.slice(axis + 1)));
}

/** Strides of an array without gaps, first axis fastest. */
export function fortranStrides(shape: readonly number[]): number[] {
  return shape.map((_, axis) => elementCount(shape.slice(0, axis)));
}

/** Values at regular distances in a source of bytes: C order, Fortran order or any other. */
export function stridedArray(place: StridedPlace): StoredArray {
  const { element, shape, strides } = place;
  return {
    shape,
    dtype: element.dtype,
    async readBox(offset, count) {
      const start = offset.reduce((sum, at, axis) => sum + at * (strides[axis] as number), 0);
      const out = zeros(element.dtype, count);
      const outStrides = cStrides(count);
      const axes = count
        .map((n, axis) => ({ n, from: strides[axis] as number, to: outStrides[axis] as number }))
        .filter(({ n }) => n > 1)
        .sort((a, b) => a.from - b.from);
      const { request, span, loops } = planRequests(axes, element.bytes);
      for (const { from, to } of positions(loops)) {
        const values = await fetchSpan(place, start + from, span);
        scatter(values, request, out, to);
      }
      return out;
    },
  };
}

interface Walk {
  readonly n: number;
  readonly from: number;
  readonly to: number;
}

/** Which axes one request covers, over how many elements it spans, and which are looped over. `axes`: fastest first. */
function planRequests(axes: readonly Walk[], bytes: number): { request: Walk[]; span: number; loops: Walk[] } {
  const request: Walk[] = [];
  const most = Math.max(1, Math.floor(REQUEST_BYTES / bytes));
  let span = 1;
  for (const [i, axis] of axes.entries()) {
    const fits = Math.floor((most - span) / axis.from) + 1;
    if ((axis.from - span) * bytes > GAP_BYTES || fits < 2) return { request, span, loops: axes.slice(i) };
    if (fits < axis.n) return splitAxis(request, span, axis, fits, axes.slice(i + 1));
    request.push(axis);
    span += (axis.n - 1) * axis.from;
  }
  return { request, span, loops: [] };
}

/** An axis too long for one request is covered in equal parts, as large as they fit and divide it. */
function splitAxis(request: Walk[], span: number, axis: Walk, fits: number, rest: readonly Walk[]): { request: Walk[]; span: number; loops: Walk[] } {
  let part = fits;
  while (axis.n % part !== 0) part--;
  const inner = { ...axis, n: part };
  const outer = { n: axis.n / part, from: axis.from * part, to: axis.to * part };
  return { request: [...request, inner], span: span + (part - 1) * axis.from, loops: [outer, ...rest] };
}

function* positions(loops: readonly Walk[]): Generator<{ from: number; to: number }> {
  const [first, ...rest] = loops;
  if (first === undefined) {
    yield { from: 0, to: 0 };
    return;
  }
  for (const outer of positions(rest)) {
    for (let i = 0; i < first.n; i++) yield { from: outer.from + i * first.from, to: outer.to + i * first.to };
  }
}

async function fetchSpan({ source, byteOffset, element }: StridedPlace, start: number, count: number): Promise<NdArray> {
  const bytes = await source.read(byteOffset + start * element.bytes, count * element.bytes);
  if (bytes.length < count * element.bytes) throw new LacunaError('input.truncated', 'The file became shorter while it was open.', { file: source.name });
  return decodeNpyValues(bytes, element, [count]);
}

/** Spreads the wanted values of one request over the box. */
function scatter(values: NdArray, request: readonly Walk[], out: NdArray, base: number): void {
  const per = isComplexDType(out.dtype) ? 2 : 1;
  // Values are only moved, so one view type stands for all, BigInt arrays included.
  const source = values.data as Float32Array;
  const target = out.data as Float32Array;
  const [fastest = { n: 1, from: 1, to: 1 }, ...others] = request;
  for (const { from, to } of positions(others)) {
    const at = base + to;
    if (fastest.from === 1 && fastest.to === 1) {
      target.set(source.subarray(from * per, (from + fastest.n) * per), at * per);
      continue;
    }
    for (let i = 0; i < fastest.n; i++) {
      for (let p = 0; p < per; p++) target[(at + i * fastest.to) * per + p] = source[(from + i * fastest.from) * per + p] as number;
    }
  }
}

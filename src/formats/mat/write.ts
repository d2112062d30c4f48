/** Writes arrays as an uncompressed MAT-file of level 5. Source as in elements.ts. */
import type { NdArray } from '../../array/nd-array.ts';
import { LacunaError } from '../../errors.ts';
import { columnMajor } from '../column-major.ts';
import { MI } from './elements.ts';
import { MAT_HEADER_BYTES } from './header.ts';

export interface MatContents {
  /** By name: [slice, row, column] becomes row × column × slice, single precision. */
  readonly images: Readonly<Record<string, NdArray<'complex64'> | NdArray<'float32'>>>;
  readonly texts: Readonly<Record<string, string>>;
}

const CLASS = { char: 4, single: 7 } as const;
const COMPLEX = 0x0800;
/** Lengths are 32-bit numbers; MATLAB itself refuses variables of 2 GiB. */
const MAX_BYTES = 2 ** 31 - 1024;

/** Throws `io.write` where an image is larger than the format allows. */
export function writeMat({ images, texts }: MatContents): Uint8Array {
  const parts = [header()];
  for (const [name, volume] of Object.entries(images)) parts.push(imageMatrix(name, volume));
  for (const [name, text] of Object.entries(texts)) parts.push(textMatrix(name, text));
  return joined(parts);
}

function header(): Uint8Array {
  const out = new Uint8Array(MAT_HEADER_BYTES).fill(0x20);
  out.set(new TextEncoder().encode('MATLAB 5.0 MAT-file, written by Lacuna Studio'));
  out.fill(0, 116, 124);
  new DataView(out.buffer).setUint16(124, 0x0100, true);
  out.set([0x49, 0x4d], 126);
  return out;
}

function imageMatrix(name: string, volume: NdArray<'complex64'> | NdArray<'float32'>): Uint8Array {
  const [slices, rows, columns] = volume.shape as [number, number, number];
  if (volume.data.byteLength > MAX_BYTES) {
    throw new LacunaError('io.write', `"${name}" takes ${volume.data.byteLength} bytes; a MAT-file of level 5 holds arrays of less than 2 GiB. Export fewer slices, or HDF5.`, { field: name });
  }
  const complex = volume.dtype === 'complex64';
  const { data } = complex ? columnMajor(volume) : columnMajor(volume);
  const values = complex ? [everySecond(data, 0), everySecond(data, 1)] : [data];
  return matrix(CLASS.single | (complex ? COMPLEX : 0), [rows, columns, slices], name, values.map((part) => element(MI.single, bytesOf(part))));
}

function textMatrix(name: string, text: string): Uint8Array {
  return matrix(CLASS.char, [1, [...text].length], name, [element(MI.utf8, new TextEncoder().encode(text))]);
}

function matrix(flags: number, sizes: readonly number[], name: string, values: readonly Uint8Array[]): Uint8Array {
  const head = [
    element(MI.uint32, bytesOf(Uint32Array.of(flags, 0))),
    element(MI.int32, bytesOf(Int32Array.from(sizes))),
    element(MI.int8, new TextEncoder().encode(name)),
  ];
  return element(MI.matrix, joined([...head, ...values]));
}

function element(type: number, payload: Uint8Array): Uint8Array {
  const out = new Uint8Array(8 + Math.ceil(payload.length / 8) * 8);
  const view = new DataView(out.buffer);
  view.setUint32(0, type, true);
  view.setUint32(4, payload.length, true);
  out.set(payload, 8);
  return out;
}

function everySecond(data: Float32Array, first: number): Float32Array {
  return Float32Array.from({ length: data.length / 2 }, (_, i) => data[2 * i + first] as number);
}

const bytesOf = (values: Float32Array | Uint32Array | Int32Array): Uint8Array => new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/**
 * Data elements of MAT-files of level 5: tag, values, padding to eight bytes.
 * Source: MathWorks, "MAT-File Format" (R2023b), sections "Data Element Format" and "Level 5 MAT-File Data Array Element Formats".
 */
import type { DType } from '../../array/nd-array.ts';
import type { NpyElement } from '../../array/npy-header.ts';
import { LacunaError } from '../../errors.ts';
import type { ByteSource } from '../reader.ts';

export const MI = { int8: 1, uint8: 2, int16: 3, uint16: 4, int32: 5, uint32: 6, single: 7, double: 9, int64: 12, uint64: 13, matrix: 14, compressed: 15, utf8: 16 } as const;

const NUMBERS: Readonly<Record<number, { readonly dtype: DType; readonly bytes: number }>> = {
  [MI.int8]: { dtype: 'int8', bytes: 1 },
  [MI.uint8]: { dtype: 'uint8', bytes: 1 },
  [MI.int16]: { dtype: 'int16', bytes: 2 },
  [MI.uint16]: { dtype: 'uint16', bytes: 2 },
  [MI.int32]: { dtype: 'int32', bytes: 4 },
  [MI.uint32]: { dtype: 'uint32', bytes: 4 },
  [MI.single]: { dtype: 'float32', bytes: 4 },
  [MI.double]: { dtype: 'float64', bytes: 8 },
  [MI.int64]: { dtype: 'int64', bytes: 8 },
  [MI.uint64]: { dtype: 'uint64', bytes: 8 },
};

/** A stretch of a file, or of an inflated element, in its byte order. */
export interface Region {
  readonly source: ByteSource;
  readonly littleEndian: boolean;
  /** What errors call the file. */
  readonly file: string;
}

export interface Element {
  readonly type: number;
  /** Where the values start, how many bytes they take, and where the next element starts. */
  readonly offset: number;
  readonly bytes: number;
  readonly end: number;
}

/** The tag at `offset`. Throws `input.truncated` where the element does not fit before `limit`. */
export async function readTag(region: Region, offset: number, limit: number, field: string): Promise<Element> {
  const { source, littleEndian, file } = region;
  const head = await source.read(offset, 8);
  if (head.length < 8 || offset + 8 > limit) throw cutOff(file, field);
  const view = new DataView(head.buffer, head.byteOffset, 8);
  const first = view.getUint32(0, littleEndian);
  // Small elements: length in the upper half of the first word, up to four bytes of values in the second.
  const small = first >>> 16;
  if (small > 0) {
    if (small > 4) throw new LacunaError('input.malformed', 'A small element holds more than four bytes.', { file, field });
    return { type: first & 0xffff, offset: offset + 4, bytes: small, end: offset + 8 };
  }
  const bytes = view.getUint32(4, littleEndian);
  // Only compressed elements are not padded.
  const padded = first === MI.compressed ? bytes : Math.ceil(bytes / 8) * 8;
  if (offset + 8 + bytes > limit) throw cutOff(file, field);
  return { type: first, offset: offset + 8, bytes, end: Math.min(limit, offset + 8 + padded) };
}

/** The values of a small element of whole numbers (dimensions, flags). */
export async function readIntegers(region: Region, element: Element, field: string): Promise<number[]> {
  const { source, littleEndian, file } = region;
  if ((element.type !== MI.int32 && element.type !== MI.uint32) || element.bytes % 4 !== 0 || element.bytes > 4 * 64) {
    throw new LacunaError('input.malformed', 'Expected a short list of 32-bit integers.', { file, field });
  }
  const bytes = await source.read(element.offset, element.bytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Array.from({ length: bytes.length / 4 }, (_, i) => view.getInt32(4 * i, littleEndian));
}

/** How the values of an element are stored; null where it holds no numbers. */
export function numberElement(type: number, littleEndian: boolean): NpyElement | null {
  const number = NUMBERS[type];
  return number === undefined ? null : { ...number, bigEndian: !littleEndian, half: false };
}

export function cutOff(file: string, field: string): LacunaError {
  return new LacunaError('input.truncated', `The MAT-file ends inside ${field}.`, { file, field });
}

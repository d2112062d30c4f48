/**
 * The header of NumPy's `.npy` format, versions 1.0 to 3.0.
 * Source: NEP 1 and the module docstring of `numpy.lib.format`.
 *
 *   6 bytes  \x93NUMPY
 *   2 bytes  major, minor version
 *   2 bytes (1.0) or 4 bytes (2.0, 3.0), little-endian: length of the header text
 *   text     a Python dict literal with the keys descr, fortran_order and shape, padded with spaces, ended by a newline
 */
import { LacunaError } from '../errors.ts';
import { type DType, elementCount } from './nd-array.ts';

/** How one element is stored. `float16` has no typed array of its own here and is widened to float32. */
export interface NpyElement {
  readonly dtype: DType;
  /** Bytes of one stored element. */
  readonly bytes: number;
  readonly bigEndian: boolean;
  readonly half: boolean;
}

export interface NpyHeader {
  readonly element: NpyElement;
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
  /** Where the values start in the file. */
  readonly dataOffset: number;
  /** Length of the values in the file: elements times element.bytes. */
  readonly dataBytes: number;
}

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
/** NumPy itself refuses headers beyond 10,000 characters; a larger one is an attack or damage. */
const MAX_HEADER_BYTES = 65_536;
/** NumPy's own limit on dimensions (NPY_MAXDIMS since 2.0). */
const MAX_AXES = 64;

const KEYS: ReadonlySet<string> = new Set(['descr', 'fortran_order', 'shape']);

const DTYPES: Readonly<Record<string, DType>> = {
  b1: 'bool',
  i1: 'int8',
  u1: 'uint8',
  i2: 'int16',
  u2: 'uint16',
  i4: 'int32',
  u4: 'uint32',
  i8: 'int64',
  u8: 'uint64',
  f2: 'float32',
  f4: 'float32',
  f8: 'float64',
  c8: 'complex64',
  c16: 'complex128',
};

export function isNpy(head: Uint8Array): boolean {
  return MAGIC.every((byte, i) => head[i] === byte);
}

/** How many bytes from the start of the file `parseNpyHeader` needs at most. */
export const NPY_HEAD_BYTES = MAX_HEADER_BYTES + 12;

/**
 * Reads the header from the first bytes of a file. Throws `input.malformed`, `input.truncated` or `input.unsupported`
 * (structured, string or object dtypes), naming the file and the header's field.
 */
export function parseNpyHeader(head: Uint8Array, file: string): NpyHeader {
  if (head.length < 10) throw new LacunaError('input.truncated', `A .npy file has at least 10 bytes; this one has ${head.length}.`, { file });
  if (!isNpy(head)) throw new LacunaError('input.malformed', 'A .npy file starts with "\\x93NUMPY"; this one does not.', { file, field: 'magic' });
  const major = head[6] as number;
  if (major < 1 || major > 3) {
    throw new LacunaError('input.unsupported', `.npy versions 1 to 3 are read; this file says ${major}.${head[7]}.`, { file, field: 'version' });
  }
  const lengthBytes = major === 1 ? 2 : 4;
  const start = 8 + lengthBytes;
  if (head.length < start) throw new LacunaError('input.truncated', 'The file ends inside its .npy header.', { file, field: 'header length' });
  let length = 0;
  for (let i = lengthBytes - 1; i >= 0; i--) length = length * 256 + (head[8 + i] as number);
  if (length > MAX_HEADER_BYTES) {
    throw new LacunaError('input.malformed', `A .npy header of ${length} bytes is beyond the limit of ${MAX_HEADER_BYTES}.`, { file, field: 'header length' });
  }
  if (head.length < start + length) throw new LacunaError('input.truncated', 'The file ends inside its .npy header.', { file, field: 'header' });

  const text = new TextDecoder(major === 3 ? 'utf-8' : 'latin1').decode(head.subarray(start, start + length));
  const fields = parseDict(text, file);
  const element = parseDescr(fields.get('descr'), file);
  const fortranOrder = parseBoolean(fields.get('fortran_order'), file);
  const shape = parseShape(fields.get('shape'), file);
  const dataBytes = elementCount(shape) * element.bytes;
  if (!Number.isSafeInteger(dataBytes)) {
    throw new LacunaError('input.malformed', `Shape (${shape.join(', ')}) is larger than any file can be.`, { file, field: 'shape' });
  }
  return { element, fortranOrder, shape, dataOffset: start + length, dataBytes };
}

/** The three entries of the dict as source text. Only the literals that NumPy writes are accepted; nothing is evaluated. */
function parseDict(text: string, file: string): Map<string, string> {
  const dict = /^\s*\{([\s\S]*)\}\s*$/.exec(text);
  if (!dict) throw new LacunaError('input.malformed', 'The .npy header is not a Python dict literal.', { file, field: 'header' });
  const fields = new Map<string, string>();
  const entry = /\s*(['"])(\w+)\1\s*:\s*('[^']*'|"[^"]*"|True|False|\([^()]*\)|\[[\s\S]*\])\s*(,|$)/y;
  const body = dict[1] as string;
  while (body.slice(entry.lastIndex).trim() !== '') {
    const match = entry.exec(body);
    if (!match) throw new LacunaError('input.malformed', 'The .npy header is not a dict of descr, fortran_order and shape.', { file, field: 'header' });
    const key = match[2] as string;
    if (!KEYS.has(key)) throw new LacunaError('input.malformed', `The .npy header has an unknown entry "${key.slice(0, 40)}".`, { file, field: 'header' });
    if (fields.has(key)) throw new LacunaError('input.malformed', `The .npy header has "${key}" twice.`, { file, field: key });
    fields.set(key, match[3] as string);
  }
  return fields;
}

function parseDescr(source: string | undefined, file: string): NpyElement {
  const field = 'descr';
  if (source === undefined) throw new LacunaError('input.malformed', 'The .npy header has no "descr".', { file, field });
  if (source.startsWith('[')) {
    throw new LacunaError('input.unsupported', 'Arrays of records (structured dtypes) are not read; save each field as its own array.', { file, field });
  }
  const descr = source.slice(1, -1);
  const match = /^([<>|=])([a-zA-Z])(\d*)$/.exec(descr);
  const dtype = match === null ? undefined : DTYPES[`${match[2]}${match[3]}`];
  if (match === null || dtype === undefined) {
    const why = descr.endsWith('O') ? 'Python objects (they need pickle, which runs code)' : `dtype "${descr.slice(0, 40)}"`;
    throw new LacunaError('input.unsupported', `Arrays of ${why} are not read; expected bool, integers, float16/32/64 or complex64/128.`, { file, field });
  }
  return { dtype, bytes: Number(match[3]), bigEndian: match[1] === '>', half: match[2] === 'f' && match[3] === '2' };
}

function parseBoolean(source: string | undefined, file: string): boolean {
  if (source === 'True') return true;
  if (source === 'False') return false;
  throw new LacunaError('input.malformed', 'The .npy header must have "fortran_order": True or False.', { file, field: 'fortran_order' });
}

function parseShape(source: string | undefined, file: string): number[] {
  const field = 'shape';
  const tuple = source === undefined ? null : /^\(\s*((?:\d{1,15}L?\s*,\s*)*(?:\d{1,15}L?)?)\s*\)$/.exec(source);
  if (!tuple) throw new LacunaError('input.malformed', 'The .npy header must have "shape": a tuple of non-negative integers.', { file, field });
  const body = tuple[1] as string;
  const shape = body.split(',').map((part) => part.trim()).filter((part) => part !== '').map((part) => Number.parseInt(part, 10));
  if (shape.length === 1 && !body.includes(',')) {
    throw new LacunaError('input.malformed', `"shape": (${body}) is a number, not a tuple.`, { file, field });
  }
  if (shape.length > MAX_AXES) throw new LacunaError('input.malformed', `${shape.length} axes are beyond NumPy's ${MAX_AXES}.`, { file, field });
  return shape;
}

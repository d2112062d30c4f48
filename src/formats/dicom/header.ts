/**
 * The header of a DICOM file (PS3.10): everything up to the pixel data, read in growing pieces so that the pixels of a
 * large file are never touched. dicom-parser walks the elements; this file decides how much to read, what the transfer
 * syntax is, and turns every complaint into a typed error that names the element.
 */
import { inflateRawSync } from 'node:zlib';
import dicomParser, { type DataSet } from 'dicom-parser';
import { LacunaError } from '../../errors.ts';
import type { ByteSource } from '../reader.ts';
import { Tags } from './data-set.ts';
import { hasPreamble, PREAMBLE_BYTES, withoutPreamble } from './sniff.ts';
import { labelOf, TAG } from './tags.ts';
import { IMPLICIT_LITTLE, READABLE, type TransferSyntax, transferSyntax } from './transfer-syntax.ts';

export interface Header {
  readonly tags: Tags;
  readonly syntax: TransferSyntax;
  /** Where the value of Pixel Data starts in `source`, and its stated length (null where undefined, that is, encapsulated). */
  readonly pixelData?: { readonly offset: number; readonly length: number | null };
  /** What `pixelData.offset` counts in: the file, or its inflated image. */
  readonly source: ByteSource;
}

const FIRST_PIECE = 256 * 1024;
const GROWTH = 4;
/** A piece that reaches less far into the pixels is kept as it is. */
const KEPT_TAIL = 16 * 1024;
const UNDEFINED_LENGTH = 0xffffffff;
const MAX_INFLATED = 256 * 1024 * 1024;

/** Reads the header of `source`. Throws input.* errors; they do not name the file yet. */
export async function readHeader(source: ByteSource): Promise<Header> {
  for (let size = Math.min(FIRST_PIECE, source.size); ; size = Math.min(size * GROWTH, source.size)) {
    const piece = await source.read(0, size);
    if (piece.length < size)
      throw new LacunaError('io.read', `The file shrank while it was read: ${size} bytes expected, ${piece.length} found.`);
    const whole = size === source.size;
    const header = parse(piece, whole, source);
    if (header !== null) return header;
  }
}

/** Null: the pixel data were not reached and the file goes on. */
function parse(piece: Uint8Array, whole: boolean, source: ByteSource): Header | null {
  const start = hasPreamble(piece) ? 0 : withoutPreamble(piece);
  if (start === null) throw new LacunaError('input.unrecognised', 'Not a DICOM file: no "DICM" at byte 128 and no data set at the start.');
  // dicom-parser wants the preamble; a bare file meta group gets one in front, and its offsets are moved back.
  const shift = start === 'meta' ? PREAMBLE_BYTES : 0;
  const bytes = shift === 0 ? piece : prefixed(piece);
  const guessed = typeof start === 'object' ? start.transferSyntax : undefined;

  const syntax = guessed === undefined ? syntaxOfMeta(bytes, whole) : knownSyntax(guessed);
  if (syntax === null) return null;
  if (syntax.deflated) return whole ? parseDeflated(bytes, syntax) : null;

  const { set, failure } = walk(bytes, guessed);
  const pixels = set?.elements[TAG.PixelData.key];
  if (set === undefined || pixels === undefined) {
    if (!whole) return null;
    if (failure !== undefined || set === undefined) throw endedEarly(set, bytes.length, shift, failure);
    const last = lastElement(set);
    if (last !== undefined && last.end > bytes.length) throw endedEarly(set, bytes.length, shift, undefined);
    return { tags: new Tags(set, syntax.littleEndian), syntax, source };
  }
  const undefinedLength = pixels.hadUndefinedLength === true || pixels.length === UNDEFINED_LENGTH;
  return {
    tags: new Tags(withoutPixels(set, bytes, pixels.dataOffset, guessed), syntax.littleEndian),
    syntax,
    pixelData: { offset: pixels.dataOffset - shift, length: undefinedLength ? null : pixels.length },
    source,
  };
}

/** The same data set over a copy of the header alone, so that a folder of a thousand files does not keep a thousand pieces of pixels. */
function withoutPixels(set: DataSet, bytes: Uint8Array, end: number, guessed: string | undefined): DataSet {
  if (bytes.length - end < KEPT_TAIL) return set;
  return walk(bytes.slice(0, end), guessed).set ?? set;
}

/** The transfer syntax of the file meta group; null where the piece ends before it. */
function syntaxOfMeta(bytes: Uint8Array, whole: boolean): TransferSyntax | null {
  let uid: string | undefined;
  try {
    const meta = dicomParser.readPart10Header(bytes, { untilTag: TAG.TransferSyntaxUID.key });
    uid = new Tags(meta, true).text(TAG.TransferSyntaxUID);
    const last = lastElement(meta);
    if (uid === undefined && (last === undefined || last.end > bytes.length)) throw new Error('ends within the group');
  } catch (cause) {
    if (!whole) return null;
    throw new LacunaError('input.truncated', 'The file ends within the file meta group.', { field: 'file meta group (0002,xxxx)', cause });
  }
  // PS3.10 wants it; old files without are implicit little endian (the default transfer syntax, PS3.5 section 10.1).
  return knownSyntax(uid ?? IMPLICIT_LITTLE);
}

function knownSyntax(uid: string): TransferSyntax {
  const syntax = transferSyntax(uid);
  if (syntax !== undefined) return syntax;
  throw new LacunaError('input.unsupported', `Transfer syntax ${uid.slice(0, 64)} is not read; expected one of ${READABLE.join(', ')}.`, {
    field: TAG.TransferSyntaxUID.label,
  });
}

interface Walk {
  readonly set: DataSet | undefined;
  readonly failure: unknown;
}

/** All elements up to Pixel Data. dicom-parser throws strings, errors, or { exception, dataSet } with what it had so far. */
function walk(bytes: Uint8Array, guessed: string | undefined): Walk {
  const options = guessed === undefined ? {} : { TransferSyntaxUID: guessed };
  const first = attempt(() => dicomParser.parseDicom(bytes, { ...options, untilTag: TAG.PixelData.key }));
  if (first.set?.elements[TAG.PixelData.key] !== undefined) return first;
  // dicom-parser takes VR OV for one with a 2-byte length; the Extended Offset Table right before the pixels has it.
  const table = attempt(() => dicomParser.parseDicom(bytes, { ...options, untilTag: TAG.ExtendedOffsetTable.key }));
  if (table.set?.elements[TAG.ExtendedOffsetTable.key] === undefined) return first;
  return { set: skipOffsetTables(table.set, bytes), failure: undefined };
}

function attempt(parse: () => DataSet): Walk {
  try {
    return { set: parse(), failure: undefined };
  } catch (error) {
    const set = typeof error === 'object' && error !== null && 'dataSet' in error ? (error.dataSet as DataSet) : undefined;
    return { set, failure: error };
  }
}

/** Walks (7FE0,0001) and (7FE0,0002), explicit little endian with 4-byte lengths, and adds Pixel Data behind them. */
function skipOffsetTables(set: DataSet, bytes: Uint8Array): DataSet {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tableElement = set.elements[TAG.ExtendedOffsetTable.key];
  let at = tableElement === undefined ? bytes.length : tableElement.dataOffset - 8;
  delete set.elements[TAG.ExtendedOffsetTable.key];
  while (at + 12 <= bytes.length && view.getUint16(at, true) === 0x7fe0) {
    const element = view.getUint16(at + 2, true);
    const length = view.getUint32(at + 8, true);
    if (element === 0x0010) {
      const undefinedLength = length === UNDEFINED_LENGTH;
      const tag = TAG.PixelData.key;
      set.elements[tag] = { tag, vr: 'OW', length, dataOffset: at + 12, hadUndefinedLength: undefinedLength };
      break;
    }
    at += 12 + length;
  }
  return set;
}

/** PS3.5 annex A.5: everything behind the file meta group is one raw deflate stream. */
function parseDeflated(bytes: Uint8Array, syntax: TransferSyntax): Header {
  let start = 0;
  let inflated: Uint8Array;
  try {
    const set = dicomParser.readPart10Header(bytes);
    start = (set as DataSet & { readonly position: number }).position;
    inflated = inflateRawSync(bytes.subarray(start), { maxOutputLength: Math.min(MAX_INFLATED, 2 ** 20 + bytes.length * 1000) });
  } catch (cause) {
    const big = cause instanceof RangeError || (cause instanceof Error && 'code' in cause && cause.code === 'ERR_BUFFER_TOO_LARGE');
    const message = big ? 'The deflated data set grows beyond 256 MB.' : 'The deflated data set is damaged.';
    throw new LacunaError(big ? 'input.too-large' : 'input.malformed', message, { field: 'deflated data set', cause });
  }
  const memory: ByteSource = {
    name: 'inflated data set',
    size: inflated.length,
    read: (offset, length) => Promise.resolve(inflated.subarray(offset, offset + length)),
    close: () => Promise.resolve(),
  };
  const header = parseInflated(inflated, syntax, memory);
  return header;
}

function parseInflated(inflated: Uint8Array, syntax: TransferSyntax, source: ByteSource): Header {
  // A short data set is padded so that dicom-parser takes it for one without preamble.
  const { set, failure } = walk(inflated, '1.2.840.10008.1.2.1');
  if (set === undefined || failure !== undefined) throw endedEarly(set, inflated.length, 0, failure);
  const pixels = set.elements[TAG.PixelData.key];
  const tags = new Tags(set, true);
  if (pixels === undefined) return { tags, syntax, source };
  return { tags, syntax, source, pixelData: { offset: pixels.dataOffset, length: pixels.hadUndefinedLength ? null : pixels.length } };
}

function prefixed(piece: Uint8Array): Uint8Array {
  const out = new Uint8Array(PREAMBLE_BYTES + piece.length);
  out.set([0x44, 0x49, 0x43, 0x4d], 128);
  out.set(piece, PREAMBLE_BYTES);
  return out;
}

function lastElement(set: DataSet): { key: string; end: number } | undefined {
  let last: { key: string; end: number } | undefined;
  for (const [key, element] of Object.entries(set.elements)) {
    const end = element.dataOffset + element.length;
    if (last === undefined || end > last.end) last = { key, end };
  }
  return last;
}

function endedEarly(set: DataSet | undefined, size: number, shift: number, failure: unknown): LacunaError {
  const last = set === undefined ? undefined : lastElement(set);
  if (last !== undefined && last.end > size) {
    const label = labelOf(last.key);
    return new LacunaError('input.truncated', `The file ends within ${label}: ${last.end - shift} bytes expected, ${size - shift} found.`, {
      field: label,
      cause: failure,
    });
  }
  const where = last === undefined ? 'at the start of the data set' : `behind ${labelOf(last.key)}`;
  const cause = typeof failure === 'object' && failure !== null && 'exception' in failure ? failure.exception : failure;
  const overrun = String(cause).includes('past end of buffer') || String(cause).includes('overr');
  return new LacunaError(
    overrun ? 'input.truncated' : 'input.malformed',
    overrun ? `The file ends within an element ${where}.` : `The data set cannot be followed ${where}.`,
    { field: last === undefined ? 'data set' : labelOf(last.key), cause },
  );
}

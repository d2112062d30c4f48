/**
 * The central directory of a ZIP archive, as far as NumPy writes it: stored or deflated entries, ZIP64 where large.
 * Source: PKWARE APPNOTE 6.3.10, sections 4.3.7 (local header), 4.3.12 (central header), 4.3.14–16 (ends of directory).
 */
import { LacunaError } from '../../errors.ts';
import type { ByteSource } from '../reader.ts';

export interface ZipEntry {
  readonly name: string;
  readonly method: 'stored' | 'deflated';
  readonly compressedBytes: number;
  readonly bytes: number;
  readonly crc32: number;
  readonly headerOffset: number;
}

const END = 0x06054b50;
const END64 = 0x06064b50;
const LOCATOR64 = 0x07064b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
/** The end record and the longest comment after it. */
const TAIL_BYTES = 22 + 65_535;
const MAX_ENTRIES = 10_000;
const MAX_DIRECTORY_BYTES = 16 * 1024 * 1024;

/** Throws `input.truncated`, `input.malformed` or `input.unsupported`, naming the file and the record. */
export async function readZipDirectory(source: ByteSource): Promise<ZipEntry[]> {
  const file = source.name;
  const { offset, size, count } = await findDirectory(source);
  if (count > MAX_ENTRIES || size > MAX_DIRECTORY_BYTES) {
    throw new LacunaError('input.too-large', `An archive of ${count} entries is beyond the limit of ${MAX_ENTRIES}.`, { file, field: 'end of central directory' });
  }
  const bytes = await source.read(offset, size);
  const view = viewOf(bytes);
  const entries: ZipEntry[] = [];
  for (let at = 0, i = 0; i < count; i++) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== CENTRAL) throw malformed(file, 'central directory');
    const nameBytes = view.getUint16(at + 28, true);
    const extraBytes = view.getUint16(at + 30, true);
    const end = at + 46 + nameBytes + extraBytes + view.getUint16(at + 32, true);
    if (end > bytes.length) throw malformed(file, 'central directory');
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameBytes));
    const extra = bytes.subarray(at + 46 + nameBytes, at + 46 + nameBytes + extraBytes);
    entries.push(centralEntry(view, at, name, extra, file));
    at = end;
  }
  return entries;
}

function centralEntry(view: DataView, at: number, name: string, extra: Uint8Array, file: string): ZipEntry {
  const method = view.getUint16(at + 10, true);
  if (view.getUint16(at + 8, true) & 1) throw new LacunaError('input.unsupported', 'The archive is encrypted.', { file, field: name });
  if (method !== 0 && method !== 8) {
    throw new LacunaError('input.unsupported', `Compression method ${method} is not read; NumPy writes stored or deflated entries.`, { file, field: name });
  }
  const wide = zip64Reader(extra);
  // The ZIP64 extra field holds only those values whose 32-bit field is all ones, in this order.
  const bytes = wide(view.getUint32(at + 24, true));
  const compressedBytes = wide(view.getUint32(at + 20, true));
  const headerOffset = wide(view.getUint32(at + 42, true));
  if (bytes === null || compressedBytes === null || headerOffset === null) throw malformed(file, name);
  return { name, method: method === 0 ? 'stored' : 'deflated', compressedBytes, bytes, crc32: view.getUint32(at + 16, true), headerOffset };
}

function zip64Reader(extra: Uint8Array): (value: number) => number | null {
  const view = viewOf(extra);
  let at = 0;
  let end = 0;
  for (let p = 0; p + 4 <= extra.length; p += 4 + view.getUint16(p + 2, true)) {
    if (view.getUint16(p, true) !== 0x0001) continue;
    at = p + 4;
    end = Math.min(extra.length, at + view.getUint16(p + 2, true));
    break;
  }
  return (value) => {
    if (value !== 0xffffffff) return value;
    if (at + 8 > end) return null;
    at += 8;
    const wide = Number(view.getBigUint64(at - 8, true));
    return Number.isSafeInteger(wide) ? wide : null;
  };
}

async function findDirectory(source: ByteSource): Promise<{ offset: number; size: number; count: number }> {
  const file = source.name;
  const tailStart = Math.max(0, source.size - TAIL_BYTES);
  const tail = await source.read(tailStart, TAIL_BYTES);
  const view = viewOf(tail);
  let at = tail.length - 22;
  while (at >= 0 && view.getUint32(at, true) !== END) at--;
  if (at < 0) throw new LacunaError('input.truncated', 'The archive has no central directory: the file was cut off or is no ZIP.', { file, field: 'end of central directory' });
  let found = { count: view.getUint16(at + 10, true), size: view.getUint32(at + 12, true), offset: view.getUint32(at + 16, true) };
  if (found.count === 0xffff || found.size === 0xffffffff || found.offset === 0xffffffff) found = await findDirectory64(source, tailStart + at);
  if (found.offset + found.size > source.size) {
    throw new LacunaError('input.truncated', 'The central directory lies outside the file.', { file, field: 'end of central directory' });
  }
  return found;
}

async function findDirectory64(source: ByteSource, endOffset: number): Promise<{ offset: number; size: number; count: number }> {
  const field = 'ZIP64 end of central directory';
  const locator = await source.read(Math.max(0, endOffset - 20), 20);
  if (locator.length < 20 || viewOf(locator).getUint32(0, true) !== LOCATOR64) throw malformed(source.name, field);
  const record = await source.read(Number(viewOf(locator).getBigUint64(8, true)), 56);
  if (record.length < 56 || viewOf(record).getUint32(0, true) !== END64) throw malformed(source.name, field);
  const view = viewOf(record);
  const found = { count: Number(view.getBigUint64(32, true)), size: Number(view.getBigUint64(40, true)), offset: Number(view.getBigUint64(48, true)) };
  if (!Object.values(found).every(Number.isSafeInteger)) throw malformed(source.name, field);
  return found;
}

/** Where the bytes of an entry start: after its local header, whose lengths may differ from the directory's. */
export async function entryDataOffset(source: ByteSource, entry: ZipEntry): Promise<number> {
  const header = await source.read(entry.headerOffset, 30);
  const view = viewOf(header);
  if (header.length < 30 || view.getUint32(0, true) !== LOCAL) throw malformed(source.name, entry.name);
  const offset = entry.headerOffset + 30 + view.getUint16(26, true) + view.getUint16(28, true);
  if (offset + entry.compressedBytes > source.size) {
    throw new LacunaError('input.truncated', `The entry "${entry.name}" runs past the end of the file.`, { file: source.name, field: entry.name });
  }
  return offset;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function malformed(file: string, field: string): LacunaError {
  return new LacunaError('input.malformed', `The ZIP archive is damaged at "${field}".`, { file, field });
}

/** Inflates a ZIP entry, within what its directory declared and what the file's size allows. */
import { promisify } from 'node:util';
import { crc32, inflateRaw } from 'node:zlib';
import { LacunaError } from '../../errors.ts';
import type { ByteSource } from '../reader.ts';
import type { ZipEntry } from './zip.ts';

const inflate = promisify(inflateRaw);
/** Beyond this an archive may not unpack to more than its own size: a few kilobytes can declare gigabytes. */
const FREE_BYTES = 192 * 1024 * 1024;

/** What all entries of an archive together may still take. */
export interface UnpackingBudget {
  bytes: number;
}

export function unpackingBudget(source: ByteSource): UnpackingBudget {
  return { bytes: source.size + FREE_BYTES };
}

/** Throws `input.too-large` for what a small file cannot honestly hold, `input.malformed` where data and directory disagree. */
export async function inflateEntry(source: ByteSource, entry: ZipEntry, offset: number, budget: UnpackingBudget): Promise<Uint8Array> {
  const where = { file: source.name, field: entry.name };
  if (entry.bytes > budget.bytes) {
    const limit = source.size + FREE_BYTES;
    throw new LacunaError('input.too-large', `"${entry.name}" unpacks to ${entry.bytes} bytes; an archive of ${source.size} bytes may give ${limit} in all.`, where);
  }
  budget.bytes -= entry.bytes;
  const packed = await source.read(offset, entry.compressedBytes);
  let bytes: Uint8Array;
  try {
    // zlib stops as soon as more comes out than was declared.
    bytes = entry.bytes === 0 ? new Uint8Array(0) : await inflate(packed, { maxOutputLength: entry.bytes });
  } catch (cause) {
    throw new LacunaError('input.malformed', `"${entry.name}" does not unpack to the ${entry.bytes} bytes that were declared.`, { ...where, cause });
  }
  if (bytes.length !== entry.bytes || crc32(bytes) !== entry.crc32) {
    throw new LacunaError('input.malformed', `"${entry.name}" is damaged: size or checksum is not what was declared.`, where);
  }
  return bytes;
}

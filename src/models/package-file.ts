/** Files of a model package: read from inside its folder alone, with their size known before memory is taken. */
import { createHash } from 'node:crypto';
import { type FileHandle, open, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { LacunaError } from '../errors.ts';

export interface PromisedFile {
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
}

const HASHED_AT_ONCE = 2 ** 20;

/** The whole file. Throws io.read, input.malformed (a link, no plain file), input.too-large. */
export async function readInside(folder: string, file: string, maxBytes: number): Promise<Buffer> {
  return withFile(folder, file, maxBytes, async (handle, size) => {
    // No more than `size` bytes, even when the file grows meanwhile.
    const bytes = Buffer.alloc(size);
    const { bytesRead } = await handle.read(bytes, 0, size, 0);
    return bytes.subarray(0, bytesRead);
  });
}

/** Path of a file that has the bytes its manifest promises. Throws as `readInside`, and input.truncated, input.mismatch. */
export async function checkInside(folder: string, promised: PromisedFile): Promise<string> {
  const { file, bytes, sha256 } = promised;
  const found = await withFile(folder, file, bytes, async (handle, size) => {
    if (size < bytes) {
      throw new LacunaError('input.truncated', `${file} has ${size} bytes, its manifest promises ${bytes}`, { file, field: 'bytes' });
    }
    return hashOf(handle, size);
  });
  if (found === sha256) return join(folder, file);
  throw new LacunaError('input.mismatch', `${file} has SHA-256 ${found}, its manifest promises ${sha256}`, { file, field: 'sha256' });
}

/** In pieces: networks may be large, and none of it is kept. */
async function hashOf(handle: FileHandle, size: number): Promise<string> {
  const hash = createHash('sha256');
  const piece = Buffer.alloc(Math.min(size, HASHED_AT_ONCE));
  for (let at = 0; at < size; ) {
    const { bytesRead } = await handle.read(piece, 0, Math.min(piece.length, size - at), at);
    if (bytesRead === 0) break;
    hash.update(piece.subarray(0, bytesRead));
    at += bytesRead;
  }
  return hash.digest('hex');
}

async function withFile<T>(folder: string, file: string, maxBytes: number, use: (handle: FileHandle, size: number) => Promise<T>): Promise<T> {
  try {
    const real = await realpath(join(folder, file));
    if (real !== join(await realpath(folder), file)) {
      throw new LacunaError('input.malformed', `${file} is a link out of its package; expected a plain file`, { file });
    }
    await using handle = await open(real, 'r');
    const info = await handle.stat();
    if (!info.isFile()) throw new LacunaError('input.malformed', `${file} is not a plain file`, { file });
    if (info.size > maxBytes) {
      throw new LacunaError('input.too-large', `${file} has ${info.size} bytes, at most ${maxBytes} are expected`, { file, field: 'bytes' });
    }
    return await use(handle, info.size);
  } catch (cause) {
    if (cause instanceof LacunaError) throw cause;
    throw new LacunaError('io.read', `${file} of the model package cannot be read`, { file, cause });
  }
}

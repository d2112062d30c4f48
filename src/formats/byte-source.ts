/** The two kinds of ByteSource: a file on disk, read through its handle, and bytes in memory. */
import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { LacunaError } from '../errors.ts';
import type { ByteSource } from './reader.ts';

/** Opens a regular file. Throws `io.read` where it is missing, unreadable or not a file. */
export async function fileSource(path: string, name = basename(path)): Promise<ByteSource> {
  let handle: FileHandle;
  try {
    handle = await open(path, 'r');
  } catch (cause) {
    throw unreadable(name, cause);
  }
  try {
    const stat = await handle.stat();
    if (!stat.isFile()) throw new LacunaError('io.read', `"${name}" is not a regular file.`, { file: name });
    return new FileSource(handle, resolve(path), name, stat.size, stat.mtimeMs);
  } catch (error) {
    await handle.close();
    throw error;
  }
}

class FileSource implements ByteSource {
  readonly path: string;
  readonly name: string;
  readonly size: number;
  readonly modified: number;
  #handle: FileHandle | null;

  constructor(handle: FileHandle, path: string, name: string, size: number, modified: number) {
    this.#handle = handle;
    this.path = path;
    this.name = name;
    this.size = size;
    this.modified = modified;
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    if (this.#handle === null) throw new LacunaError('io.read', `"${this.name}" has been closed.`, { file: this.name });
    // The size is checked before memory is taken: a header may ask for anything.
    const wanted = Math.max(0, Math.min(length, this.size - offset));
    const bytes = new Uint8Array(wanted);
    let filled = 0;
    try {
      while (filled < wanted) {
        const { bytesRead } = await this.#handle.read(bytes, filled, wanted - filled, offset + filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
    } catch (cause) {
      throw unreadable(this.name, cause);
    }
    return bytes.subarray(0, filled);
  }

  async close(): Promise<void> {
    const handle = this.#handle;
    this.#handle = null;
    await handle?.close();
  }
}

/** A file that is opened for each read only: folders hold more files than a process may keep open. */
export async function transientFileSource(path: string, name = basename(path)): Promise<ByteSource> {
  const probe = await fileSource(path, name);
  await probe.close();
  return {
    name,
    path: resolve(path),
    size: probe.size,
    ...(probe.modified === undefined ? {} : { modified: probe.modified }),
    async read(offset, length) {
      const source = await fileSource(path, name);
      try {
        return await source.read(offset, length);
      } finally {
        await source.close();
      }
    },
    async close() {},
  };
}

export function memorySource(name: string, bytes: Uint8Array): ByteSource {
  let closed = false;
  return {
    name,
    size: bytes.length,
    async read(offset, length) {
      if (closed) throw new LacunaError('io.read', `"${name}" has been closed.`, { file: name });
      return bytes.subarray(Math.min(offset, bytes.length), Math.min(offset + length, bytes.length));
    },
    async close() {
      closed = true;
    },
  };
}

const HASH_BLOCK = 1024 * 1024;

/** SHA-256 as hex, streamed block by block: memory stays at one block whatever the size. */
export async function sha256OfSource(source: ByteSource): Promise<string> {
  const hash = createHash('sha256');
  if (source.path !== undefined) {
    await hashFile(source.path, source.name, (block) => hash.update(block));
    return hash.digest('hex');
  }
  for (let offset = 0; offset < source.size; offset += HASH_BLOCK) hash.update(await source.read(offset, HASH_BLOCK));
  return hash.digest('hex');
}

/** One buffer serves all blocks: a new one for each of a gigabyte costs more than the hash. */
async function hashFile(path: string, name: string, update: (block: Uint8Array) => void): Promise<void> {
  const block = new Uint8Array(HASH_BLOCK);
  try {
    const handle = await open(path, 'r');
    try {
      for (;;) {
        const { bytesRead } = await handle.read(block, 0, HASH_BLOCK);
        if (bytesRead === 0) return;
        update(block.subarray(0, bytesRead));
      }
    } finally {
      await handle.close();
    }
  } catch (cause) {
    throw unreadable(name, cause);
  }
}

function unreadable(name: string, cause: unknown): LacunaError {
  const code = (cause as { code?: string } | null)?.code;
  const why = { ENOENT: 'it does not exist', EACCES: 'permission was denied', EPERM: 'permission was denied', EISDIR: 'it is a folder' };
  const reason = (code !== undefined && why[code as keyof typeof why]) || `the system said ${code ?? String(cause)}`;
  return new LacunaError('io.read', `"${name}" cannot be read: ${reason}.`, { file: name, cause });
}

/** Content-addressed files: written to a temporary name, synced and renamed; equal bytes are kept once. */
import { createHash } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { LacunaError } from '../errors.ts';

export class BlobStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** SHA-256 of the bytes, hex. Throws io.write; nothing is left under the final name then. */
  async put(bytes: Uint8Array): Promise<string> {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    if (await this.has(sha256)) return sha256;
    const path = this.path(sha256);
    const temporary = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}.tmp`;
    try {
      await mkdir(join(path, '..'), { recursive: true });
      const file = await open(temporary, 'wx');
      try {
        await file.writeFile(bytes);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporary, path);
    } catch (cause) {
      await rm(temporary, { force: true });
      throw new LacunaError('io.write', 'The library cannot be written; is the disk full?', { cause });
    }
    return sha256;
  }

  /** Throws io.read where the blob is missing or its bytes changed. */
  async get(sha256: string): Promise<Uint8Array> {
    let bytes: Uint8Array;
    try {
      bytes = await readFile(this.path(sha256));
    } catch (cause) {
      throw new LacunaError('io.read', 'The library has lost this array.', { field: sha256, cause });
    }
    if (createHash('sha256').update(bytes).digest('hex') === sha256) return bytes;
    throw new LacunaError('io.read', 'An array in the library has changed on disk.', { field: sha256 });
  }

  async has(sha256: string): Promise<boolean> {
    return stat(this.path(sha256)).then(
      () => true,
      () => false,
    );
  }

  /** Removes every blob that `keep` does not name, and temporary files of earlier crashes. Returns how many went. */
  async collect(keep: ReadonlySet<string>): Promise<number> {
    let removed = 0;
    for (const shard of await readdir(this.#folder).catch(() => [])) {
      for (const name of await readdir(join(this.#folder, shard)).catch(() => [])) {
        if (keep.has(name)) continue;
        await rm(join(this.#folder, shard, name), { force: true });
        removed++;
      }
    }
    return removed;
  }

  path(sha256: string): string {
    return join(this.#folder, sha256.slice(0, 2), sha256);
  }
}

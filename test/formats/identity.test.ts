import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { fileSource, memorySource } from '../../src/formats/byte-source.ts';
import { HASHED_AT_ONCE, identify } from '../../src/formats/identity.ts';
import type { ByteSource } from '../../src/formats/reader.ts';

const folder = mkdtempSync(join(tmpdir(), 'lacuna-identity-'));
afterAll(() => rmSync(folder, { recursive: true }));

const sha256 = (...parts: (Uint8Array | string)[]): string => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest('hex');
const WRITTEN = new Date('2026-01-02T03:04:05Z');

function file(name: string, bytes: Uint8Array, written = WRITTEN): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  utimesSync(path, written, written);
  return path;
}

function large(): Buffer {
  const bytes = Buffer.alloc(HASHED_AT_ONCE + 12_345);
  for (let i = 0; i < bytes.length; i += 4096) bytes.writeUInt32LE(i, Math.min(i, bytes.length - 4));
  return bytes;
}

/** Counts what is read through `read`; hashing the whole content goes around it. */
function counted(source: ByteSource): { source: ByteSource; read: () => number } {
  let total = 0;
  const read = async (offset: number, length: number): Promise<Uint8Array> => {
    const bytes = await source.read(offset, length);
    total += bytes.length;
    return bytes;
  };
  return { source: { ...source, name: source.name, size: source.size, path: source.path as string, modified: source.modified as number, read, close: () => source.close() }, read: () => total };
}

describe('identify', () => {
  it('names a small file by its content', async () => {
    const bytes = Uint8Array.from({ length: 1000 }, (_, i) => i & 255);
    const source = await fileSource(file('small.bin', bytes));
    const identity = await identify([source]);
    expect(identity.id).toBe(sha256(bytes));
    expect(await identity.sha256()).toBe(sha256(bytes));
    await source.close();
  });

  it('names several files by the sorted list of their hashes', async () => {
    const a = Uint8Array.of(1, 2, 3);
    const b = Uint8Array.of(4, 5);
    const expected = sha256([sha256(a), sha256(b)].sort().join('\n'));
    expect((await identify([memorySource('b', b), memorySource('a', a)])).id).toBe(expected);
    expect((await identify([memorySource('a', a), memorySource('b', b)])).id).toBe(expected);
  });

  it('keeps the hash of bytes in memory after they are gone', async () => {
    const source = memorySource('m', Uint8Array.of(7));
    const identity = await identify([source]);
    await source.close();
    expect(await identity.sha256()).toBe(sha256(Uint8Array.of(7)));
    expect(identity.checkUnchanged).toBeUndefined();
  });

  it('samples a large file, and hashes its content when asked, also after closing', async () => {
    const bytes = large();
    const { source, read } = counted(await fileSource(file('large.bin', bytes)));
    const identity = await identify([source]);
    expect(read()).toBe(4 * 2 ** 20);
    expect(identity.id).not.toBe(sha256(bytes));
    await source.close();
    expect(await identity.sha256()).toBe(sha256(bytes));
  });

  it('gives a large file another fingerprint where its head, tail, size or time differ', async () => {
    const bytes = large();
    const changed = (at: number): Buffer => {
      const copy = Buffer.from(bytes);
      copy.writeUInt8(copy.readUInt8(at) ^ 1, at);
      return copy;
    };
    const idOf = async (path: string): Promise<string> => {
      const source = await fileSource(path);
      const { id } = await identify([source]);
      await source.close();
      return id;
    };
    const ids = [
      await idOf(file('one.bin', bytes)),
      await idOf(file('two.bin', changed(0))),
      await idOf(file('two.bin', changed(bytes.length - 1))),
      await idOf(file('two.bin', bytes.subarray(0, bytes.length - 1))),
      await idOf(file('two.bin', bytes, new Date('2026-01-02T03:04:06Z'))),
    ];
    expect(new Set(ids).size).toBe(ids.length);
    expect(await idOf(file('two.bin', bytes))).toBe(ids[0]);
  });

  it('refuses to name a file that was changed or removed after opening', async () => {
    const bytes = large();
    const path = file('moving.bin', bytes);
    const source = await fileSource(path);
    const identity = await identify([source]);
    await identity.checkUnchanged?.();
    file('moving.bin', bytes, new Date('2026-02-01T00:00:00Z'));
    await expect(identity.checkUnchanged?.()).rejects.toMatchObject({ code: 'input.mismatch', file: 'moving.bin' });
    await expect(identity.sha256()).rejects.toMatchObject({ code: 'input.mismatch' });
    file('moving.bin', bytes);
    expect(await identity.sha256()).toBe(sha256(bytes));
    rmSync(path);
    await expect(identity.sha256()).rejects.toMatchObject({ code: 'input.mismatch' });
    await source.close();
  });
});

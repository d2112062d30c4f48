/**
 * What tells a recording from every other: an id that is known at once, and the SHA-256 of the content, which costs a
 * look at every byte and is therefore computed when it is asked for.
 */
import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import type { Recording } from '../array/recording.ts';
import { LacunaError } from '../errors.ts';
import { sha256OfSource } from './byte-source.ts';
import type { ByteSource } from './reader.ts';

/** Up to here the content is hashed on opening: 32 MiB take about 0.1 s. */
export const HASHED_AT_ONCE = 32 * 2 ** 20;

/** A fingerprint reads this much of all files together, in blocks evenly spread from the first byte to the last. */
const SAMPLED_BYTES = 4 * 2 ** 20;
const BLOCKS = 16;
const LEAST_BLOCK = 4096;

export type Identity = Pick<Recording, 'id' | 'sha256' | 'checkUnchanged'>;

/** Throws `io.read`. */
export async function identify(sources: readonly ByteSource[]): Promise<Identity> {
  const onDisk = sources.every((source) => source.path !== undefined && source.modified !== undefined);
  const bytes = sources.reduce((sum, source) => sum + source.size, 0);
  let content: Promise<string> | null = null;
  const checkUnchanged = () => checkSources(sources);
  const sha256 = async (): Promise<string> => {
    content ??= contentHash(sources);
    const hash = await content.catch((error) => {
      content = null;
      throw error;
    });
    if (onDisk) await checkUnchanged();
    return hash;
  };
  if (!onDisk) {
    // Bytes in memory are gone after closing, so their hash is taken now.
    const hash = await sha256();
    return { id: hash, sha256: () => Promise.resolve(hash) };
  }
  return { id: bytes <= HASHED_AT_ONCE ? await sha256() : await fingerprint(sources), sha256, checkUnchanged };
}

/** Of one file its own hash, of several that of their sorted hashes, so that neither names nor order matter. */
async function contentHash(sources: readonly ByteSource[]): Promise<string> {
  const hashes: string[] = [];
  for (const source of sources) hashes.push(await sha256OfSource(source));
  return combined(hashes);
}

async function fingerprint(sources: readonly ByteSource[]): Promise<string> {
  const block = Math.max(LEAST_BLOCK, Math.floor(SAMPLED_BYTES / sources.length / BLOCKS));
  const hashes: string[] = [];
  for (const source of sources) hashes.push(await fingerprintOf(source, block));
  return combined(hashes);
}

/** SHA-256 of size, modification time and blocks of the content, the first and the last among them. */
async function fingerprintOf(source: ByteSource, block: number): Promise<string> {
  const hash = createHash('sha256').update(`lacuna fingerprint 1\n${source.size}\n${source.modified}\n`);
  const last = Math.max(0, source.size - block);
  for (let i = 0; i < BLOCKS; i++) hash.update(await source.read(Math.floor((last * i) / (BLOCKS - 1)), block));
  return hash.digest('hex');
}

function combined(hashes: readonly string[]): string {
  if (hashes.length === 1) return hashes[0] as string;
  return createHash('sha256').update([...hashes].sort().join('\n')).digest('hex');
}

async function checkSources(sources: readonly ByteSource[]): Promise<void> {
  const now = await Promise.all(sources.map((source) => stat(source.path as string).catch(() => null)));
  for (const [i, source] of sources.entries()) {
    const { name, size, modified } = source;
    if (now[i]?.size === size && now[i].mtimeMs === modified) continue;
    throw new LacunaError('input.mismatch', 'The file has changed since it was opened; open it again.', { file: name });
  }
}

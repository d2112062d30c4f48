/** Opens fixture files through a reader, as the registry does. */
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { memorySource } from '../../src/formats/byte-source.ts';
import type { FormatReader, ReadRecording } from '../../src/formats/reader.ts';

const FIXTURES = join(import.meta.dirname, '../fixtures');

export const fixturePath = (path: string): string => join(FIXTURES, path);
export const fixtureBytes = (path: string): Uint8Array => new Uint8Array(readFileSync(fixturePath(path)));

export function openFixture(reader: FormatReader, path: string, bytes = fixtureBytes(path)): Promise<ReadRecording> {
  const name = basename(path);
  return reader.open([memorySource(name, bytes)], { id: 'ab', name, bytes: bytes.length });
}

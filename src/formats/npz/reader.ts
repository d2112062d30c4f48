/** NumPy's `.npz`: a ZIP archive of `.npy` entries. Every numeric array of two or more axes becomes a series. */
import { basename } from 'node:path';
import { LacunaError, toLacunaError } from '../../errors.ts';
import { recordingOf } from '../bare/recording.ts';
import type { BareSeries } from '../bare/series.ts';
import { openArray } from '../npy/reader.ts';
import type { ByteSource, FormatReader } from '../reader.ts';
import { inflateEntry, type UnpackingBudget, unpackingBudget } from './inflate.ts';
import { entryDataOffset, readZipDirectory, type ZipEntry } from './zip.ts';

export const npzReader: FormatReader = {
  format: 'npz',
  title: 'NumPy archive',
  extensions: ['.npz'],

  sniff(head, name) {
    const zip = head[0] === 0x50 && head[1] === 0x4b && head[2] === 3 && head[3] === 4;
    const firstEntry = zip ? String.fromCharCode(...head.subarray(30, Math.min(head.length, 30 + ((head[26] ?? 0) | ((head[27] ?? 0) << 8))))) : '';
    const named = name.toLowerCase().endsWith('.npz');
    if (zip && (named || firstEntry.endsWith('.npy'))) return 'certain';
    return named ? 'possible' : 'no';
  },

  async open(sources, info, options) {
    const source = sources[0] as ByteSource;
    const entries = (await readZipDirectory(source)).filter((entry) => entry.name.endsWith('.npy'));
    if (entries.length === 0) throw new LacunaError('input.unsupported', 'The archive holds no .npy array.', { file: source.name, field: 'central directory' });
    const budget = unpackingBudget(source);
    const parts: BareSeries[] = [];
    const warnings: string[] = [];
    let refused: LacunaError | undefined;
    for (const [i, entry] of entries.entries()) {
      const name = basename(entry.name, '.npy');
      try {
        const suffix = entries.length > 1 ? `-${i + 1}` : '';
        const place = { file: source.name, field: name, id: name, title: name, suffix };
        parts.push(await openArray(await entrySource(source, entry, budget), place, options));
      } catch (error) {
        const e = toLacunaError(error);
        // Lists of labels and ids beside the images are usual; damage is not.
        if (e.code !== 'input.unsupported') throw inEntry(e, source.name, name);
        refused ??= inEntry(e, source.name, name);
        warnings.push(`${name} was passed over: ${e.message}`);
      }
    }
    if (parts.length === 0) throw refused as LacunaError;
    return recordingOf('npz', info, parts, options, () => source.close(), warnings);
  },
};

function inEntry(error: LacunaError, file: string, entry: string): LacunaError {
  const field = error.field === undefined || error.field === entry ? entry : `${entry}: ${error.field}`;
  return new LacunaError(error.code, error.message, { file, field, cause: error.cause });
}

/** An entry as a source of its own: a window on the file where stored, inflated where compressed. */
async function entrySource(source: ByteSource, entry: ZipEntry, budget: UnpackingBudget): Promise<ByteSource> {
  const offset = await entryDataOffset(source, entry);
  if (entry.method === 'stored') {
    if (entry.bytes !== entry.compressedBytes) {
      throw new LacunaError('input.malformed', 'A stored entry has two different sizes.', { file: source.name, field: entry.name });
    }
    const read = (from: number, length: number) => source.read(offset + from, Math.max(0, Math.min(length, entry.bytes - from)));
    return { name: source.name, size: entry.bytes, read, close: async () => {} };
  }
  const inflated = await inflateEntry(source, entry, offset, budget);
  return {
    name: source.name,
    size: inflated.length,
    read: async (from, length) => inflated.subarray(Math.min(from, inflated.length), Math.min(from + length, inflated.length)),
    close: async () => {},
  };
}

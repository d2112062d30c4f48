/** All formats: tells what a file is by its content, opens files, folders and bytes in memory. */
import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { ReadOptions } from '../array/read-options.ts';
import type { Recording } from '../array/recording.ts';
import { LacunaError, toLacunaError } from '../errors.ts';
import { bartReader } from './bart/reader.ts';
import { fileSource, memorySource, transientFileSource } from './byte-source.ts';
import { dicomReader } from './dicom/read.ts';
import { companionsOf, givenName, groupPairs } from './file-pairs.ts';
import { hdf5Reader } from './hdf5/reader.ts';
import { identify } from './identity.ts';
import { matReader } from './mat/reader.ts';
import { niftiReader } from './nifti/read.ts';
import { npyReader } from './npy/reader.ts';
import { npzReader } from './npz/reader.ts';
import type { ByteSource, FormatReader } from './reader.ts';
import { twixReader } from './twix/reader.ts';
import { walkFolder } from './walk-folder.ts';

export const READERS: readonly FormatReader[] = [hdf5Reader, npyReader, npzReader, matReader, niftiReader, bartReader, twixReader, dicomReader];

const HEAD_BYTES = 512;

export interface Sniffed {
  readonly reader: FormatReader;
  readonly certainty: 'certain' | 'possible';
  /** Set where the name's extension belongs to another format than the content. */
  readonly mislabelled?: string;
}

/** What `head`, the first 512 bytes of a file of that name, is; content wins over the extension. Null where no reader knows it. */
export function sniffFormat(head: Uint8Array, name: string): Sniffed | null {
  const opinions = READERS.map((reader) => ({ reader, certainty: reader.sniff(head, name) }));
  const best = opinions.find(({ certainty }) => certainty === 'certain') ?? opinions.find(({ certainty }) => certainty === 'possible');
  if (best === undefined || best.certainty === 'no') return null;
  const { reader, certainty } = best;
  const owner = READERS.find((other) => hasExtension(other, name));
  if (certainty === 'certain' && owner !== undefined && !hasExtension(reader, name)) {
    const mislabelled = `"${name}" is named like ${owner.title}, but its content is ${reader.title}; it was opened as ${reader.title}.`;
    return { reader, certainty, mislabelled };
  }
  return { reader, certainty };
}

/** Opens a file or a folder. Throws `io.read`, `input.unrecognised`, the reader's `input.*`, or `usage.invalid` where `options` do not fit. */
export async function openPath(path: string, options?: ReadOptions): Promise<Recording> {
  // Readers in threads of their own see another working directory, so they get the full path.
  const full = resolve(path);
  const name = basename(full) || full;
  const about = await stat(full).catch(() => null);
  return about?.isDirectory() ? openFolder(full, name, options) : openFile(full, name, options);
}

/** Opens bytes in memory, as if they were a file of that name. */
export async function openBytes(name: string, bytes: Uint8Array, options?: ReadOptions): Promise<Recording> {
  return openSources([memorySource(name, bytes)], name, options);
}

async function openFile(path: string, name: string, options?: ReadOptions): Promise<Recording> {
  const source = await fileSource(path);
  return openSources([source, ...(await companionsOf(source, path))], name, options);
}

/** Opens files that belong together, in any order; they are closed where that fails. */
export async function openSources(sources: readonly ByteSource[], name: string, options?: ReadOptions): Promise<Recording> {
  try {
    const sniffed = await sniffSources(sources, name);
    return await openWith(sniffed.reader, sources, name, sniffed.mislabelled === undefined ? [] : [sniffed.mislabelled], options);
  } catch (error) {
    for (const source of sources) await source.close();
    throw toLacunaError(error).withFile(name);
  }
}

/** What the surest of them is: half of a pair may say nothing. */
async function sniffSources(sources: readonly ByteSource[], name: string): Promise<Sniffed> {
  const [first, ...others] = sources;
  const opinion = await sniffSource(first as ByteSource, name);
  if (opinion.certainty === 'certain') return opinion;
  for (const source of others) {
    const other = sniffFormat(await source.read(0, HEAD_BYTES), source.name);
    if (other?.certainty === 'certain') return other;
  }
  return opinion;
}

async function sniffSource(source: ByteSource, name: string): Promise<Sniffed> {
  if (source.size === 0) throw new LacunaError('input.truncated', `"${name}" is empty.`, { file: name });
  const head = await source.read(0, HEAD_BYTES);
  const sniffed = sniffFormat(head, name);
  if (sniffed !== null) return sniffed;
  const known = READERS.map((reader) => `${reader.title} (${reader.extensions.join(', ')})`).join('; ');
  throw new LacunaError('input.unrecognised', `"${name}" is of no format that is read${archiveHint(head)}. Read are: ${known}.`, { file: name });
}

function archiveHint(head: Uint8Array): string {
  if (head[0] === 0x1f && head[1] === 0x8b) return ': it is a gzip archive; unpack it first';
  if (head[0] === 0x50 && head[1] === 0x4b) return ': it is a ZIP archive; unpack it first';
  if (String.fromCharCode(...head.subarray(257, 262)) === 'ustar') return ': it is a tar archive; unpack it first';
  return '';
}

async function openWith(
  reader: FormatReader,
  sources: readonly ByteSource[],
  name: string,
  warnings: readonly string[],
  options?: ReadOptions,
): Promise<Recording> {
  const bytes = sources.reduce((sum, source) => sum + source.size, 0);
  const identity = await identify(sources);
  const recording = await reader.open(sources, { id: identity.id, name, bytes }, options);
  return { ...recording, ...identity, warnings: [...warnings, ...recording.warnings] };
}

/**
 * A folder is a DICOM series: every DICOM file in it and below is opened together, other files are passed over.
 * One without DICOM opens the only file in it that some reader knows.
 */
async function openFolder(path: string, name: string, options?: ReadOptions): Promise<Recording> {
  const { files, warnings } = await walkFolder(path);
  if (files.length === 0) throw new LacunaError('input.unrecognised', `The folder "${name}" holds no files.`, { file: name });
  const dicom: ByteSource[] = [];
  const others: string[] = [];
  let passedOver = 0;
  for (const file of files) {
    const source = await transientFileSource(file);
    const sniffed = source.size === 0 ? null : sniffFormat(await source.read(0, HEAD_BYTES), source.name);
    if (sniffed?.reader === dicomReader && (sniffed.certainty === 'certain' || hasExtension(dicomReader, source.name))) dicom.push(source);
    else if (sniffed !== null && sniffed.reader !== dicomReader) others.push(file);
    else passedOver++;
  }
  if (dicom.length === 0) return openOnly(others, name, options);
  if (others.length + passedOver > 0) warnings.push(`${others.length + passedOver} files of the folder are not DICOM and were passed over.`);
  return openWith(dicomReader, dicom, name, warnings, options);
}

async function openOnly(files: readonly string[], folder: string, options?: ReadOptions): Promise<Recording> {
  const groups = groupPairs(files);
  const [only] = groups;
  if (only !== undefined && groups.length === 1) return openTogether(only, options);
  if (only === undefined) {
    throw new LacunaError('input.unrecognised', `The folder "${folder}" holds no DICOM file and no other file that is read.`, { file: folder });
  }
  const names = groups.slice(0, 5).map((group) => givenName(group[0] as string)).join(', ');
  throw new LacunaError('input.unsupported', `The folder "${folder}" holds no DICOM but ${groups.length} files that open one by one: ${names}.`, { file: folder });
}

async function openTogether(paths: readonly string[], options?: ReadOptions): Promise<Recording> {
  const sources: ByteSource[] = [];
  for (const path of paths) sources.push(await fileSource(path, givenName(path)));
  return openSources(sources, givenName(paths[0] as string), options);
}

function hasExtension(reader: FormatReader, name: string): boolean {
  const lower = name.toLowerCase();
  return reader.extensions.some((extension) => lower.endsWith(extension));
}

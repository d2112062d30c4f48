/** All formats: tells what a file is by its content, opens files, folders and bytes in memory. */
import { stat } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import type { Recording } from '../array/recording.ts';
import { LacunaError, toLacunaError } from '../errors.ts';
import { fileSource, memorySource, transientFileSource } from './byte-source.ts';
import { dicomReader } from './dicom/read.ts';
import { hdf5Reader } from './hdf5/reader.ts';
import { identify } from './identity.ts';
import { niftiReader } from './nifti/read.ts';
import { npyReader } from './npy/reader.ts';
import { npzReader } from './npz/reader.ts';
import type { ByteSource, FormatReader } from './reader.ts';
import { walkFolder } from './walk-folder.ts';

export const READERS: readonly FormatReader[] = [hdf5Reader, npyReader, npzReader, niftiReader, dicomReader];

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
  if (certainty === 'certain' && owner !== undefined && owner !== reader) {
    const mislabelled = `"${name}" is named like ${owner.title}, but its content is ${reader.title}; it was opened as ${reader.title}.`;
    return { reader, certainty, mislabelled };
  }
  return { reader, certainty };
}

/** Opens a file or a folder. Throws `io.read`, `input.unrecognised` or the reader's `input.*`. */
export async function openPath(path: string): Promise<Recording> {
  // Readers in threads of their own see another working directory, so they get the full path.
  const full = resolve(path);
  const name = basename(full) || full;
  const about = await stat(full).catch(() => null);
  return about?.isDirectory() ? openFolder(full, name) : openFile(full, name);
}

/** Opens bytes in memory, as if they were a file of that name. */
export async function openBytes(name: string, bytes: Uint8Array): Promise<Recording> {
  return openSources([memorySource(name, bytes)], name);
}

async function openFile(path: string, name: string): Promise<Recording> {
  const source = await fileSource(path);
  const partner = await partnerOf(path);
  return openSources(partner === null ? [source] : [source, partner], name);
}

/** NIfTI and Analyze pairs: header and image in two files of one stem. */
async function partnerOf(path: string): Promise<ByteSource | null> {
  const match = /\.(hdr|img)(\.gz)?$/i.exec(path);
  if (match === null) return null;
  const other = (match[1] as string).toLowerCase() === 'hdr' ? 'img' : 'hdr';
  const stem = path.slice(0, match.index);
  for (const ending of [`.${other}${match[2] ?? ''}`, `.${other}`, `.${other}.gz`]) {
    const found = await fileSource(stem + ending).catch(() => null);
    if (found !== null) return found;
  }
  return null;
}

/** Opens the sources as what the first of them is; they are closed where that fails. */
async function openSources(sources: readonly ByteSource[], name: string): Promise<Recording> {
  try {
    const first = sources[0] as ByteSource;
    const sniffed = await sniffSource(first, name);
    return await openWith(sniffed.reader, sources, name, sniffed.mislabelled === undefined ? [] : [sniffed.mislabelled]);
  } catch (error) {
    for (const source of sources) await source.close();
    throw toLacunaError(error).withFile(name);
  }
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
): Promise<Recording> {
  const bytes = sources.reduce((sum, source) => sum + source.size, 0);
  const identity = await identify(sources);
  const recording = await reader.open(sources, { id: identity.id, name, bytes });
  return { ...recording, ...identity, warnings: [...warnings, ...recording.warnings] };
}

/**
 * A folder is a DICOM series: every DICOM file in it and below is opened together, other files are passed over.
 * One without DICOM opens the only file in it that some reader knows.
 */
async function openFolder(path: string, name: string): Promise<Recording> {
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
  if (dicom.length === 0) return openOnly(others, name);
  if (others.length + passedOver > 0) warnings.push(`${others.length + passedOver} files of the folder are not DICOM and were passed over.`);
  return openWith(dicomReader, dicom, name, warnings);
}

async function openOnly(files: readonly string[], folder: string): Promise<Recording> {
  // The two halves of a NIfTI pair are one.
  const distinct = files.filter((file) => !(extname(file) === '.img' && files.includes(join(dirname(file), `${basename(file, '.img')}.hdr`))));
  const [only] = distinct;
  if (only !== undefined && distinct.length === 1) return openFile(only, basename(only));
  if (distinct.length === 0) {
    throw new LacunaError('input.unrecognised', `The folder "${folder}" holds no DICOM file and no other file that is read.`, { file: folder });
  }
  const names = distinct.slice(0, 5).map((file) => basename(file)).join(', ');
  throw new LacunaError('input.unsupported', `The folder "${folder}" holds no DICOM but ${distinct.length} files that open one by one: ${names}.`, { file: folder });
}

function hasExtension(reader: FormatReader, name: string): boolean {
  const lower = name.toLowerCase();
  return reader.extensions.some((extension) => lower.endsWith(extension));
}

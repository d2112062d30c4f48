/** One DICOM file with an image: header, pixel format, and its frames as numbers. */
import { ndArray, type NdArray, zeros } from '../../array/nd-array.ts';
import { LacunaError } from '../../errors.ts';
import type { ByteSource } from '../reader.ts';
import { decodeStream } from './codecs/decode.ts';
import type { Tags } from './data-set.ts';
import { type FrameExtent, findFrames } from './fragments.ts';
import { type Header, readHeader } from './header.ts';
import { type PixelFormat, readPixelFormat } from './pixel-format.ts';
import { refuseWithoutImage } from './sop-classes.ts';
import { TAG } from './tags.ts';
import type { TransferSyntax } from './transfer-syntax.ts';

export interface Instance {
  /** File name, for messages. */
  readonly name: string;
  readonly tags: Tags;
  readonly syntax: TransferSyntax;
  readonly format: PixelFormat;
  /** Stored values of frame `index` (0-based), before rescaling. Throws input.* errors naming the file. */
  readFrame(index: number): Promise<NdArray<'float32'>>;
}

/** Opens one file. Throws input.* errors naming it. Closing `source` is the caller's business. */
export async function openInstance(source: ByteSource): Promise<Instance> {
  return await named(source.name, async () => {
    const header = await readHeader(source);
    if (header.pixelData === undefined) refuseWithoutImage(header.tags);
    const format = readPixelFormat(header.tags);
    const extents = await frameExtents(header, format);
    return {
      name: source.name,
      tags: header.tags,
      syntax: header.syntax,
      format,
      readFrame: (index) => named(source.name, () => readFrame(header, format, extents(index))),
    };
  });
}

/** Where each frame's bytes lie, checked against what the file has. */
async function frameExtents(header: Header, format: PixelFormat): Promise<(index: number) => FrameExtent> {
  const { offset, length } = header.pixelData as NonNullable<Header['pixelData']>;
  if (header.syntax.codec !== 'native') {
    if (length !== null) throw malformed(`must be encapsulated under ${header.syntax.title}; a plain value of ${length} bytes was found`);
    const frames = await findFrames(header.source, offset, format.frames);
    return (index) => frames[index] as FrameExtent;
  }
  if (length === null) throw malformed(`must have a length under ${header.syntax.title}; it is of undefined length`);
  const expected = format.frames * format.frameBytes;
  const found = header.source.size - offset;
  if (found < Math.max(length, expected) || length < expected) {
    throw new LacunaError(
      'input.truncated',
      `The file ends within ${TAG.PixelData.label}: ${Math.max(length, expected)} bytes expected, ${Math.max(0, Math.min(found, length))} found.`,
      { field: TAG.PixelData.label },
    );
  }
  return (index) => [{ offset: offset + index * format.frameBytes, length: format.frameBytes }];
}

async function readFrame(header: Header, format: PixelFormat, extent: FrameExtent): Promise<NdArray<'float32'>> {
  const stream = await gather(header.source, extent);
  const { codec, littleEndian } = header.syntax;
  if (codec === 'native') return toNumbers(stream, format, littleEndian);
  const bytes = (format.bitsAllocated / 8) as 1 | 2 | 4;
  const samples = await decodeStream(codec, stream, { rows: format.rows, columns: format.columns, bytes });
  // The JPEG family codes the stored bits alone, so the sample starts at bit 0 whatever High Bit says (PS3.5 section 8.2).
  const coded = codec === 'rle' ? format : { ...format, highBit: format.bitsStored - 1 };
  return toNumbers(samples, coded, true);
}

async function gather(source: ByteSource, extent: FrameExtent): Promise<Uint8Array> {
  const total = extent.reduce((sum, piece) => sum + piece.length, 0);
  const out = new Uint8Array(total);
  let at = 0;
  for (const piece of extent) {
    const bytes = await source.read(piece.offset, piece.length);
    if (bytes.length < piece.length) {
      throw new LacunaError('io.read', `The file shrank while it was read: ${piece.length} bytes expected, ${bytes.length} found.`);
    }
    out.set(bytes, at);
    at += bytes.length;
  }
  return out;
}

/** Cuts the stored bits out of each cell and extends the sign (PS3.5 section 8.1.1). */
function toNumbers(bytes: Uint8Array, format: PixelFormat, littleEndian: boolean): NdArray<'float32'> {
  const { rows, columns, bitsAllocated, bitsStored, highBit, signed } = format;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const out = zeros('float32', [rows, columns]).data;
  const left = 31 - highBit;
  const right = 32 - bitsStored;
  for (let i = 0; i < out.length; i++) {
    const cell =
      bitsAllocated === 16
        ? view.getUint16(2 * i, littleEndian)
        : bitsAllocated === 8
          ? (bytes[i] as number)
          : view.getUint32(4 * i, littleEndian);
    const topped = cell << left;
    out[i] = signed ? topped >> right : topped >>> right;
  }
  return ndArray('float32', [rows, columns], out);
}

async function named<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof LacunaError) throw error.withFile(file);
    throw new LacunaError('input.malformed', 'The file cannot be read as DICOM.', { file, cause: error });
  }
}

const malformed = (what: string): LacunaError =>
  new LacunaError('input.malformed', `${TAG.PixelData.label} ${what}.`, { field: TAG.PixelData.label });

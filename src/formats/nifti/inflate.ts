/** Gunzip of a NIfTI file into memory, never beyond what its header declares. */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createGunzip, gunzipSync } from 'node:zlib';
import { LacunaError } from '../../errors.ts';
import type { ByteSource } from '../reader.ts';
import { HEADER_BYTES, parseHeader } from './header.ts';

const PIECE = 256 * 1024;
/** Bytes behind the voxels that are tolerated (padding some tools add). */
const SLACK = 64 * 1024;
/** Deflate cannot do better than 1032 to 1. */
const BEST_RATIO = 1032;
/** Beyond twice the file, this much may be held; a larger file must be unpacked first, since a plain .nii is read piecewise. */
const FREE_BYTES = 224 * 1024 * 1024;

export const isGzip = (head: Uint8Array): boolean => head[0] === 0x1f && head[1] === 0x8b;

/** The unpacked file as a source in memory. Throws input.truncated, input.malformed or input.too-large. Leaves `source` open. */
export async function inflated(source: ByteSource): Promise<ByteSource> {
  const bytes = await gunzip(source);
  return {
    name: source.name,
    size: bytes.length,
    read: (offset, length) => Promise.resolve(bytes.subarray(offset, offset + length)),
    close: () => source.close(),
  };
}

/** The unpacked start of a gzip file of which only the first bytes are at hand; empty where they are no gzip. */
export function inflatedHead(packed: Uint8Array): Uint8Array {
  try {
    return gunzipSync(packed, { finishFlush: constants.Z_SYNC_FLUSH });
  } catch {
    return new Uint8Array(0);
  }
}

async function gunzip(source: ByteSource): Promise<Uint8Array> {
  const sink = new Sink((head) => declaredSize(head, source.size));
  try {
    await run(Readable.from(pieces(source)), sink);
  } catch (cause) {
    if (cause instanceof LacunaError) throw cause;
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    if (code !== 'Z_BUF_ERROR') throw new LacunaError('input.malformed', 'The gzip stream is damaged.', { field: 'gzip stream', cause });
  }
  const missing = sink.declared - sink.filled;
  if (sink.declared === 0 || missing > 0) {
    const expected = sink.declared === 0 ? `a header of ${HEADER_BYTES[1]} bytes` : `${sink.declared} bytes`;
    throw new LacunaError('input.truncated', `The unpacked file ends early: ${expected} expected, ${sink.filled} found.`, {
      field: 'voxels',
    });
  }
  return sink.bytes();
}

function declaredSize(head: Uint8Array, packedSize: number): number {
  const header = parseHeader(head);
  if (!header.single)
    throw new LacunaError('input.unsupported', 'A packed .hdr/.img pair; unpack both files with gunzip first.', { field: 'magic' });
  const size = header.voxelOffset + header.voxelBytes;
  if (size > packedSize * BEST_RATIO) {
    throw new LacunaError('input.truncated', `The header declares ${size} bytes, which ${packedSize} packed bytes cannot hold.`, {
      field: 'dim',
    });
  }
  if (size > 2 * packedSize + FREE_BYTES) {
    const megabytes = Math.round(size / 2 ** 20);
    throw new LacunaError(
      'input.too-large',
      `${megabytes} MB unpacked; unpack the file with gunzip first, then it is read piece by piece.`,
      {
        field: 'dim',
      },
    );
  }
  return size;
}

/** Gathers output: the header first, then exactly as much as it declares. */
class Sink {
  readonly #declare: (head: Uint8Array) => number;
  #buffer = new Uint8Array(HEADER_BYTES[2]);
  filled = 0;
  /** 0 until the header is there. */
  declared = 0;
  #beyond = 0;

  constructor(declare: (head: Uint8Array) => number) {
    this.#declare = declare;
  }

  /** False: enough. Throws input.malformed where more comes than was declared. */
  take(chunk: Uint8Array): void {
    let rest = chunk;
    while (rest.length > 0) {
      if (this.declared === 0 && this.filled === this.#buffer.length) this.#grow();
      const room = this.#buffer.length - this.filled;
      if (room === 0) {
        this.#beyond += rest.length;
        if (this.#beyond > SLACK)
          throw new LacunaError('input.malformed', `The gzip stream unpacks to more than the ${this.declared} bytes declared.`, {
            field: 'gzip stream',
          });
        return;
      }
      const part = rest.subarray(0, room);
      this.#buffer.set(part, this.filled);
      this.filled += part.length;
      rest = rest.subarray(part.length);
    }
  }

  /** A file shorter than a NIfTI-2 header can still be a whole NIfTI-1 file. */
  finish(): void {
    if (this.declared === 0 && this.filled >= HEADER_BYTES[1]) this.#grow();
  }

  bytes(): Uint8Array {
    return this.#buffer.subarray(0, this.filled);
  }

  #grow(): void {
    const head = this.#buffer.subarray(0, this.filled);
    this.declared = this.#declare(head);
    const buffer = new Uint8Array(Math.max(this.declared, this.filled));
    buffer.set(head);
    this.#buffer = buffer;
  }
}

async function run(input: Readable, sink: Sink): Promise<void> {
  await pipeline(input, createGunzip({ chunkSize: PIECE }), async (chunks: AsyncIterable<Uint8Array>) => {
    for await (const chunk of chunks) sink.take(chunk);
  }).finally(() => sink.finish());
}

async function* pieces(source: ByteSource): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < source.size; at += PIECE) yield await source.read(at, Math.min(PIECE, source.size - at));
}

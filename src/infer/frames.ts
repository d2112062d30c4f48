/**
 * Length-prefixed frames on the socket between the infer process and its client.
 *
 *   bytes 0–3   magic 'LCN1'
 *   bytes 4–7   length of the JSON header, uint32 little endian
 *   bytes 8–15  length of the payload, uint64 little endian
 *   then the header (UTF-8) and the payload (raw little-endian arrays, each starting at a multiple of 8)
 */
import { LacunaError } from '../errors.ts';

const MAGIC = 0x314e434c; // 'LCN1', little endian
const PREFIX_BYTES = 16;
export const MAX_HEADER_BYTES = 2 ** 20;
/** Enough for 64 coils of 1024×1024 complex64 with their maps; a larger slice is refused before memory is taken. */
export const MAX_PAYLOAD_BYTES = 2 ** 30;

export interface Frame {
  readonly header: unknown;
  readonly payload: ArrayBuffer;
}

/** The chunks of one frame, in order. Payload parts are written as they are, without copying. */
export function encodeFrame(header: unknown, parts: readonly Uint8Array[]): Uint8Array[] {
  const json = Buffer.from(JSON.stringify(header), 'utf8');
  const payloadBytes = parts.reduce((sum, part) => sum + part.byteLength, 0);
  checkLengths(json.byteLength, payloadBytes);
  const prefix = Buffer.alloc(PREFIX_BYTES);
  prefix.writeUInt32LE(MAGIC, 0);
  prefix.writeUInt32LE(json.byteLength, 4);
  prefix.writeBigUInt64LE(BigInt(payloadBytes), 8);
  return [Buffer.concat([prefix, json]), ...parts];
}

/** Turns socket chunks back into frames. A violation throws `internal`: the connection cannot be used any more. */
export class FrameDecoder {
  readonly #maxPayloadBytes: number;
  #stage: 'prefix' | 'header' | 'payload' = 'prefix';
  #target = new Uint8Array(PREFIX_BYTES);
  #filled = 0;
  #header: unknown;
  #payloadBytes = 0;

  constructor(maxPayloadBytes: number = MAX_PAYLOAD_BYTES) {
    this.#maxPayloadBytes = maxPayloadBytes;
  }

  *push(chunk: Uint8Array): Generator<Frame> {
    let at = 0;
    for (;;) {
      const taken = Math.min(chunk.length - at, this.#target.length - this.#filled);
      this.#target.set(chunk.subarray(at, at + taken), this.#filled);
      this.#filled += taken;
      at += taken;
      if (this.#filled < this.#target.length) return;
      const frame = this.#advance();
      if (frame !== null) yield frame;
    }
  }

  /** The current stage is complete: go to the next one; a frame when that was the payload. */
  #advance(): Frame | null {
    if (this.#stage === 'prefix') {
      const prefix = Buffer.from(this.#target.buffer);
      if (prefix.readUInt32LE(0) !== MAGIC) throw new LacunaError('internal', 'infer socket: not a Lacuna frame');
      const headerBytes = prefix.readUInt32LE(4);
      this.#payloadBytes = Number(prefix.readBigUInt64LE(8));
      checkLengths(headerBytes, this.#payloadBytes, this.#maxPayloadBytes);
      this.#expect('header', headerBytes);
      return null;
    }
    if (this.#stage === 'header') {
      this.#header = parseHeader(this.#target);
      this.#expect('payload', this.#payloadBytes);
      return null;
    }
    const frame = { header: this.#header, payload: this.#target.buffer };
    this.#expect('prefix', PREFIX_BYTES);
    return frame;
  }

  #expect(stage: 'prefix' | 'header' | 'payload', length: number): void {
    this.#stage = stage;
    this.#target = new Uint8Array(length);
    this.#filled = 0;
  }
}

function parseHeader(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes.buffer).toString('utf8'));
  } catch (cause) {
    throw new LacunaError('internal', 'infer socket: the frame header is not JSON', { cause });
  }
}

function checkLengths(headerBytes: number, payloadBytes: number, maxPayloadBytes = MAX_PAYLOAD_BYTES): void {
  if (headerBytes < 2 || headerBytes > MAX_HEADER_BYTES) {
    throw new LacunaError('usage.too-large', `infer socket: a header of ${headerBytes} bytes; at most ${MAX_HEADER_BYTES} are taken`);
  }
  if (payloadBytes > maxPayloadBytes) {
    throw new LacunaError(
      'usage.too-large',
      `the arrays of one inference request take ${payloadBytes} bytes; at most ${maxPayloadBytes} are taken`,
    );
  }
}

/** RLE Lossless (PS3.5 annex G): PackBits segments, one a byte plane, most significant first. */
import { LacunaError } from '../../../errors.ts';
import { TAG } from '../tags.ts';
import type { Wanted } from './codestream.ts';

const HEADER_BYTES = 64;

/** Little-endian samples. Throws input.malformed where segments are missing, overlap the end or fall short. */
export function decodeRle(stream: Uint8Array, wanted: Wanted): Uint8Array {
  const pixels = wanted.rows * wanted.columns;
  const view = new DataView(stream.buffer, stream.byteOffset, stream.byteLength);
  if (stream.length < HEADER_BYTES) throw malformed(`an RLE header takes ${HEADER_BYTES} bytes, ${stream.length} found`);
  const segments = view.getUint32(0, true);
  if (segments !== wanted.bytes) throw malformed(`expected ${wanted.bytes} RLE segments, found ${segments}`);
  const out = new Uint8Array(pixels * wanted.bytes);
  for (let s = 0; s < segments; s++) {
    const start = view.getUint32(4 + 4 * s, true);
    const end = s + 1 < segments ? view.getUint32(8 + 4 * s, true) : stream.length;
    if (start < HEADER_BYTES || end < start || end > stream.length) throw malformed(`RLE segment ${s + 1} lies outside the frame`);
    const plane = wanted.bytes - 1 - s;
    const written = unpack(stream.subarray(start, end), out, plane, wanted.bytes, pixels);
    if (written < pixels) throw malformed(`RLE segment ${s + 1} ends after ${written} of ${pixels} bytes`);
  }
  return out;
}

/** PackBits into every `stride`-th byte of `out` from `first`; returns how many of `count` were written. */
function unpack(segment: Uint8Array, out: Uint8Array, first: number, stride: number, count: number): number {
  let written = 0;
  for (let i = 0; i < segment.length && written < count; ) {
    const n = ((segment[i++] as number) << 24) >> 24;
    if (n === -128) continue;
    if (n >= 0) {
      for (let k = 0; k <= n && i < segment.length && written < count; k++) out[first + stride * written++] = segment[i++] as number;
    } else if (i < segment.length) {
      const value = segment[i++] as number;
      for (let k = 0; k <= -n && written < count; k++) out[first + stride * written++] = value;
    }
  }
  return written;
}

const malformed = (what: string): LacunaError =>
  new LacunaError('input.malformed', `${TAG.PixelData.label}: ${what}.`, { field: TAG.PixelData.label });

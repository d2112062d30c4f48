/** What a compressed stream says about itself, read before a coder may take memory for it. */
import { LacunaError } from '../../../errors.ts';
import { TAG } from '../tags.ts';

export interface Codestream {
  readonly rows: number;
  readonly columns: number;
  readonly components: number;
  /** Bits of a sample. */
  readonly precision: number;
}

/** What a coder must deliver: one component of that size, in `bytes` bytes a sample. */
export interface Wanted {
  readonly rows: number;
  readonly columns: number;
  readonly bytes: 1 | 2 | 4;
}

/** Throws input.mismatch unless the stream holds what the data set promises. */
export function checkCodestream(stream: Codestream, wanted: Wanted, name: string): void {
  const right =
    stream.rows === wanted.rows &&
    stream.columns === wanted.columns &&
    stream.components === 1 &&
    stream.precision >= 2 &&
    stream.precision <= Math.min(16, wanted.bytes * 8);
  if (right) return;
  throw new LacunaError(
    'input.mismatch',
    `${TAG.PixelData.label}: the ${name} stream holds ${stream.rows}×${stream.columns}, ${stream.components} components, ` +
      `${stream.precision} bits; the data set promises ${wanted.rows}×${wanted.columns}, 1 component, up to ${wanted.bytes * 8} bits.`,
    { field: TAG.PixelData.label },
  );
}

export function damaged(name: string, cause: unknown): LacunaError {
  return new LacunaError('input.malformed', `${TAG.PixelData.label}: the ${name} stream is damaged.`, {
    field: TAG.PixelData.label,
    cause,
  });
}

/**
 * Frame header of a JPEG family stream (ITU-T T.81 B.2.2, T.87 C.2.2): SOF0–SOF15 or SOF55, and its process number.
 * Throws input.malformed where there is none.
 */
export function jpegFrameHeader(bytes: Uint8Array, name: string): Codestream & { readonly process: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 4 || view.getUint16(0) !== 0xffd8) throw damaged(name, new Error('no start of image'));
  for (let at = 2; at + 10 <= bytes.length; ) {
    if (bytes[at] !== 0xff) throw damaged(name, new Error(`no marker at byte ${at}`));
    const marker = bytes[at + 1] as number;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (isFrameHeader(marker)) {
      return {
        process: marker - 0xc0,
        precision: bytes[at + 4] as number,
        rows: view.getUint16(at + 5),
        columns: view.getUint16(at + 7),
        components: bytes[at + 9] as number,
      };
    }
    if (marker === 0xda || marker === 0xd9) break;
    at += 2 + Math.max(2, view.getUint16(at + 2));
  }
  throw damaged(name, new Error('no frame header'));
}

/**
 * Throws input.truncated unless the stream closes with its end marker (EOI of JPEG, EOC of JPEG 2000: both FFD9), zero
 * padding aside. For the coders that fill in what is missing instead of complaining.
 */
export function requireEnd(stream: Uint8Array, name: string): void {
  let last = stream.length - 1;
  while (last > 0 && stream[last] === 0) last--;
  if (stream[last - 1] === 0xff && stream[last] === 0xd9) return;
  throw new LacunaError(
    'input.truncated',
    `${TAG.PixelData.label}: the ${name} stream of ${stream.length} bytes ends before its end marker.`,
    {
      field: TAG.PixelData.label,
    },
  );
}

/** SOF0–SOF15 without DHT (C4), JPG (C8) and DAC (CC); SOF55 (F7) is JPEG-LS. */
function isFrameHeader(marker: number): boolean {
  return marker === 0xf7 || (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc);
}

export interface Jpeg2000Size extends Codestream {
  readonly tiles: number;
}

/** SIZ of a JPEG 2000 codestream (ITU-T T.800 A.5.1), bare or inside a JP2 file. */
export function jpeg2000Size(bytes: Uint8Array): Jpeg2000Size {
  const at = findSiz(bytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const u32 = (offset: number): number => view.getUint32(at + offset);
  if (at < 0 || at + 43 > bytes.length) throw damaged('JPEG 2000', new Error('no SIZ marker'));
  const tileWidth = u32(22);
  const tileHeight = u32(26);
  if (tileWidth === 0 || tileHeight === 0) throw damaged('JPEG 2000', new Error('tiles of no size'));
  return {
    columns: u32(6) - u32(14),
    rows: u32(10) - u32(18),
    components: view.getUint16(at + 38),
    precision: ((bytes[at + 40] as number) & 0x7f) + 1,
    tiles: Math.ceil((u32(6) - u32(30)) / tileWidth) * Math.ceil((u32(10) - u32(34)) / tileHeight),
  };
}

/** Byte of the SIZ marker, which follows SOC at once; -1 where there is none. */
function findSiz(bytes: Uint8Array): number {
  const last = Math.min(bytes.length - 4, 4096);
  for (let i = 0; i <= last; i++) {
    if (bytes[i] === 0xff && bytes[i + 1] === 0x4f && bytes[i + 2] === 0xff && bytes[i + 3] === 0x51) return i + 2;
  }
  return -1;
}

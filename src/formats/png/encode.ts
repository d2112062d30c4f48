/**
 * Greyscale PNG, 8 or 16 bit, with text chunks. Source: W3C Portable Network Graphics (third edition), sections 5, 7, 9, 11.
 * Equal input gives equal bytes: no time chunk, fixed filter, one DEFLATE implementation.
 */
import { zlibSync } from 'fflate';

export interface GreyImage {
  readonly rows: number;
  readonly columns: number;
  readonly depth: 8 | 16;
  /** 0 … 2^depth − 1, C order. */
  readonly levels: Uint8Array | Uint16Array;
}

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/** `text`: keyword (Latin-1, up to 79 characters) to value. */
export function encodePng(image: GreyImage, text: Readonly<Record<string, string>>): Uint8Array {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, image.columns);
  view.setUint32(4, image.rows);
  header.set([image.depth, 0, 0, 0, 0], 8);
  const chunks = [
    SIGNATURE,
    chunk('IHDR', header),
    ...Object.entries(text).map(([keyword, value]) => textChunk(keyword, value)),
    chunk('IDAT', zlibSync(filtered(image), { level: 6 })),
    chunk('IEND', new Uint8Array(0)),
  ];
  return concat(chunks);
}

/** Scan lines under filter 2 (Up): each byte minus the one above, section 9.2; smooth images shrink well under it. */
function filtered({ rows, columns, depth, levels }: GreyImage): Uint8Array {
  const stride = columns * (depth / 8);
  const out = new Uint8Array(rows * (stride + 1));
  let above = new Uint8Array(stride);
  for (let r = 0; r < rows; r++) {
    const line = new Uint8Array(stride);
    const view = new DataView(line.buffer);
    for (let c = 0; c < columns; c++) {
      const level = levels[r * columns + c] as number;
      if (depth === 16) view.setUint16(2 * c, level);
      else line[c] = level;
    }
    const at = r * (stride + 1);
    out[at] = 2;
    for (let i = 0; i < stride; i++) out[at + 1 + i] = (line[i] as number) - (above[i] as number);
    above = line;
  }
  return out;
}

/** tEXt where Latin-1 holds the value, else iTXt in UTF-8 (section 11.3.3). */
function textChunk(keyword: string, value: string): Uint8Array {
  const key = latin1(keyword.slice(0, 79));
  if (/^[\n\x20-\x7e\xa1-\xff]*$/.test(value)) return chunk('tEXt', concat([key, Uint8Array.of(0), latin1(value)]));
  return chunk('iTXt', concat([key, Uint8Array.of(0, 0, 0, 0, 0), new TextEncoder().encode(value)]));
}

function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0) & 0xff);
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const out = new Uint8Array(12 + data.length);
  const view = new DataView(out.buffer);
  view.setUint32(0, data.length);
  out.set(latin1(type), 4);
  out.set(data, 8);
  view.setUint32(8 + data.length, crc32(out.subarray(4, 8 + data.length)));
  return out;
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** Annex D: polynomial 0xEDB88320, reflected. */
const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c;
});

function crc32(bytes: Uint8Array): number {
  let c = 0xffffffff;
  for (const byte of bytes) c = (CRC_TABLE[(c ^ byte) & 0xff] as number) ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { memorySource } from '../../../src/formats/byte-source.ts';
import { decoderFor } from '../../../src/formats/dicom/charset.ts';
import { jpeg2000Size, jpegFrameHeader } from '../../../src/formats/dicom/codecs/codestream.ts';
import { decodeRle } from '../../../src/formats/dicom/codecs/rle.ts';
import { readCsa } from '../../../src/formats/dicom/csa.ts';
import { dicomReader } from '../../../src/formats/dicom/read.ts';
import { sniff } from '../../../src/formats/dicom/sniff.ts';

const fixture = (name: string): Uint8Array => new Uint8Array(readFileSync(join(import.meta.dirname, '../../fixtures/dicom', name)));

describe('RLE (PS3.5 annex G)', () => {
  /** Header of `segments` offsets, then the segments. */
  function stream(...segments: number[][]): Uint8Array {
    const out = new Uint8Array(64 + segments.flat().length);
    const view = new DataView(out.buffer);
    view.setUint32(0, segments.length, true);
    let at = 64;
    for (const [i, segment] of segments.entries()) {
      view.setUint32(4 + 4 * i, at, true);
      out.set(segment, at);
      at += segment.length;
    }
    return out;
  }
  const wanted = { rows: 1, columns: 6, bytes: 2 } as const;

  test('literal and replicate runs, no-operation bytes, high plane first', () => {
    // High bytes: 1 ×6; low bytes: 10, 11, 12 literally, then 7 ×3.
    const out = decodeRle(stream([256 - 5, 1], [2, 10, 11, 12, 128, 256 - 2, 7]), wanted);
    expect(Array.from(new Uint16Array(out.buffer))).toEqual([266, 267, 268, 263, 263, 263]);
  });

  test.each([
    ['no header', new Uint8Array(10)],
    ['one segment for two planes', stream([256 - 5, 1])],
    ['a segment that ends early', stream([256 - 5, 1], [256 - 3, 1])],
  ])('%s', (_, bytes) => {
    expect(() => decodeRle(bytes, wanted)).toThrow(expect.objectContaining({ code: 'input.malformed', field: '(7FE0,0010) Pixel Data' }));
  });
});

test('codestream headers of the fixtures', () => {
  const body = (name: string, marker: number[]): Uint8Array =>
    fixture(name).subarray(Buffer.from(fixture(name)).indexOf(Buffer.from(marker)));
  const size = { rows: 36, columns: 32, components: 1 };
  expect(jpegFrameHeader(body('jpeg-ls.dcm', [0xff, 0xd8, 0xff]), 'x')).toMatchObject({ ...size, process: 55 });
  expect(jpegFrameHeader(body('jpeg-lossless-70.dcm', [0xff, 0xd8, 0xff]), 'x')).toMatchObject({ ...size, process: 3 });
  expect(jpegFrameHeader(body('jpeg-baseline.dcm', [0xff, 0xd8, 0xff]), 'x')).toMatchObject({
    rows: 16,
    columns: 16,
    precision: 8,
    process: 0,
  });
  expect(jpeg2000Size(body('jpeg-2000.dcm', [0xff, 0x4f, 0xff, 0x51]))).toMatchObject({ ...size, tiles: 1 });
});

test('a compressed stream that is cut is refused, not filled in', async () => {
  for (const [name, start] of [
    ['jpeg-lossless-57', 0xd8],
    ['jpeg-lossless-70', 0xd8],
    ['jpeg-2000', 0x4f],
    ['jpeg-ls', 0xd8],
  ] as const) {
    const bytes = fixture(`${name}.dcm`);
    const from = Buffer.from(bytes).indexOf(Buffer.from([0xff, start, 0xff]));
    // The container stays whole: the second half of the stream becomes padding.
    const middle = Math.floor((from + bytes.length) / 2);
    const end = Buffer.from(bytes).lastIndexOf(Buffer.from([0xfe, 0xff, 0xdd, 0xe0]));
    bytes.fill(0, middle, end < middle ? bytes.length : end);
    const recording = await dicomReader.open([memorySource('a.dcm', bytes)], { id: '', name: 'a.dcm', bytes: bytes.length });
    const code = expect.stringMatching(/^input\.(truncated|malformed)$/);
    await expect(recording.series[0]?.read(0), name).rejects.toMatchObject({ code, file: 'a.dcm', field: '(7FE0,0010) Pixel Data' });
  }
});

test('sniffing: content first, the name only as a hint', () => {
  const head = fixture('explicit.dcm').subarray(0, 512);
  const text = new TextEncoder().encode('nothing of the kind, but long enough to be read');
  expect(sniff(head, 'holiday.jpg')).toBe('certain');
  expect(sniff(fixture('bare-implicit.dcm').subarray(0, 512), 'IM000001')).toBe('possible');
  expect(sniff(fixture('bare-implicit.dcm').subarray(0, 512), 'a.dcm')).toBe('certain');
  expect(sniff(text, 'a.dcm')).toBe('possible');
  expect(sniff(text, 'a.txt')).toBe('no');
  expect(sniff(new Uint8Array(0), 'a')).toBe('no');
});

test('character sets (PS3.3 C.12.1.1.2)', () => {
  expect(decoderFor(['ISO_IR 100'])(Uint8Array.of(0x50, 0x68, 0xe4))).toBe('Phä');
  expect(decoderFor(['ISO_IR 192'])(new TextEncoder().encode('Φ'))).toBe('Φ');
  expect(decoderFor(['', 'ISO 2022 IR 87'])(Uint8Array.of(0x1b, 0x24, 0x42, 0x3b, 0x33, 0x1b, 0x28, 0x42))).toBe('山');
  expect(decoderFor([])(Uint8Array.of(0xe4))).toBe('ä');
});

test('the Siemens CSA header gives the wanted values, and nothing where it is cut', () => {
  const bytes = fixture('mosaic.dcm');
  const csa = bytes.subarray(Buffer.from(bytes).indexOf('SV10'));
  const wanted = new Set(['NumberOfImagesInMosaic', 'SliceNormalVector']);
  expect(Object.fromEntries(readCsa(csa, wanted))).toEqual({ NumberOfImagesInMosaic: ['5'], SliceNormalVector: ['0', '0', '-1'] });
  expect(readCsa(csa.subarray(0, 90), wanted).size).toBe(0);
  expect(readCsa(new Uint8Array(3), wanted).size).toBe(0);
});

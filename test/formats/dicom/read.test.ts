import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Series } from '../../../src/array/recording.ts';
import { memorySource } from '../../../src/formats/byte-source.ts';
import { dicomReader } from '../../../src/formats/dicom/read.ts';
import type { ReadRecording } from '../../../src/formats/reader.ts';

/** Made by test/fixtures/scripts/dicom_fixtures.py. */
const fixture = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(join(import.meta.dirname, '../../fixtures/dicom', `${name}.dcm`)));
const open = (name: string, ...files: Uint8Array[]): Promise<ReadRecording> =>
  dicomReader.open(
    files.map((bytes, i) => memorySource(files.length === 1 ? name : `${i}.dcm`, bytes)),
    { id: 'ab', name, bytes: 1 },
  );
const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'no error',
    (error) => error,
  );

const ROWS = 36;
const COLUMNS = 32;
const ramp = Float32Array.from({ length: ROWS * COLUMNS }, (_, i) => (37 * Math.floor(i / COLUMNS) + 101 * (i % COLUMNS)) % 4096);

const LOSSLESS = [
  'explicit',
  'implicit',
  'big-endian',
  'deflated',
  'rle',
  'jpeg-lossless-57',
  'jpeg-lossless-70',
  'jpeg-ls',
  'jpeg-2000',
  'bare-meta',
  'bare-implicit',
];

test.each(LOSSLESS)('%s: the same pixels', async (name) => {
  const bytes = fixture(name);
  expect(dicomReader.sniff(bytes.subarray(0, 512), `${name}.dcm`)).toBe('certain');
  const recording = await open(`${name}.dcm`, bytes);
  const [series] = recording.series;
  expect(recording.series).toHaveLength(1);
  const image = await series?.read(0);
  expect(image?.shape).toEqual([ROWS, COLUMNS]);
  expect(image?.data).toEqual(ramp);
  expect(series?.geometry).toEqual({
    rowDirection: [1, 0, 0],
    columnDirection: [0, 1, 0],
    rowSpacing: 2,
    columnSpacing: 1.5,
    sliceThickness: 3,
    positions: [[-10, -20, 0]],
  });
  expect(series?.title).toBe('Synthetic');
  expect(series?.attributes).toContainEqual({ label: 'Field strength', value: '3 T' });
  expect(series?.attributes).toContainEqual({ label: 'Echo time', value: '12.5 ms' });
  expect(series?.identity?.['00100010']).toEqual({ vr: 'PN', Value: [{ Alphabetic: 'Phäntom^Test' }] });
  await recording.close();
  expect(await failure(series?.read(0) as Promise<unknown>)).toMatchObject({ code: 'io.read' });
});

test('JPEG baseline: within the loss of quality 95, and marked lossy', async () => {
  const { series } = await open('j.dcm', fixture('jpeg-baseline'));
  const { data } = (await (series[0] as Series).read(0)) as { data: Float32Array };
  const worst = data.reduce((most, v, i) => Math.max(most, Math.abs(v - (8 * Math.floor(i / 16) + 7 * (i % 16)))), 0);
  expect(worst).toBeLessThanOrEqual(3);
  expect(series[0]?.identity?.['00282110']).toEqual({ vr: 'CS', Value: ['01'] });
});

test('signed 12 bits at the top of the cell, MONOCHROME1, slope and intercept', async () => {
  const { series, warnings } = await open('r.dcm', fixture('rescaled'));
  const { data } = (await (series[0] as Series).read(0)) as { data: Float32Array };
  expect(data).toEqual(ramp.map((v) => 0.5 * ((v % 1000) - 500) + 10));
  expect(series[0]?.window).toEqual({ centre: 30, width: 100 });
  expect(warnings).toEqual(['MONOCHROME1: low values are meant to be shown bright; values are kept as they are.']);
});

test('enhanced multi-frame: one series per echo and component, slices in order of position', async () => {
  const { series } = await open('e.dcm', fixture('enhanced'));
  expect(series.map((s) => s.title)).toEqual([
    'Synthetic · magnitude · TE 2.3 ms',
    'Synthetic · magnitude · TE 4.6 ms',
    'Synthetic · phase · TE 2.3 ms',
    'Synthetic · phase · TE 4.6 ms',
  ]);
  for (const [i, s] of series.entries()) {
    expect(s.axes.map((a) => [a.name, a.length])).toEqual([
      ['slice', 3],
      ['row', 4],
      ['column', 6],
    ]);
    expect(s.geometry?.positions).toEqual([
      [0, 0, 0],
      [0, 0, 4],
      [0, 0, 8],
    ]);
    for (let slice = 0; slice < 3; slice++) {
      const [phase, echo] = [i >> 1, i & 1];
      const stored = 1000 * phase + 100 * echo + 10 * slice;
      // Philips: milliradians.
      const expected = phase === 1 ? (2 * stored - 3000) * 1e-3 : stored;
      expect((await s.read(slice)).data[0]).toBeCloseTo(expected, 6);
    }
  }
});

test('Siemens mosaic: tiles, corrected corner, slices along the normal', async () => {
  const { series } = await open('m.dcm', fixture('mosaic'));
  const [s] = series;
  expect(s?.axes.map((a) => [a.name, a.length, a.spacing])).toEqual([
    ['slice', 5, 5],
    ['row', 4, 2],
    ['column', 6, 1.5],
  ]);
  // The mosaic is 18 × 12 of 1.5 × 2 mm; a tile 6 × 4: its corner lies 9 and 8 mm inwards. The stated normal is −z.
  expect(s?.geometry?.positions).toEqual([-20, -15, -10, -5, 0].map((z) => [-1, -12, z]));
  for (let i = 0; i < 5; i++) {
    expect((await s?.read(i))?.data).toEqual(Float32Array.from({ length: 24 }, (_, v) => 100 * (5 - i) + v));
  }
});

/** The explicit fixture with another text value of the same length. */
function edited(bytes: Uint8Array, from: string, to: string): Uint8Array {
  expect(to.length).toBe(from.length);
  const text = Buffer.from(bytes);
  const at = text.indexOf(from, 0, 'latin1');
  expect(at).toBeGreaterThan(0);
  const out = bytes.slice();
  out.set(Buffer.from(to, 'latin1'), at);
  return out;
}

describe('folders', () => {
  const uidOf = (name: string): string => /2\.25\.1234567890\.\d{7,}/.exec(Buffer.from(fixture(name)).toString('latin1'))?.[0] as string;

  /** The SOP instance UID stands in the file meta group too; the data set's counts. */
  function withUid(bytes: Uint8Array, uid: string): Uint8Array {
    const out = bytes.slice();
    const text = Buffer.from(bytes).toString('latin1');
    for (let at = text.indexOf(uidOf('explicit')); at >= 0; at = text.indexOf(uidOf('explicit'), at + 1)) {
      out.set(Buffer.from(uid, 'latin1'), at + uidOf('explicit').length - 2);
    }
    return out;
  }
  const at = (z: string, uid: string): Uint8Array => withUid(edited(fixture('explicit'), '\\-20\\0.0', `\\-20\\${z}`), uid);

  test('slices are sorted along the normal; a gap is told', async () => {
    const { series, warnings } = await open('folder', at('9.0', '04'), at('0.0', '01'), at('3.0', '02'), at('6.0', '03'), at('18.', '05'));
    expect(series).toHaveLength(1);
    expect(series[0]?.geometry?.positions.map((p) => p[2])).toEqual([0, 3, 6, 9, 18]);
    expect(warnings).toEqual(['Slices seem to be missing: 2 after slice 4 (step 3.00 mm).']);
    expect(series[0]?.sources).toHaveLength(5);
  });

  test('the same object twice counts once; another one at the same place is a second volume or left out', async () => {
    const copies = await open('folder', at('0.0', '01'), at('3.0', '02'), at('3.0', '02'));
    expect(copies.series[0]?.slices).toBe(2);
    expect(copies.warnings).toEqual(['1 image is there twice (same SOP Instance UID); the copies are left out.']);
    const volumes = await open('folder', at('0.0', '01'), at('3.0', '02'), at('0.0', '03'), at('3.0', '04'));
    expect(volumes.series[0]?.axes.map((a) => [a.name, a.length]).slice(0, 2)).toEqual([
      ['volume', 2],
      ['slice', 2],
    ]);
    const uneven = await open('folder', at('0.0', '01'), at('3.0', '02'), at('3.0', '03'));
    expect(uneven.series[0]?.slices).toBe(2);
    expect(uneven.warnings).toEqual(['1 image lies at the same position as another and do not make up a whole volume; left out.']);
  });

  test('objects without image are passed over, unless there is nothing else', async () => {
    const mixed = await open('folder', fixture('rtstruct'), fixture('explicit'));
    expect(mixed.series).toHaveLength(1);
    expect(mixed.warnings[0]).toContain('0.dcm is left out: Holds no image: it is an RT structure set');
    expect(await failure(open('folder', fixture('rtstruct'), fixture('rtstruct')))).toMatchObject({
      code: 'input.unsupported',
      field: '(7FE0,0010) Pixel Data',
    });
  });

  test('several series stay apart, in order of their numbers', async () => {
    const { series } = await open('folder', fixture('enhanced'), fixture('explicit'));
    expect(series).toHaveLength(5);
  });
});

describe('refusals name file and field', () => {
  const whole = fixture('explicit');
  const cases: [string, Uint8Array, object][] = [
    [
      'cut in the pixels',
      whole.slice(0, whole.length - 62),
      { code: 'input.truncated', field: '(7FE0,0010) Pixel Data', message: expect.stringContaining('2304 bytes expected, 2242 found') },
    ],
    ['cut in the header', whole.slice(0, 400), { code: 'input.truncated' }],
    ['cut in the file meta group', whole.slice(0, 140), { code: 'input.truncated' }],
    [
      'colour',
      fixture('colour'),
      { code: 'input.unsupported', field: '(0028,0004) Photometric Interpretation', message: expect.stringContaining('RGB') },
    ],
    ['no image', fixture('rtstruct'), { code: 'input.unsupported', message: expect.stringContaining('RT structure set') }],
    ['no DICOM', new TextEncoder().encode('Hello, this is a text file and no image at all.'), { code: 'input.unrecognised' }],
    ['empty', new Uint8Array(0), { code: 'input.unrecognised' }],
    [
      'unknown transfer syntax',
      edited(whole, '1.2.840.10008.1.2.1\0', '1.2.840.10008.1.2.7\0'),
      { code: 'input.unsupported', field: '(0002,0010) Transfer Syntax UID' },
    ],
    ['zero rows', withUint16(whole, [0x28, 0x00, 0x10, 0x00], 0), { code: 'input.malformed', field: '(0028,0010) Rows' }],
    [
      'rows beyond the file',
      withUint16(whole, [0x28, 0x00, 0x10, 0x00], 4000),
      { code: 'input.truncated', field: '(7FE0,0010) Pixel Data' },
    ],
    [
      '65535 rows and columns',
      withUint16(withUint16(whole, [0x28, 0x00, 0x10, 0x00], 65535), [0x28, 0x00, 0x11, 0x00], 65535),
      { code: 'input.too-large' },
    ],
  ];
  test.each(cases)('%s', async (_, bytes, expected) => {
    expect(await failure(open('bad.dcm', bytes))).toMatchObject({ file: 'bad.dcm', ...expected });
  });

  test('a codestream of another size than the data set promises', async () => {
    const jpeg = withUint16(withUint16(fixture('jpeg-ls'), [0x28, 0x00, 0x10, 0x00], 32), [0x28, 0x00, 0x11, 0x00], 36);
    const { series } = await open('bad.dcm', jpeg);
    expect(await failure(series[0]?.read(0) as Promise<unknown>)).toMatchObject({
      code: 'input.mismatch',
      file: 'bad.dcm',
      field: '(7FE0,0010) Pixel Data',
    });
  });

  /** Sets the value of a two-byte element of an explicit little-endian file. */
  function withUint16(bytes: Uint8Array, tag: readonly number[], value: number): Uint8Array {
    const at = Buffer.from(bytes).indexOf(Buffer.from([...tag, 0x55, 0x53, 2, 0]));
    expect(at).toBeGreaterThan(0);
    const out = bytes.slice();
    new DataView(out.buffer).setUint16(at + 8, value, true);
    return out;
  }
});

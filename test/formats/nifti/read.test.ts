import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { Series } from '../../../src/array/recording.ts';
import { memorySource } from '../../../src/formats/byte-source.ts';
import { niftiReader } from '../../../src/formats/nifti/read.ts';
import type { ReadRecording } from '../../../src/formats/reader.ts';
import { expectClose } from '../../support/close-to.ts';
import { seeded } from '../../support/mutate.ts';

/** Made by test/fixtures/scripts/nifti_fixtures.py. */
const fixture = (name: string): Uint8Array => new Uint8Array(readFileSync(join(import.meta.dirname, '../../fixtures/nifti', name)));
const open = (name: string, ...files: [string, Uint8Array][]): Promise<ReadRecording> =>
  niftiReader.open(
    files.map(([n, bytes]) => memorySource(n, bytes)),
    { id: 'ab', name, bytes: 1 },
  );
const openOne = (name: string, bytes = fixture(name)): Promise<ReadRecording> => open(name, [name, bytes]);
const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'no error',
    (error) => error,
  );
const only = ({ series }: ReadRecording): Series => series[0] as Series;

const [NI, NJ, NK] = [6, 5, 4];
const value = (i: number, j: number, k: number, t = 0): number => 1 + i + 10 * j + 100 * k + 1000 * t;
/** What the RAS+ fixture shows: rows from anterior (large j), columns from the patient's right (large i). */
const shown = (k: number, of: (i: number, j: number) => number): number[] =>
  Array.from({ length: NI * NJ }, (_, n) => of(NI - 1 - (n % NI), NJ - 1 - Math.floor(n / NI)) + 0 * k);

test.each(['int16', 'int32', 'float32', 'float64', 'uint16', 'uint32', 'int64', 'uint64', 'big-endian', 'nifti2'])('%s', async (name) => {
  const bytes = fixture(`${name}.nii`);
  expect(niftiReader.sniff(bytes.subarray(0, 512), 'x')).toBe('certain');
  const series = only(await openOne(`${name}.nii`));
  expect(series.axes.map((a) => [a.name, a.length, a.spacing])).toEqual([
    ['slice', NK, 4],
    ['row', NJ, 3],
    ['column', NI, 2],
  ]);
  for (let k = 0; k < NK; k++) {
    expect(Array.from((await series.read(k)).data)).toEqual(shown(k, (i, j) => value(i, j, k)));
  }
  // RAS (−11, −22, −33) + (2·5, 3·4, 0): the corner at right and anterior, in LPS.
  expect(series.geometry?.positions[0]).toEqual([1, 10, -33]);
  expect(series.geometry?.positions[3]).toEqual([1, 10, -21]);
  expect(series.geometry?.rowDirection).toEqual([1, 0, 0]);
  expect(series.geometry?.columnDirection).toEqual([0, 1, 0]);
});

test.each([
  ['uint8.nii', 0],
  ['int8.nii', -60],
] as const)('%s', async (name, offset) => {
  const series = only(await openOne(name));
  expect(Array.from((await series.read(2)).data)).toEqual(shown(2, (i, j) => i + 6 * j + 60 + offset));
});

test.each(['complex64.nii', 'complex128.nii'])('%s', async (name) => {
  const series = only(await openOne(name));
  expect(series.dtype).toBe('complex64');
  const { data } = await series.read(1);
  const expected = shown(1, (i, j) => value(i, j, 1)).flatMap((v) => [v, -2 * v]);
  expect(Array.from(data)).toEqual(expected);
});

test('scaling and display range', async () => {
  const series = only(await openOne('scaled.nii'));
  expect(Array.from((await series.read(3)).data)).toEqual(shown(3, (i, j) => 0.5 * value(i, j, 3) - 3));
  expect(series.window).toEqual({ centre: 60, width: 100 });
});

test('packed, with three volumes', async () => {
  expect(niftiReader.sniff(fixture('series.nii.gz').subarray(0, 512), 'x')).toBe('certain');
  const series = only(await openOne('series.nii.gz'));
  expect(series.axes.map((a) => [a.name, a.length]).slice(0, 2)).toEqual([
    ['volume', 3],
    ['slice', NK],
  ]);
  expect(series.slices).toBe(12);
  expect(Array.from((await series.read(2 * NK + 1)).data)).toEqual(shown(1, (i, j) => value(i, j, 1, 2)));
});

test('a .hdr/.img pair, in either order; the header alone says what it wants', async () => {
  const hdr: [string, Uint8Array] = ['pair.hdr', fixture('pair.hdr')];
  const img: [string, Uint8Array] = ['pair.img', fixture('pair.img')];
  for (const files of [
    [hdr, img],
    [img, hdr],
  ]) {
    const series = only(await open('pair', ...files));
    expect(Array.from((await series.read(0)).data)).toEqual(shown(0, (i, j) => value(i, j, 0)));
  }
  expect(await failure(open('pair.hdr', hdr))).toMatchObject({
    code: 'input.unsupported',
    file: 'pair.hdr',
    message: expect.stringContaining('.img'),
  });
});

/** LPS place of a shown voxel. */
function place(series: Series, s: number, r: number, c: number): number[] {
  const g = series.geometry as NonNullable<Series['geometry']>;
  return [0, 1, 2].map(
    (d) => (g.positions[s]?.[d] ?? 0) + c * g.columnSpacing * (g.rowDirection[d] ?? 0) + r * g.rowSpacing * (g.columnDirection[d] ?? 0),
  );
}

describe('orientation: each value stays where the affine puts it', () => {
  const angle = (20 * Math.PI) / 180;
  const AFFINES: Record<string, number[][]> = {
    'int16.nii': [
      [2, 0, 0, -11],
      [0, 3, 0, -22],
      [0, 0, 4, -33],
    ],
    'coronal-lia.nii': [
      [-2, 0, 0, 1],
      [0, 0, 3, 2],
      [0, -4, 0, 3],
    ],
    'sagittal.nii': [
      [0, 0, 2, 1],
      [3, 0, 0, 2],
      [0, 4, 0, 3],
    ],
    'qform-left-handed.nii': [
      [2 * Math.cos(angle), -3 * Math.sin(angle), 0, 5],
      [2 * Math.sin(angle), 3 * Math.cos(angle), 0, 6],
      [0, 0, -4, 7],
    ],
  };
  test.each(Object.entries(AFFINES))('%s', async (name, affine) => {
    const series = only(await openOne(name));
    for (let s = 0; s < series.slices; s++) {
      const { data } = await series.read(s);
      for (let r = 0; r < series.rows; r++) {
        for (let c = 0; c < series.columns; c++) {
          const v = (data[r * series.columns + c] as number) - 1;
          const voxel = [v % 10, Math.floor(v / 10) % 10, Math.floor(v / 100), 1];
          const ras = affine.map((row) => row.reduce((sum, a, n) => sum + a * (voxel[n] as number), 0));
          const lps = [-(ras[0] as number), -(ras[1] as number), ras[2] as number];
          expectClose(place(series, s, r, c), lps, 4);
        }
      }
    }
  });

  test('planes are shown the way radiologists look at them', async () => {
    const near = (v: readonly number[] | undefined): number[] | undefined => v?.map((x) => Math.round(x) + 0);
    const coronal = only(await openOne('coronal-lia.nii'));
    expect([near(coronal.geometry?.rowDirection), near(coronal.geometry?.columnDirection)]).toEqual([
      [1, 0, 0],
      [0, 0, -1],
    ]);
    const sagittal = only(await openOne('sagittal.nii'));
    expect([near(sagittal.geometry?.rowDirection), near(sagittal.geometry?.columnDirection)]).toEqual([
      [0, 1, 0],
      [0, 0, -1],
    ]);
  });

  test('no orientation: as stored, and told', async () => {
    const recording = await openOne('no-orientation.nii');
    expect(only(recording).geometry).toBeUndefined();
    expect(recording.warnings).toHaveLength(1);
    const { data } = await only(recording).read(1);
    expect(Array.from(data)).toEqual(Array.from({ length: NI * NJ }, (_, n) => value(n % NI, Math.floor(n / NI), 1)));
  });
});

describe('refusals name file and field', () => {
  const whole = fixture('int16.nii');
  function patched(at: number, ...bytes: number[]): Uint8Array {
    const out = whole.slice();
    out.set(bytes, at);
    return out;
  }
  const bomb = patched(42, 0xff, 0x7f, 0xff, 0x7f, 0x10, 0x00);
  const cases: [string, string, Uint8Array, object][] = [
    [
      'cut voxels',
      'a.nii',
      whole.slice(0, 500),
      { code: 'input.truncated', field: 'voxels', message: expect.stringContaining('592 bytes expected, 500 found') },
    ],
    ['cut header', 'a.nii', whole.slice(0, 300), { code: 'input.unrecognised', field: 'magic' }],
    ['no magic', 'a.nii', patched(344, 0, 0, 0), { code: 'input.unrecognised', message: expect.stringContaining('ANALYZE') }],
    ['colour', 'a.nii', patched(70, 128, 0), { code: 'input.unsupported', field: 'datatype', message: expect.stringContaining('colour') }],
    ['no dimensions', 'a.nii', patched(40, 0, 0), { code: 'input.malformed', field: 'dim[0]' }],
    ['negative size', 'a.nii', patched(42, 0xff, 0xff), { code: 'input.malformed', field: 'dim[1]' }],
    ['more than the file holds', 'a.nii', bomb, { code: 'input.truncated' }],
    ['voxels within the header', 'a.nii', patched(108, 0, 0, 0x80, 0x42), { code: 'input.malformed', field: 'vox_offset' }],
    ['packed: more declared than deflate can hold', 'a.nii.gz', new Uint8Array(gzipSync(bomb)), { code: 'input.truncated', field: 'dim' }],
    [
      'packed: more there than declared',
      'a.nii.gz',
      new Uint8Array(gzipSync(Buffer.concat([whole, Buffer.alloc(50_000_000)]))),
      { code: 'input.malformed', field: 'gzip stream' },
    ],
    ['packed: cut', 'a.nii.gz', fixture('packed.nii.gz').slice(0, 250), { code: 'input.truncated', field: 'voxels' }],
    [
      'packed: damaged',
      'a.nii.gz',
      Uint8Array.from(fixture('packed.nii.gz'), (b, i) => (i === 60 ? b ^ 0xff : b)),
      { code: expect.stringMatching(/^input\./) },
    ],
    [
      'packed: too large for memory',
      'a.nii.gz',
      packedLarge(),
      { code: 'input.too-large', field: 'dim', message: expect.stringContaining('gunzip') },
    ],
  ];
  test.each(cases)('%s', async (_, name, bytes, expected) => {
    expect(await failure(openOne(name, bytes))).toMatchObject({ file: name, ...expected });
  });

  /** A header that declares 400 MB before 600 kB of noise; refused before the voxels are unpacked. */
  function packedLarge(): Uint8Array {
    const random = seeded(1);
    const noise = Uint8Array.from({ length: 600_000 }, () => 256 * random());
    return new Uint8Array(gzipSync(Buffer.concat([patched(42, 0x00, 0x10, 0x00, 0x10, 0x0c, 0x00), noise])));
  }
});

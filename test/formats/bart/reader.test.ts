import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { NdArray } from '../../../src/array/nd-array.ts';
import type { Recording, Series } from '../../../src/array/recording.ts';
import type { ReadOptions } from '../../../src/array/read-options.ts';
import { bartReader } from '../../../src/formats/bart/reader.ts';
import { memorySource } from '../../../src/formats/byte-source.ts';
import type { ByteSource } from '../../../src/formats/reader.ts';
import { openPath, openSources } from '../../../src/formats/registry.ts';
import { nufft } from '../../../src/operators/nufft.ts';
import { fixtureBytes, fixturePath } from '../../support/format-fixtures.ts';
import { mutant } from '../../support/mutate.ts';
import { hasData, present, TEST_DATA } from '../../support/tools.ts';

const temporary = mkdtempSync(join(tmpdir(), 'lacuna-cfl-'));
afterAll(() => rmSync(temporary, { recursive: true }));

const header = (...dims: number[]): Uint8Array => new TextEncoder().encode(`# Dimensions\n${[...dims, ...Array(16 - dims.length).fill(1)].join(' ')} \n# Command\ntest\n`);

/** Values that tell where they are stored: 1, 2, 3 …, times `of(index)`. */
function values(count: number, of: (i: number) => readonly [number, number] = (i) => [i + 1, 0]): Uint8Array {
  const out = new Float32Array(2 * count);
  for (let i = 0; i < count; i++) out.set(of(i), 2 * i);
  return new Uint8Array(out.buffer);
}

function open(files: Readonly<Record<string, Uint8Array>>, options?: ReadOptions): Promise<Recording> {
  const sources: ByteSource[] = Object.entries(files).map(([name, bytes]) => memorySource(name, bytes));
  return openSources(sources, sources[0]?.name ?? '', options);
}

async function only(recording: Promise<Recording>): Promise<Series> {
  return (await recording).series[0] as Series;
}

describe('a .cfl with its .hdr', () => {
  it('has READ as rows, PHS1 as columns, its coils, and the rest in front', async () => {
    const dims = [8, 10, 3, 2, 1, 2];
    const series = await only(open({ 'a.hdr': header(...dims), 'a.cfl': values(960) }, { domains: { array: 'kspace' } }));
    expect(series.axes.map(({ name, length }) => `${name} ${length}`)).toEqual(['echo 2', 'partition 3', 'coil 2', 'row 8', 'column 10']);
    expect(series).toMatchObject({ domain: 'kspace', slices: 6, coils: 2, rows: 8, columns: 10 });
    expect(series.axisChoice).toEqual({ shape: [2, 2, 3, 10, 8], axes: ['echo', 'coil', 'partition', 'column', 'row'], domain: 'kspace' });
    // Slice 4: echo 1, partition 1. BART's offset of (r, c, p, coil, 1, e), first axis fastest.
    const slice = (await series.read(4)) as NdArray<'complex64'>;
    for (const [coil, r, c] of [[0, 0, 0], [1, 7, 9], [1, 3, 4]] as const) {
      expect(slice.data[2 * ((coil * 8 + r) * 10 + c)]).toBe(1 + r + 8 * (c + 10 * (1 + 3 * (coil + 2 * 1))));
    }
    await expect(series.read(6)).rejects.toMatchObject({ code: 'usage.invalid' });
  });

  it('names every one of the sixteen axes, each once', async () => {
    const dims = [8, 8, ...Array(14).fill(2)] as number[];
    const series = await only(open({ 'a.hdr': header(...dims), 'a.cfl': new Uint8Array(64 * 2 ** 14 * 8) }, { domains: { array: 'image' } }));
    expect(new Set(series.axes.map(({ name }) => name)).size).toBeGreaterThanOrEqual(13);
  });

  it.each([['pair.hdr', 'pair.cfl'], ['pair.cfl', 'pair.hdr']])('opens as two files in any order (%s first)', async (first, second) => {
    const bytes = { 'pair.hdr': header(8, 8), 'pair.cfl': values(64) } as Record<string, Uint8Array>;
    const recording = await open({ [first]: bytes[first] as Uint8Array, [second]: bytes[second] as Uint8Array });
    expect(recording).toMatchObject({ format: 'bart', name: first });
    expect(recording.warnings.join()).not.toMatch(/named like/);
  });

  it('opens from either half on disk, and from a folder of uploaded files', async () => {
    for (const [name, bytes] of [['x.hdr', header(8, 8)], ['x.cfl', values(64)]] as const) writeFileSync(join(temporary, name), bytes);
    for (const name of ['x.hdr', 'x.cfl']) {
      const recording = await openPath(join(temporary, name));
      expect(recording).toMatchObject({ format: 'bart', bytes: 64 * 8 + header(8, 8).length });
      await recording.close();
    }
    const folder = join(temporary, 'dropped');
    mkdirSync(folder);
    writeFileSync(join(folder, '00000-x.hdr'), header(8, 8));
    writeFileSync(join(folder, '00001-x.cfl'), values(64));
    const recording = await openPath(folder);
    expect(recording).toMatchObject({ format: 'bart', name: 'x.cfl' });
    await recording.close();
  });

  it.each([
    ['values alone', { 'a.cfl': values(64) }, 'input.unsupported', /its header "a\.hdr" is missing/],
    ['a header alone', { 'a.hdr': header(8, 8) }, 'input.unsupported', /the values are in "a\.cfl"/],
    ['too few values', { 'a.cfl': values(60), 'a.hdr': header(8, 8) }, 'input.truncated', /promises 512 bytes/],
    ['too many values', { 'a.cfl': values(70), 'a.hdr': header(8, 8) }, 'input.malformed', /has 560/],
    ['no dimensions', { 'a.cfl': values(64), 'a.hdr': new TextEncoder().encode('# Dimensions\n# Command\n') }, 'input.malformed', /no section/],
    ['a dimension of zero', { 'a.cfl': values(64), 'a.hdr': header(8, 0) }, 'input.malformed', /length 0/],
    ['a trajectory alone', { 'a.cfl': values(72), 'a.hdr': header(3, 8, 3) }, 'input.unsupported', /is a trajectory/],
    ['a trajectory of other data', { 'a.cfl': values(64), 'a.hdr': header(1, 8, 8), 't.cfl': values(72), 't.hdr': header(3, 8, 3) }, 'input.unsupported', /does not fit data of 1 × 8 × 8/],
  ])('refuses %s', async (_, files, code, message) => {
    await expect(open(files as Record<string, Uint8Array>)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it('reads the axes as told, in any permutation', async () => {
    const files = { 'a.hdr': header(4, 5, 6), 'a.cfl': values(120) };
    const series = await only(open(files, { axes: { array: ['row', 'column', 'frame'] }, domains: { array: 'image' } }));
    expect(series).toMatchObject({ domain: 'image', slices: 4, rows: 6, columns: 5 });
    // Frame f, row r, column c lies at f + 4 (c + 5 r).
    const { data } = await series.read(2);
    expect(data[2 * (3 * 5 + 1)]).toBe(1 + 2 + 4 * (1 + 5 * 3));
  });

  it.each([
    [['row', 'row', 'column'], /one axis can be the row/],
    [['row', 'frame', 'slice'], /has to be the column/],
    [['row', 'column'], /it has 3 axes/],
  ] as const)('refuses axes %j', async (axes, message) => {
    const files = { 'a.hdr': header(4, 5, 6), 'a.cfl': values(120) };
    await expect(open(files, { axes: { array: [...axes] } })).rejects.toMatchObject({ code: 'usage.invalid', message: expect.stringMatching(message) });
  });
});

/** Made by `bart phantom -k` along `bart traj`; see test/fixtures/scripts/bart_fixtures.sh. */
describe('radial data', () => {
  const files = (...names: string[]): Record<string, Uint8Array> =>
    Object.fromEntries(names.flatMap((name) => ['cfl', 'hdr'].map((ending) => [`${name}.${ending}`, fixtureBytes(`bart/${name}.${ending}`)])));

  it('has the trajectory that lies beside it, and the same image as bart nufft -a', async () => {
    const recording = await openPath(fixturePath('bart/radial.cfl'));
    const series = recording.series[0] as Series;
    expect(series).toMatchObject({ domain: 'kspace', coils: 2, rows: 64, columns: 24, output: { rows: 32, columns: 32 } });
    expect(series.trajectory).toMatchObject({ kind: 'radial', matrix: { rows: 64, columns: 64 } });
    const { trajectory } = series;
    if (trajectory === undefined) throw new Error('no trajectory');
    const image = nufft(trajectory, 2).adjoint((await series.read(0)) as NdArray<'complex64'>);
    const reference = new Float32Array(fixtureBytes('bart/adjoint.cfl').buffer);
    // bart: [x, y, 1, coil], first axis fastest, on the same grid of 64 × 64.
    let [difference, norm, dot] = [0, 0, 0];
    const theirs = (i: number, part: number): number => {
      const [coil, r, c] = [Math.floor(i / 4096), Math.floor(i / 64) % 64, i % 64];
      return reference[2 * (r + 64 * (c + 64 * coil)) + part] as number;
    };
    for (let i = 0; i < 2 * 4096; i++) for (const part of [0, 1]) {
      dot += (image.data[2 * i + part] as number) * theirs(i, part);
      norm += theirs(i, part) ** 2;
    }
    for (let i = 0; i < 2 * 4096; i++) for (const part of [0, 1]) difference += ((image.data[2 * i + part] as number) - (dot / norm) * theirs(i, part)) ** 2;
    expect(Math.sqrt(difference / norm) / Math.abs(dot / norm)).toBeLessThan(2e-3);
    expect(dot / norm).toBeCloseTo(1, 2);
    await recording.close();
  });

  it('takes a trajectory that is given together with it', async () => {
    const all = files('radial', 'radial_traj');
    const series = await only(open(Object.fromEntries(Object.entries(all).reverse())));
    expect(series.trajectory?.kind).toBe('radial');
  });

  it('is given the angles that fit it where no trajectory is there, and says so', async () => {
    const recording = await open(files('radial'));
    const series = recording.series[0] as Series;
    expect(recording.findings?.find(({ id }) => id === 'assumed-trajectory')).toMatchObject({ severity: 'warning', remedy: expect.stringMatching(/πj\/N: half a circle/) });
    const known = (await only(open(files('radial', 'radial_traj')))).trajectory;
    // The file has steps of ½ · 1/FOV; the assumed one counts in the field of view that is sampled.
    expect(series.trajectory?.matrix).toEqual(known?.matrix);
    const far = [...(series.trajectory?.points.data ?? [])].map((k, i) => Math.abs(k - (known?.points.data[i] as number)));
    expect(Math.max(...far)).toBeLessThan(1e-4);
  });

  it('takes other angles, samples and sampling as told', async () => {
    const golden = await open(files('radial'), { fixes: ['angles-golden', 'samples-on-centre', 'keep-oversampling'] });
    const series = golden.series[0] as Series;
    const angle = Math.PI / ((1 + Math.sqrt(5)) / 2);
    const points = series.trajectory?.points.data as Float32Array;
    // First sample of the second spoke: k = −32 (sin, cos).
    expect(points[2]).toBeCloseTo(-32 * Math.sin(angle), 4);
    expect(points[3]).toBeCloseTo(-32 * Math.cos(angle), 4);
    expect(series.output).toEqual({ rows: 64, columns: 64 });
    expect(golden.findings?.find(({ id }) => id === 'angles-golden')?.fix?.applied).toBe(true);
    const lines = await open(files('radial'), { fixes: ['sampling-cartesian'] });
    expect(lines.series[0]?.trajectory).toBeUndefined();
    expect(lines.findings?.find(({ id }) => id === 'sampling-cartesian')?.fix?.applied).toBe(true);
  });
});

it('keeps its promise on 2,000 damaged pairs', async () => {
  const seeds = ['radial', 'cartesian'];
  const broken: string[] = [];
  let opened = 0;
  for (let seed = 1; seed <= 2000; seed++) {
    const name = seeds[seed % seeds.length] as string;
    const hdr = fixtureBytes(`bart/${name}.hdr`);
    const cfl = fixtureBytes(`bart/${name}.cfl`);
    const damaged = seed % 4 === 0 ? { hdr, cfl: mutant([cfl], seed) } : { hdr: mutant([hdr], seed), cfl };
    try {
      const recording = await bartReader.open([memorySource('d.cfl', damaged.cfl), memorySource('d.hdr', damaged.hdr)], { id: 'x', name: 'd.cfl', bytes: 1 });
      const series = recording.series[0] as Series;
      const slice = await series.read(series.slices - 1);
      if (slice.data.length !== 2 * series.coils * series.rows * series.columns) broken.push(`seed ${seed}: wrong length`);
      await recording.close();
      opened++;
    } catch (error) {
      if (!/^input\./.test((error as { code?: string }).code ?? '')) broken.push(`seed ${seed}: ${String(error)} ${(error as Error).stack}`);
    }
  }
  expect(broken).toEqual([]);
  expect(opened).toBeGreaterThan(200);
  expect(opened).toBeLessThan(1900);
});

const lego = 'mri/kspace/sms_nlinv_lego_radial_16ch_69sp_bottom.cfl';
it.runIf(present('radial data of a scanner', { [lego]: hasData(lego) }))('opens real spokes: a full circle, two-fold oversampled', async () => {
  const recording = await openPath(`${TEST_DATA}/${lego}`);
  const series = recording.series[0] as Series;
  expect(series).toMatchObject({ domain: 'kspace', coils: 16, rows: 384, columns: 69, output: { rows: 192, columns: 192 } });
  expect(series.trajectory).toMatchObject({ kind: 'radial', matrix: { rows: 384, columns: 384 } });
  expect(recording.findings?.[0]).toMatchObject({ id: 'assumed-trajectory', remedy: expect.stringMatching(/2πj\/N: a full circle/) });
  expect(((await series.read(0)) as NdArray).shape).toEqual([16, 384, 69]);
  // The data's authors: -0.614, -0.652, -0.0009; bart estdelay of version 0.8: -0.589, -0.657, 0.012.
  const delays = /x (\S+), y (\S+), xy (\S+) samples/.exec(recording.findings?.find(({ id }) => id === 'gradient-delays')?.found ?? '');
  expect(Math.abs(Number(delays?.[1]) + 0.589)).toBeLessThan(0.02);
  expect(Math.abs(Number(delays?.[2]) + 0.657)).toBeLessThan(0.02);
  expect(Math.abs(Number(delays?.[3]) - 0.012)).toBeLessThan(0.02);
  await recording.close();
});

import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { NdArray } from '../../../src/array/nd-array.ts';
import type { Recording, Series } from '../../../src/array/recording.ts';
import { centralEnergy } from '../../../src/formats/bare/domain.ts';
import { matReader } from '../../../src/formats/mat/reader.ts';
import { openBytes, openPath } from '../../../src/formats/registry.ts';
import { fixtureBytes, fixturePath } from '../../support/format-fixtures.ts';
import { fuzzReader } from '../../support/fuzz-reader.ts';

function named(recording: Recording, id: string): Series {
  return recording.series.find((series) => series.id === id) as Series;
}

/** Element (i, j, k) of the fixtures' arrays. */
const ramp = (i: number, j: number, k = 0): number => i + 100 * j + 10_000 * k;

/** Made by SciPy and h5py: test/fixtures/scripts/mat_fixtures.py. */
describe.each(['plain', 'compressed', 'v73'])('a MAT-file (%s)', (file) => {
  it('holds complex arrays, column-major', async () => {
    const recording = await openPath(fixturePath(`mat/${file}.mat`));
    expect(recording.format).toBe('mat');
    const series = named(recording, 'data');
    expect(series).toMatchObject({ coils: 3, rows: 9, columns: 10, slices: 1, dtype: 'complex64', axisChoice: { shape: [3, 10, 9], axes: ['coil', 'column', 'row'], domain: 'image' } });
    const { data, shape } = (await series.read(0)) as NdArray<'complex64'>;
    expect(shape).toEqual([3, 9, 10]);
    for (const [i, j, k] of [[1, 0, 0], [8, 9, 2], [3, 7, 1]] as const) {
      const at = 2 * ((k * 9 + i) * 10 + j);
      expect([data[at], data[at + 1]]).toEqual([ramp(i, j, k), -ramp(i, j, k) / 2]);
    }
    await recording.close();
  });

  it('holds real stacks, and the fields of structs', async () => {
    const recording = await openPath(fixturePath(`mat/${file}.mat`));
    const volume = named(recording, 'volume');
    expect(volume).toMatchObject({ domain: 'image', dtype: 'float32', slices: 4, rows: 12, columns: 11 });

    expect((await volume.read(3)).data[2 * 11 + 1]).toBe(ramp(2, 1, 3));
    expect((await named(recording, 'scan.img').read(0)).data[5 * 9 + 8]).toBe(ramp(5, 8));
    expect(recording.warnings.at(-1)).toMatch(/Passed over, as no images: .*note \(char\)/);
    await expect(volume.read(4)).rejects.toMatchObject({ code: 'usage.invalid' });
    await recording.close();
  });
});

describe('a MAT-file', () => {
  it.each([['kspace.mat', 'ksp'], ['v73.mat', 'kspace']])('knows k-space by its values (%s)', async (file, id) => {
    const recording = await openPath(fixturePath(`mat/${file}`));
    const series = named(recording, id);
    expect(series).toMatchObject({ domain: 'kspace', coils: 3, rows: 24, columns: 20, acquired: null });
    expect(centralEnergy((await series.read(0)) as NdArray<'complex64'>)).toBeGreaterThan(0.5);
    await recording.close();
  });

  it('takes the axes as told, in both versions', async () => {
    for (const file of ['plain', 'v73']) {
      const recording = await openPath(fixturePath(`mat/${file}.mat`), { axes: { data: ['frame', 'row', 'column'] }, domains: { data: 'kspace' } });
      const series = named(recording, 'data');
      expect(series).toMatchObject({ domain: 'kspace', slices: 3, coils: 1, rows: 10, columns: 9 });
      expect((await series.read(2)).data[2 * (4 * 9 + 7)]).toBe(ramp(7, 4, 2));
      expect(recording.read).toBeDefined();
      await recording.close();
      await expect(openPath(fixturePath(`mat/${file}.mat`), { axes: { data: ['frame', 'row', 'row'] } })).rejects.toMatchObject({ code: 'usage.invalid', field: 'data' });
    }
  });

  it('is read in the other byte order, with values in a smaller type than their class', async () => {
    const recording = await openPath(fixturePath('mat/big_endian.mat'));
    const { data } = await named(recording, 'x').read(0);
    // Element (3, 9) is the 75th value stored.
    expect(data[3 * 10 + 9]).toBe(75);
    await recording.close();
  });

  it('says what it holds where nothing is an image', async () => {
    await expect(openPath(fixturePath('mat/nothing.mat'))).rejects.toMatchObject({ code: 'input.unsupported', message: expect.stringMatching(/x \(double 1 × 1\), s \(char\)/) });
  });

  it('refuses a few bytes that unpack to gigabytes', async () => {
    const head = fixtureBytes('mat/plain.mat').slice(0, 128);
    const inner = new Uint8Array(64 * 1024);
    // miMATRIX of 2 GB: class double, 16384 × 16384.
    new Uint32Array(inner.buffer).set([14, 2 ** 31, 6, 8, 6, 0, 5, 8, 16384, 16384, 1, 1, 120, 0, 9, 2 ** 31 - 128]);
    const packed = deflateSync(inner);
    const tag = new Uint8Array(Uint32Array.of(15, packed.length).buffer);
    const bytes = new Uint8Array([...head, ...tag, ...packed]);
    await expect(openBytes('bomb.mat', bytes)).rejects.toMatchObject({ code: 'input.too-large', file: 'bomb.mat' });
  });

  it('is no old MAT-file of level 4', async () => {
    await expect(openBytes('old.mat', new Uint8Array(200))).rejects.toMatchObject({ code: 'input.unsupported', message: expect.stringMatching(/save -v7/) });
  });
});

it('keeps its promise on 2,000 damaged files', async () => {
  const seeds = ['plain', 'compressed', 'big_endian', 'kspace'].map((name) => fixtureBytes(`mat/${name}.mat`));
  const report = await fuzzReader(matReader, seeds, 'damaged.mat', { count: 2000 });
  expect(report.broken).toEqual([]);
  expect(report.opened).toBeGreaterThan(50);
  expect(report.refused).toBeGreaterThan(500);
});

it('keeps its promise on 2,000 damaged files of version 7.3', async () => {
  const report = await fuzzReader(matReader, [fixtureBytes('mat/v73.mat')], 'damaged.mat', { count: 2000 });
  expect(report.broken).toEqual([]);
  expect(report.refused).toBeGreaterThan(100);
}, 600_000);

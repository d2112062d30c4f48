import { describe, expect, it } from 'vitest';
import type { Series } from '../../../src/array/recording.ts';
import { hdf5Reader } from '../../../src/formats/hdf5/reader.ts';
import { fixtureBytes, openFixture } from '../../support/format-fixtures.ts';
import { fuzzReader } from '../../support/fuzz-reader.ts';

/** Element i as test/fixtures/scripts/hdf5_fixtures.py makes it. */
const value = (i: number): number[] => [i % 251, 0 - 0.5 * (i % 127)];

async function opened(name: string): Promise<Series> {
  const recording = await openFixture(hdf5Reader, `hdf5/${name}`);
  expect(recording.format).toBe('fastmri');
  return recording.series[0] as Series;
}

describe('fastMRI HDF5', () => {
  it('reads multi-coil k-space, its reference and its parameters', async () => {
    const series = await opened('fastmri_multicoil.h5');
    expect(series).toMatchObject({ domain: 'kspace', slices: 3, coils: 2, rows: 12, columns: 10, output: { rows: 8, columns: 6 }, acquired: null });
    const { shape, data } = await series.read(2);
    expect(shape).toEqual([2, 12, 10]);
    expect([...data]).toEqual(Array.from({ length: 240 }, (_, i) => value(480 + i)).flat());
    const reference = await series.readReference?.(1);
    expect(reference?.shape).toEqual([8, 6]);
    expect([...(reference?.data ?? [])]).toEqual(Array.from({ length: 48 }, (_, i) => 48 + i));
    expect(series.attributes).toEqual(
      expect.arrayContaining([
        { label: 'Acquisition', value: 'AXT2' },
        { label: 'Norm', value: '99.25' },
        { label: 'Protocol', value: 'test & check' },
        { label: 'Field strength', value: '2.89 T' },
        { label: 'Image matrix', value: '6 × 8 × 1, 12 × 16 × 5 mm' },
      ]),
    );
    await expect(series.read(3)).rejects.toMatchObject({ code: 'usage.invalid', file: 'fastmri_multicoil.h5', field: '/kspace' });
  });

  it('reads single-coil k-space, chunked and packed by the newest file format', async () => {
    const series = await opened('fastmri_singlecoil.h5');
    expect(series).toMatchObject({ slices: 2, coils: 1, output: { rows: 6, columns: 6 } });
    expect([...(await series.read(1)).data]).toEqual(Array.from({ length: 120 }, (_, i) => value(120 + i)).flat());
    expect((await series.readReference?.(0))?.data).toEqual(new Float32Array(36).fill(1));
  });

  it('takes the mask of a test file for the acquired lines, and the header for the crop', async () => {
    const series = await opened('fastmri_test.h5');
    expect([...(series.acquired ?? [])]).toEqual([0, 1, 0, 0, 1, 1, 1, 0, 0, 1]);
    expect(series.output).toEqual({ rows: 6, columns: 8 });
    expect(series.readReference).toBeUndefined();
  });

  it('narrows big-endian complex128', async () => {
    const { data } = await (await opened('fastmri_wide.h5')).read(0);
    expect([...data]).toEqual(Array.from({ length: 24 }, (_, i) => value(i)).flat());
  });

  it('opens a file of images alone as images', async () => {
    const series = await opened('reconstruction.h5');
    expect(series).toMatchObject({ domain: 'image', dtype: 'float32', slices: 2, rows: 3, columns: 4 });
    expect([...(await series.read(1)).data]).toEqual(Array.from({ length: 12 }, (_, i) => 12 + i));
  });

  it.each([
    ['not_mri.h5', 'input.unsupported', '/'],
    ['kspace_of_text.h5', 'input.unsupported', '/kspace'],
  ])('refuses %s', async (name, code, field) => {
    await expect(openFixture(hdf5Reader, `hdf5/${name}`)).rejects.toMatchObject({ code, field, file: name });
  });

  it('refuses a file that was cut off', async () => {
    const bytes = fixtureBytes('hdf5/fastmri_multicoil.h5').slice(0, 6000);
    await expect(openFixture(hdf5Reader, 'hdf5/fastmri_multicoil.h5', bytes)).rejects.toMatchObject({ code: 'input.malformed', message: expect.stringContaining('truncated') });
  });
});

it('keeps its promise on 2,000 damaged files', async () => {
  const seeds = ['multicoil', 'singlecoil', 'test'].map((name) => fixtureBytes(`hdf5/fastmri_${name}.h5`));
  const report = await fuzzReader(hdf5Reader, seeds, 'damaged.h5', { count: 2000 });
  expect(report.broken).toEqual([]);
  expect(report.refused).toBeGreaterThan(1000);
  expect(report.slowest).toBeLessThan(5000);
  expect(report.peakGrowth).toBeLessThan(256 * 1024 * 1024);
}, 180_000);

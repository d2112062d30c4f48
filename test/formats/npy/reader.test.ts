import { describe, expect, it } from 'vitest';
import type { Series } from '../../../src/array/recording.ts';
import { centralEnergy } from '../../../src/formats/bare/domain.ts';
import { npyReader } from '../../../src/formats/npy/reader.ts';
import { openPath } from '../../../src/formats/registry.ts';
import { fixtureBytes, openFixture } from '../../support/format-fixtures.ts';
import { fuzzReader } from '../../support/fuzz-reader.ts';
import { hasData, present, TEST_DATA } from '../../support/tools.ts';

async function seriesOf(path: string): Promise<{ series: Series; warnings: readonly string[] }> {
  const { series, warnings } = await openFixture(npyReader, path);
  return { series: series[0] as Series, warnings };
}

describe('a .npy file', () => {
  it('is k-space where complex energy gathers at the centre', async () => {
    const { series, warnings } = await seriesOf('npy/kspace.npy');
    expect(series).toMatchObject({ domain: 'kspace', coils: 3, rows: 24, columns: 20, slices: 1, acquired: null });
    expect((await series.read(0)).shape).toEqual([3, 24, 20]);
    expect(warnings[0]).toMatch(/axes read as coil, row, column; taken for centred k-space/);
  });

  it('finds the lines that were acquired', async () => {
    const { series } = await seriesOf('npy/kspace_lines.npy');
    expect(series).toMatchObject({ slices: 2, coils: 3 });
    expect([...(series.acquired ?? [])]).toEqual(Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? 1 : 0)));
    expect(series.acquiredPoints).toBeUndefined();
  });

  it('finds the points that were acquired', async () => {
    const { series } = await seriesOf('npy/kspace_points.npy');
    expect(series.acquired).toBeNull();
    expect([...(series.acquiredPoints ?? [])]).toEqual(Array.from({ length: 480 }, (_, i) => ((Math.floor(i / 20) + (i % 20)) % 3 === 0 ? 1 : 0)));
  });

  it('is a volume of images where real', async () => {
    const { series } = await seriesOf('npy/volume.npy');
    expect(series).toMatchObject({ domain: 'image', dtype: 'float32', slices: 2, rows: 5, columns: 4 });
    expect([...(await series.read(1)).data]).toEqual(Array.from({ length: 20 }, (_, i) => 16 + i));
    await expect(series.read(2)).rejects.toMatchObject({ code: 'usage.invalid' });
  });

  it('reads Fortran order slice by slice', async () => {
    const { series } = await seriesOf('npy/fortran.npy');
    const { data } = await series.read(0);
    expect([...data.subarray(0, 6)]).toEqual([0, 0, 1, -0.5, 2, -1]);
  });

  it('is no recording where it has one axis, and names the field', async () => {
    await expect(openFixture(npyReader, 'npy/scalar.npy')).rejects.toMatchObject({ code: 'input.unsupported', file: 'scalar.npy', field: 'array' });
  });

  it('says when the file cannot be read any more', async () => {
    const recording = await openFixture(npyReader, 'npy/volume.npy');
    await recording.close();
    await expect((recording.series[0] as Series).read(0)).rejects.toMatchObject({ code: 'io.read' });
  });
});

it('keeps its promise on 2,000 damaged files', async () => {
  const seeds = ['kspace_points', 'fortran', 'version_2', 'volume', 'be_c16'].map((name) => fixtureBytes(`npy/${name}.npy`));
  const report = await fuzzReader(npyReader, seeds, 'damaged.npy', { count: 2000 });
  expect(report.broken).toEqual([]);
  expect(report.refused).toBeGreaterThan(1000);
  expect(report.slowest).toBeLessThan(5000);
});

const poisson = 'mri/kspace/sigpy_brain_8ch_cart_poisson.npy';
it.runIf(present('Poisson-disc brain k-space', { [`${TEST_DATA}/${poisson}`]: hasData(poisson) }))('opens real point-sampled k-space', async () => {
  const recording = await openPath(`${TEST_DATA}/${poisson}`);
  const series = recording.series[0] as Series;
  expect(series).toMatchObject({ domain: 'kspace', coils: 8, rows: 230, columns: 180 });
  // 12.4 % according to the data's index.
  expect((series.acquiredPoints ?? new Uint8Array()).reduce((sum, v) => sum + v, 0) / (230 * 180)).toBeCloseTo(0.124, 3);
  expect(centralEnergy((await series.read(0)) as Parameters<typeof centralEnergy>[0])).toBeGreaterThan(0.9);
  await recording.close();
});

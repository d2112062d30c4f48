import { describe, expect, it } from 'vitest';
import type { Series } from '../../../src/array/recording.ts';
import { npzReader } from '../../../src/formats/npz/reader.ts';
import { openPath } from '../../../src/formats/registry.ts';
import { fixtureBytes, openFixture } from '../../support/format-fixtures.ts';
import { fuzzReader } from '../../support/fuzz-reader.ts';
import { hasData, present, TEST_DATA } from '../../support/tools.ts';

/** Offset of the first central directory header. */
function centralHeader(bytes: Uint8Array): number {
  for (let i = 0; i < bytes.length; i++) if (bytes[i] === 0x50 && bytes[i + 1] === 0x4b && bytes[i + 2] === 1 && bytes[i + 3] === 2) return i;
  throw new Error('no central directory');
}

function withUint32(path: string, offset: number, value: number): Uint8Array {
  const bytes = fixtureBytes(path);
  new DataView(bytes.buffer).setUint32(centralHeader(bytes) + offset, value, true);
  return bytes;
}

describe('a .npz archive', () => {
  it('gives coil images with the coils in front', async () => {
    const { series, warnings } = await openFixture(npzReader, 'npy/coil_images.npz');
    expect(series[0]).toMatchObject({ id: 'arr_0', domain: 'image', dtype: 'complex64', coils: 3, rows: 24, columns: 20 });
    const { shape, data } = await (series[0] as Series).read(0);
    expect(shape).toEqual([3, 24, 20]);
    // Middle of the disc, coil 1: (1 + cos 2π(10/20 + 1/3))·exp(i(10/20 + 12/48)), as the fixture's script draws it.
    const at = 2 * (1 * 480 + 12 * 20 + 10);
    expect(data[at]).toBeCloseTo((1 + Math.cos(2 * Math.PI * (0.5 + 1 / 3))) * Math.cos(0.5 + 0.25), 5);
    expect(warnings[0]).toMatch(/axes read as row, column, coil; taken for coil images/);
  });

  it('gives one series an array and says what it passed over', async () => {
    const { series, warnings } = await openFixture(npzReader, 'npy/mixed.npz');
    expect(series.map((s) => [s.id, s.slices])).toEqual([['images', 6]]);
    expect([...(await (series[0] as Series).read(5)).data.subarray(0, 2)]).toEqual([100, 101]);
    expect(warnings.join()).toMatch(/ids was passed over.*label was passed over/);
  });

  it('is refused where it holds no image', async () => {
    await expect(openFixture(npzReader, 'npy/empty.npz')).rejects.toMatchObject({ code: 'input.unsupported', file: 'empty.npz', field: 'ids' });
  });

  it.each([
    ['that claims gigabytes', 24, 3_000_000_000, 'input.too-large'],
    ['whose entry unpacks to more than declared', 24, 1000, 'input.malformed'],
    ['whose entry unpacks to less than declared', 24, 1_000_000, 'input.malformed'],
    ['with a wrong checksum', 16, 1, 'input.malformed'],
    ['whose entry lies outside', 42, 1_000_000, 'input.malformed'],
    ['packed by an unknown method', 8, 0x000c0000, 'input.unsupported'],
  ])('is refused %s', async (_, offset, value, code) => {
    const bytes = withUint32('npy/coil_images.npz', offset, value);
    await expect(openFixture(npzReader, 'npy/coil_images.npz', bytes)).rejects.toMatchObject({ code, file: 'coil_images.npz' });
  });
});

it('keeps its promise on 2,000 damaged files', async () => {
  const seeds = ['coil_images', 'mixed'].map((name) => fixtureBytes(`npy/${name}.npz`));
  const report = await fuzzReader(npzReader, seeds, 'damaged.npz', { count: 2000 });
  expect(report.broken).toEqual([]);
  expect(report.refused).toBeGreaterThan(1000);
  expect(report.slowest).toBeLessThan(5000);
  expect(report.peakGrowth).toBeLessThan(256 * 1024 * 1024);
});

const midas = 'mri/kspace/midas_brain_7ch_coilimages.npz';
const ptbp = 'mri/nii/ptbp_t1_axial_val.npz';
it.runIf(present('real .npz archives', { [`${TEST_DATA}/${midas}`]: hasData(midas), [`${TEST_DATA}/${ptbp}`]: hasData(ptbp) }))('opens real archives', async () => {
  const coils = await openPath(`${TEST_DATA}/${midas}`);
  expect(coils.series[0]).toMatchObject({ domain: 'image', dtype: 'complex64', coils: 7, rows: 256, columns: 216 });
  await coils.close();
  const volumes = await openPath(`${TEST_DATA}/${ptbp}`);
  expect(volumes.series[0]).toMatchObject({ id: 'images', domain: 'image', dtype: 'float32', slices: 126, rows: 217, columns: 182 });
  await volumes.close();
});

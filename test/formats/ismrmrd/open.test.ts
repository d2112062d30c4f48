import { describe, expect, it } from 'vitest';
import type { Series } from '../../../src/array/recording.ts';
import { decodeNpy } from '../../../src/array/npy.ts';
import { hdf5Reader } from '../../../src/formats/hdf5/reader.ts';
import { parseXml, textAt } from '../../../src/formats/ismrmrd/xml.ts';
import { openPath } from '../../../src/formats/registry.ts';
import { fixtureBytes, openFixture } from '../../support/format-fixtures.ts';
import { fuzzReader } from '../../support/fuzz-reader.ts';
import { hasData, present, TEST_DATA } from '../../support/tools.ts';

/** complex64 [slice 2, contrast 2, coil 2, row 12, column 10]: what the fixtures' lines were cut from. */
const source = decodeNpy(fixtureBytes('hdf5/ismrmrd_expected.npy')).data as Float32Array;
const plane = (slice: number, contrast: number): number[] => [...source.subarray((slice * 2 + contrast) * 480, (slice * 2 + contrast + 1) * 480)];

async function opened(name: string): Promise<{ series: Series; warnings: string }> {
  const { series, warnings } = await openFixture(hdf5Reader, `hdf5/${name}`);
  return { series: series[0] as Series, warnings: warnings.join('\n') };
}

/** Zero outside `columns`. */
const only = (values: readonly number[], columns: readonly number[]): number[] => values.map((v, i) => (columns.includes(Math.floor(i / 2) % 10) ? v : 0));

describe('ISMRMRD', () => {
  it('sorts contrasts, slices and reversed lines, and leaves noise and navigators out', async () => {
    const { series, warnings } = await opened('ismrmrd_full.h5');
    expect(series).toMatchObject({ slices: 4, coils: 2, rows: 12, columns: 10, output: { rows: 6, columns: 8 }, acquired: null });
    expect(series.axes.map((a) => [a.name, a.length])).toEqual([['echo', 2], ['slice', 2], ['coil', 2], ['row', 12], ['column', 10]]);
    for (const [index, slice, contrast] of [[0, 0, 0], [1, 1, 0], [2, 0, 1], [3, 1, 1]] as const) {
      expect([...(await series.read(index)).data]).toEqual(plane(slice, contrast));
    }
    expect(warnings).toMatch(/1 noise scan was kept apart[\s\S]*1 navigator readout was kept apart[\s\S]*read backwards/);
  });

  it('fills the centre from calibration lines but prefers imaging lines, and averages repeats', async () => {
    const { series, warnings } = await opened('ismrmrd_undersampled.h5');
    expect([...(series.acquired ?? [])]).toEqual([1, 0, 1, 0, 1, 1, 1, 0, 1, 0]);
    expect([...(await series.read(0)).data]).toEqual(only(plane(0, 0), [0, 2, 4, 5, 6, 8]));
    expect(warnings).toMatch(/averaged/);
  });

  it('puts the centre line of a partial measurement on the centre column', async () => {
    const { series } = await opened('ismrmrd_partial.h5');
    expect([...(series.acquired ?? [])]).toEqual([0, 0, 0, 1, 1, 1, 1, 1, 1, 1]);
    // The fixture's readouts lack their first two samples and have their centre in the middle of the ten that are left.
    const { data } = await series.read(0);
    const expected = Array.from({ length: 480 }, (_, i) => {
      const [coil, row, column] = [Math.floor(i / 240), Math.floor(i / 20) % 12, Math.floor(i / 2) % 10];
      return column < 3 || row < 1 || row > 10 ? 0 : (source[coil * 240 + (row + 1) * 20 + column * 2 + (i % 2)] as number);
    });
    expect([...data]).toEqual(expected);
  });

  it('knows where the slices lie', async () => {
    const { series } = await opened('ismrmrd_full.h5');
    // Centre (1, 2, 5z); 6×8 pixels of 2 mm about it, rows along x and columns along y.
    expect(series.geometry).toMatchObject({ rowSpacing: 2, columnSpacing: 2, rowDirection: [0, 1, 0], columnDirection: [1, 0, 0] });
    expect(series.geometry?.positions).toEqual([[-5, -6, 0], [-5, -6, 5]]);
  });

  it.each([
    ['ismrmrd_radial.h5', 'input.unsupported', /bring no trajectory/],
    ['ismrmrd_radial_kz.h5', 'input.unsupported', /moves through kz/],
    ['ismrmrd_noise.h5', 'input.unsupported', /no imaging acquisitions/],
  ])('refuses %s and says why', async (name, code, message) => {
    await expect(openFixture(hdf5Reader, `hdf5/${name}`)).rejects.toMatchObject({ code, file: name, message: expect.stringMatching(message) });
  });
});

describe('parseXml', () => {
  it('skips attributes, comments, prefixes and instructions', () => {
    const root = parseXml('<?xml version="1.0"?><!-- <x> --><a:b c="1"><d/><e>1 &lt; 2</e></a:b>', 'f', 'x');
    expect(root.name).toBe('b');
    expect(textAt(root, 'e')).toBe('1 < 2');
  });

  it.each(['', 'text', '<a>', '<a></b>', '</a>', '<!DOCTYPE a [<!ENTITY b "c">]><a/>', '<a', '<!-- <a/>', '<a>'.repeat(100)])('refuses %j', (xml) => {
    expect(() => parseXml(xml, 'f', 'x')).toThrow(expect.objectContaining({ code: 'input.malformed', file: 'f', field: 'x' }));
  });
});

it('keeps its promise on 2,000 damaged files', async () => {
  const seeds = ['undersampled', 'partial', 'epi', 'radial_matrix'].map((name) => fixtureBytes(`hdf5/ismrmrd_${name}.h5`));
  const report = await fuzzReader(hdf5Reader, seeds, 'damaged.h5', { count: 2000 });
  expect(report.broken).toEqual([]);
  expect(report.refused).toBeGreaterThan(1000);
  expect(report.slowest).toBeLessThan(5000);
  expect(report.peakGrowth).toBeLessThan(256 * 1024 * 1024);
}, 180_000);

const phantom = 'mri/kspace/gadgetron_SNR_R3_14ch_ismrmrd.h5';
it.runIf(present('two-bottle phantom', { [`${TEST_DATA}/${phantom}`]: hasData(phantom) }))('opens a real measurement', async () => {
  const recording = await openPath(`${TEST_DATA}/${phantom}`);
  const series = recording.series[0] as Series;
  expect(series).toMatchObject({ coils: 14, rows: 384, columns: 144, output: { rows: 192, columns: 144 } });
  const lines = [...(series.acquired ?? [])];
  // Steps 0 to 105 about 54 in 144 columns: 18 to 123; every third, and all of 30 to 78.
  expect(lines.map((kept, column) => (kept ? column - 18 : -1)).filter((step) => step >= 0)).toEqual(
    Array.from({ length: 106 }, (_, step) => step).filter((step) => step % 3 === 0 || (step >= 30 && step <= 78)),
  );
  const { data } = await series.read(0);
  const energy = (row: number) => data.subarray(row * 288, (row + 1) * 288).reduce((sum, v) => sum + v * v, 0);
  const strongest = Array.from({ length: 384 }, (_, row) => energy(row)).reduce((best, e, row, all) => (e > (all[best] as number) ? row : best), 0);
  // The echo of this scan lies two samples off the nominal centre of the readout.
  expect(Math.abs(strongest - 192)).toBeLessThanOrEqual(2);
  await recording.close();
});

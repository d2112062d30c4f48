import { describe, expect, it } from 'vitest';
import type { NdArray } from '../../../src/array/nd-array.ts';
import type { Series } from '../../../src/array/recording.ts';
import { memorySource } from '../../../src/formats/byte-source.ts';
import type { ReadRecording } from '../../../src/formats/reader.ts';
import { twixReader } from '../../../src/formats/twix/reader.ts';
import { fixtureBytes, openFixture } from '../../support/format-fixtures.ts';

const open = (name: string): Promise<ReadRecording> => openFixture(twixReader, `twix/${name}`);
const openWith = (name: string, fixes: string[]): Promise<ReadRecording> => {
  const bytes = fixtureBytes(`twix/${name}`);
  return twixReader.open([memorySource(name, bytes)], { id: 'ab', name, bytes: bytes.length }, { fixes });
};
const at = ({ data, shape }: NdArray, coil: number, row: number, column: number): [number, number] => {
  const i = 2 * ((coil * (shape[1] as number) + row) * (shape[2] as number) + column);
  return [Number(data[i]), Number(data[i + 1])];
};
const only = (recording: ReadRecording): Series => recording.series[0] as Series;
const ids = (recording: ReadRecording): string[] => (recording.findings ?? []).map(({ id }) => id);

// The fixtures' samples say where they belong: line + 100·slice + 1000·echo + 10000·repetition + i·(sample + 64·channel).
describe('twixReader', () => {
  it('reads a VB file with synchronous data between the lines', async () => {
    const recording = await open('vb.dat');
    const series = only(recording);
    expect(series).toMatchObject({ title: 'vb', coils: 2, rows: 32, columns: 16, slices: 1, output: { rows: 16, columns: 16 }, acquired: null });
    const slice = (await series.read(0)) as NdArray;
    expect(at(slice, 0, 5, 7)).toEqual([7, 5]);
    expect(at(slice, 1, 31, 15)).toEqual([15, 95]);
    expect(recording.warnings).toEqual(['1 packets of synchronous data (physiology) were passed over.']);
    expect(recording.findings).toBeUndefined();
  });

  it('puts repetitions and slices on axes and averages what was measured twice', async () => {
    const recording = await open('slices.dat');
    const series = only(recording);
    expect(series.axes.map(({ name, length }) => [name, length])).toEqual([['volume', 2], ['slice', 2], ['coil', 2], ['row', 32], ['column', 16]]);
    expect(at((await series.read(3)) as NdArray, 1, 4, 6)).toEqual([10_106, 68]);
    expect(at((await series.read(1)) as NdArray, 0, 0, 3)).toEqual([103, 0]);
    expect(recording.warnings).toEqual(['Lines that were measured more than once (averages) were averaged.']);
  });

  it('tells the acquisition and lays the slices out in the patient', async () => {
    const { attributes, geometry } = only(await open('slices.dat'));
    const value = (label: string): string | undefined => attributes.find((entry) => entry.label === label)?.value;
    expect([value('TR'), value('TE'), value('Flip angle'), value('Field strength'), value('Nucleus')]).toEqual(['50 ms', '4.92 ms', '15 °', '2.894 T', '1H']);
    expect(geometry).toMatchObject({ rowSpacing: 12.5, columnSpacing: 12.5, sliceThickness: 5 });
    expect(geometry?.rowDirection.map((x) => Math.round(x * 1e5) / 1e5)).toEqual([0, 1, 0]);
    expect(geometry?.columnDirection.map((x) => Math.round(x * 1e5) / 1e5)).toEqual([-1, 0, 0]);
    // Centre (1, 2, 10·slice) less 8 pixels of 12.5 mm in either direction.
    expect(geometry?.positions.map((p) => p.map((x) => Math.round(x * 1e3) / 1e3))).toEqual([[101, -98, 0], [101, -98, 10]]);
  });

  it('lists the last measurement first and whitens by the noise of an earlier one', async () => {
    const recording = await open('raid.dat');
    expect(recording.series.map(({ id, title, columns }) => [id, title, columns])).toEqual([['kspace-3', 'second', 8], ['kspace-2', 'image', 16]]);
    const noise = await recording.series[1]?.readNoise?.();
    expect(noise?.shape).toEqual([2, 48]);
    // NumPy's default_rng(1): the first real number it draws.
    expect(noise?.data[0]).toBeCloseTo(0.34558419, 6);
  });

  it('turns reflected lines round, and gives navigators apart', async () => {
    const series = only(await open('epi.dat'));
    expect(Array.from(series.backwards ?? [])).toEqual(Array.from({ length: 16 }, (_, i) => i % 2));
    expect(series.readoutRamp).toEqual({ up: 100, flat: 200, down: 100, delay: 50, duration: 300 });
    const slice = (await series.read(1)) as NdArray;
    expect([at(slice, 0, 3, 4), at(slice, 0, 3, 5)]).toEqual([[10_004, 3], [10_005, 3]]);
    const navigators = await series.readNavigators?.(1);
    expect(navigators?.data.shape).toEqual([2, 32, 3]);
    expect(Array.from(navigators?.backwards ?? [])).toEqual([1, 0, 1]);
    expect(at(navigators?.data as NdArray, 1, 9, 2)).toEqual([10_008, 73]);
  });

  it('fills lines that were not imaged from calibration lines, and knows the others as not acquired', async () => {
    const recording = await open('grappa.dat');
    const series = only(recording);
    expect(Array.from(series.acquired ?? []).join('')).toBe('0000101111101010');
    const slice = (await series.read(0)) as NdArray;
    // Line 8 was imaged: the calibration line, which holds 99, does not count there.
    expect([at(slice, 0, 2, 7), at(slice, 0, 2, 8), at(slice, 0, 2, 5)]).toEqual([[7, 2], [8, 2], [0, 0]]);
  });

  it('transforms a slab along its partitions', async () => {
    const series = only(await open('slab.dat'));
    expect(series.axes[0]).toEqual({ name: 'slice', length: 4 });
    // y_p = line + p/2 + i·(sample + 64·channel), centre p = 2: (Σ_p y_p)/2 at z = 2, (Σ_p (−1)^p y_p)/2 at z = 0.
    expect(at((await series.read(2)) as NdArray, 0, 3, 5)).toEqual([11.5, 6]);
    const edge = at((await series.read(0)) as NdArray, 0, 3, 5);
    expect(edge[0]).toBeCloseTo(-0.5, 5);
    expect(edge[1]).toBeCloseTo(0, 5);
    expect(series.geometry?.positions.map(([, , z]) => z)).toEqual([-2.5, -1.25, 0, 1.25]);
  });

  it('puts the centre of an asymmetric echo in the middle and leaves cut samples out', async () => {
    const slice = (await only(await open('asymmetric.dat')).read(0)) as NdArray;
    // Centre sample 8 lies on row 16; two samples in front and one behind are cut.
    expect([at(slice, 0, 16, 3), at(slice, 0, 9, 3), at(slice, 0, 10, 3), at(slice, 0, 31, 3)]).toEqual([[3, 8], [0, 0], [3, 2], [0, 0]]);
  });

  it('refuses trajectories that are not Cartesian', async () => {
    await expect(open('radial.dat')).rejects.toMatchObject({ code: 'input.unsupported', file: 'radial.dat' });
  });
});

describe('the raw-data doctor of Siemens files', () => {
  it('deals readouts out that the line counter counts, and believes the counter when told', async () => {
    const recording = await open('echoes.dat');
    expect(only(recording).axes[0]).toEqual({ name: 'echo', length: 2 });
    expect(recording.findings?.find(({ id }) => id === 'lines-count-adcs')?.fix?.applied).toBe(true);
    const counted = await openWith('echoes.dat', ['lines-as-counted']);
    expect(only(counted)).toMatchObject({ slices: 1, columns: 32 });
    expect(counted.findings?.find(({ id }) => id === 'lines-as-counted')?.fix?.applied).toBe(true);
    expect(at((await only(recording).read(1)) as NdArray, 0, 3, 5)).toEqual(at((await only(counted).read(0)) as NdArray, 0, 3, 11));
  });

  it('sees a missing end mark and oversampling that the header denies', async () => {
    const recording = await open('oversampled.dat');
    expect(ids(recording)).toEqual(['end-mark', 'readout-oversampling']);
    expect(only(recording).output).toEqual({ rows: 32, columns: 16 });
    expect(only(await openWith('oversampled.dat', ['readout-oversampling'])).output).toEqual({ rows: 16, columns: 16 });
  });

  it('reads what is complete of a truncated file, and drops a repetition that is not', async () => {
    const open = async (name: string, length: number): Promise<ReadRecording> => openFixture(twixReader, `twix/${name}`, fixtureBytes(`twix/${name}`).subarray(0, length));
    const whole = fixtureBytes('twix/vb.dat').length;
    const one = await open('vb.dat', whole - 2000);
    expect(ids(one)).toEqual(['truncated']);
    expect(Array.from(only(one).acquired ?? []).join('')).toBe('1111111111111000');
    expect(at((await only(one).read(0)) as NdArray, 1, 2, 11)).toEqual([11, 66]);
    const two = await open('slices.dat', 80_000);
    expect(two.findings?.[0]).toMatchObject({ id: 'truncated', severity: 'warning' });
    expect(only(two).axes[0]).toEqual({ name: 'slice', length: 2 });
    expect(only(two).acquired).toBeNull();
  });
});

import { describe, expect, it } from 'vitest';
import type { ReadOptions } from '../../../src/array/read-options.ts';
import type { Series } from '../../../src/array/recording.ts';
import { memorySource } from '../../../src/formats/byte-source.ts';
import { hdf5Reader } from '../../../src/formats/hdf5/reader.ts';
import type { ReadRecording } from '../../../src/formats/reader.ts';
import { fixtureBytes } from '../../support/format-fixtures.ts';

function open(name: string, ...fixes: string[]): Promise<ReadRecording> {
  const bytes = fixtureBytes(`hdf5/${name}.h5`);
  const options: ReadOptions | undefined = fixes.length === 0 ? undefined : { fixes };
  return hdf5Reader.open([memorySource(`${name}.h5`, bytes)], { id: 'ab', name: `${name}.h5`, bytes: bytes.length }, options);
}

/** Columns of the first slice that hold something. */
async function columnsOf({ series: [series] }: ReadRecording): Promise<number[]> {
  const { coils, rows, columns } = series as Series;
  const { data } = await (series as Series).read(0);
  return Array.from({ length: columns }, (_, c) => c).filter((c) => Array.from({ length: coils * rows }, (_, r) => data[2 * (r * columns + c)]).some((v) => v !== 0));
}

const find = ({ findings = [] }: ReadRecording, id: string) => findings.find((finding) => finding.id === id);

describe('contradictions of header and data', () => {
  it('are all found, and the header is believed', async () => {
    const recording = await open('ismrmrd_contradictions');
    expect((recording.findings ?? []).map(({ id }) => id).sort()).toEqual(
      ['centre-line', 'centre-sample', 'limits-of-lines', 'lines-outside', 'matrix-too-small', 'noise-channels', 'readout-samples', 'receiver-channels'],
    );
    expect(find(recording, 'limits-of-lines')).toMatchObject({ stated: expect.stringContaining('0 to 7'), found: expect.stringContaining('0 to 13') });
    expect(find(recording, 'receiver-channels')).toMatchObject({ stated: expect.stringContaining('5'), found: expect.stringContaining('2') });
    // Twelve columns about line 4: lines 10 to 13 do not fit. Of 32 samples where 16 are stated, the image shows the middle 8 of 16 pixels' worth.
    expect(recording.series[0]).toMatchObject({ columns: 12, rows: 32, output: { rows: 8, columns: 12 } });
    expect((recording.series[0] as Series).readNoise).toBeUndefined();
    expect(await columnsOf(recording)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    await recording.close();
  });

  it('are mended where a person says so', async () => {
    const recording = await open('ismrmrd_contradictions', 'centre-line', 'matrix-too-small', 'readout-samples');
    for (const id of ['centre-line', 'matrix-too-small', 'readout-samples']) expect(find(recording, id)).toMatchObject({ fix: { applied: true } });
    expect(recording.series[0]).toMatchObject({ columns: 14, rows: 32, output: { rows: 32, columns: 12 } });
    // Line 9 on column 7: lines 2 to 13 fit, and 14 columns hold what was 12 lines away.
    expect(await columnsOf(recording)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    await recording.close();
  });
});

describe('separate calibration lines', () => {
  it('fill the lines that the image lacks, but not those of another size', async () => {
    const recording = await open('ismrmrd_separate');
    expect(await columnsOf(recording)).toEqual([0, 2, 4, 5, 6, 7, 8, 10]);
    expect(find(recording, 'calibration-of-other-size')).toBeDefined();
    expect(find(recording, 'noise-bandwidth')).toMatchObject({ field: 'acquisitionSystemInformation/relativeReceiverNoiseBandwidth' });
    await recording.close();
  });

  it('are left out where a person says so', async () => {
    const recording = await open('ismrmrd_separate', 'calibration-left-out');
    expect(await columnsOf(recording)).toEqual([0, 2, 4, 6, 8, 10]);
    expect([...((recording.series[0] as Series).acquired ?? [])]).toEqual([1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0]);
    await recording.close();
  });
});

describe('trajectories that a Cartesian header hides', () => {
  it('are left alone unless they are followed', async () => {
    const believed = await open('ismrmrd_spokes_as_cartesian');
    expect(believed.series[0]?.trajectory).toBeUndefined();
    expect(find(believed, 'trajectory-ignored')).toMatchObject({ fix: { applied: false } });
    await believed.close();
    const followed = await open('ismrmrd_spokes_as_cartesian', 'trajectory-ignored');
    expect(followed.series[0]).toMatchObject({ trajectory: { kind: 'other', matrix: { rows: 16, columns: 16 } }, rows: 32, columns: 16 });
    await followed.close();
  });
});

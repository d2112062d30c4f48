import { describe, expect, it } from 'vitest';
import { decodeNpy } from '../../../src/array/npy.ts';
import type { ReadOptions } from '../../../src/array/read-options.ts';
import type { Series } from '../../../src/array/recording.ts';
import { memorySource } from '../../../src/formats/byte-source.ts';
import { hdf5Reader } from '../../../src/formats/hdf5/reader.ts';
import { firstRow } from '../../../src/formats/ismrmrd/arrange.ts';
import type { Acquisition } from '../../../src/formats/ismrmrd/acquisitions.ts';
import { FLAG, hasFlag, isCompressed, roleOf } from '../../../src/formats/ismrmrd/flags.ts';
import { type Encoding, parseIsmrmrdHeader } from '../../../src/formats/ismrmrd/header.ts';
import { readoutRampOf } from '../../../src/formats/ismrmrd/navigators.ts';
import type { ReadRecording } from '../../../src/formats/reader.ts';
import { fixtureBytes } from '../../support/format-fixtures.ts';

const npy = (name: string): number[] => [...(decodeNpy(fixtureBytes(`hdf5/${name}.npy`)).data as Float32Array)];

function open(name: string, options?: ReadOptions): Promise<ReadRecording> {
  const bytes = fixtureBytes(`hdf5/${name}.h5`);
  return hdf5Reader.open([memorySource(`${name}.h5`, bytes)], { id: 'ab', name: `${name}.h5`, bytes: bytes.length }, options);
}

async function all(series: Series): Promise<number[]> {
  const out: number[] = [];
  for (let slice = 0; slice < series.slices; slice++) out.push(...(await series.read(slice)).data);
  return out;
}

const idsOf = ({ findings = [] }: ReadRecording): string[] => findings.map(({ id }) => id);

describe('EPI', () => {
  it('turns lines and navigators round, and says which were read backwards', async () => {
    const recording = await open('ismrmrd_epi');
    const series = recording.series[0] as Series;
    expect(series).toMatchObject({ slices: 2, coils: 2, rows: 16, columns: 12, acquired: null });
    expect(await all(series)).toEqual(npy('ismrmrd_epi_kspace'));
    expect([...(series.backwards ?? [])]).toEqual([1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0]);
    const navigators = [];
    for (const slice of [0, 1]) {
      const found = await series.readNavigators?.(slice);
      expect(found?.data.shape).toEqual([2, 16, 3]);
      expect([...(found?.backwards ?? [])]).toEqual([0, 1, 0]);
      navigators.push(...(found?.data.data ?? []));
    }
    expect(navigators).toEqual(npy('ismrmrd_epi_navigators'));
    expect(recording.warnings.join('\n')).toMatch(/6 navigator readouts were kept apart[\s\S]*2 dummy readouts were left out/);
    await expect(series.readNavigators?.(2)).rejects.toMatchObject({ code: 'usage.invalid' });
    await recording.close();
  });

  it('gives the noise the strength that it has in the image', async () => {
    const recording = await open('ismrmrd_epi');
    const noise = await (recording.series[0] as Series).readNoise?.();
    expect(noise?.shape).toEqual([2, 16]);
    // 20 µs against 5 µs between samples, and a receiver that lets 0.8 of the bandwidth through: √(20 / 5 / 0.8).
    const expected = npy('ismrmrd_epi_noise').map((v) => v * Math.sqrt(5));
    for (const [i, value] of (noise?.data ?? []).entries()) expect(value).toBeCloseTo(expected[i] as number, 5);
    expect(idsOf(recording)).toEqual([]);
    await recording.close();
  });
});

describe('an asymmetric echo', () => {
  it('lies about its centre sample without what is discarded, forwards and backwards', async () => {
    const recording = await open('ismrmrd_echo');
    const expected = npy('ismrmrd_echo_kspace').map((v, i) => (Math.floor(i / 24) % 16 < 5 ? 0 : v));
    expect(await all(recording.series[0] as Series)).toEqual(expected);
    expect(idsOf(recording)).toContain('partial-echo');
    await recording.close();
  });

  it.each([
    ['in the middle where no centre is stated', { samples: 10, centreSample: 0 }, 3],
    ['about the centre', { samples: 10, centreSample: 8 }, 0],
    ['about the centre of what is kept', { samples: 10, discardBefore: 4, centreSample: 6 }, 6],
    ['not at all where it is too long', { samples: 17, centreSample: 8 }, -1],
    ['not at all where the centre pushes it out', { samples: 12, centreSample: 2 }, -1],
  ])('is placed %s', (_, head, row) => {
    expect(firstRow({ flags: 0, highFlags: 0, discardBefore: 0, discardAfter: 0, ...head } as Acquisition, 16)).toBe(row);
  });
});

describe('a second phase encoding', () => {
  it('is the axis of partitions, placed by its own centre, zero where the scanner skipped', async () => {
    const recording = await open('ismrmrd_partitions');
    const series = recording.series[0] as Series;
    expect(series.axes.map((a) => [a.name, a.length])).toEqual([['partition', 8], ['coil', 2], ['row', 16], ['column', 12]]);
    const expected = npy('ismrmrd_partitions_kspace').map((v, i) => {
      const [partition, column] = [Math.floor(i / 768), Math.floor(i / 2) % 12];
      // Steps 0 to 5 about 3 in 8 partitions: 1 to 6.
      return partition === 0 || partition === 7 || (partition === 1 && (column < 2 || column > 9)) ? 0 : v;
    });
    expect(await all(series)).toEqual(expected);
    expect(series.acquired).toBeNull();
    expect(series.geometry?.positions.map((p) => p[2])).toEqual([-4, -3, -2, -1, 0, 1, 2, 3].map((n) => n * (5 / 8)));
    expect(recording.warnings.join('\n')).toMatch(/partitions were sampled differently/);
    await recording.close();
  });
});

describe('several groups', () => {
  it('are a series each, and one that cannot be read does not keep the others closed', async () => {
    const recording = await open('ismrmrd_groups');
    expect(recording.series.map(({ title }) => title)).toEqual(['dataset: k-space', 'second: k-space']);
    expect(new Set(recording.series.map(({ id }) => id)).size).toBe(2);
    const [second, first] = [npy('ismrmrd_groups_kspace').slice(0, 768), npy('ismrmrd_groups_kspace').slice(768)];
    expect([await all(recording.series[0] as Series), await all(recording.series[1] as Series)]).toEqual([first, second]);
    expect(recording.findings).toMatchObject([{ severity: 'error', found: expect.stringMatching(/bring no trajectory/) }]);
    await recording.close();
  });
});

describe('flags', () => {
  const role = (...flags: number[]): string => {
    const low = flags.filter((f) => f <= 32).reduce((bits, f) => bits | (1 << (f - 1)), 0) >>> 0;
    return roleOf({ flags: low, highFlags: 0, samples: 8, channels: 1 });
  };

  it('decide what a readout is for', () => {
    expect(role()).toBe('imaging');
    expect(role(1, 2, 7, 8, 14, 25)).toBe('imaging');
    expect(role(FLAG.calibration)).toBe('calibration');
    expect(role(FLAG.calibration, FLAG.calibrationAndImaging)).toBe('imaging');
    expect(role(FLAG.calibrationAndImaging, FLAG.reverse)).toBe('imaging');
    expect(role(FLAG.noise, FLAG.calibration)).toBe('noise');
    expect([role(FLAG.navigation), role(FLAG.phaseCorrection, FLAG.reverse)]).toEqual(['navigator', 'navigator']);
    for (const flag of [FLAG.feedbackHp, FLAG.feedbackRt, FLAG.dummy, FLAG.surfaceCoilCorrection, FLAG.phaseStabilization, FLAG.phaseStabilizationReference]) {
      expect(role(flag)).toBe('left-out');
    }
    expect(roleOf({ flags: 0, highFlags: 0, samples: 0, channels: 4 })).toBe('left-out');
  });

  it('are looked up in both halves of the 64 bits', () => {
    expect(hasFlag({ flags: 0x8000_0000, highFlags: 0 }, 32)).toBe(true);
    expect(isCompressed({ flags: 0, highFlags: 1 << (FLAG.compression1 - 33) })).toBe(true);
    expect(isCompressed({ flags: 0xffff_ffff, highFlags: 0 })).toBe(false);
  });
});

describe('sampled ramps', () => {
  const encoding = (parameters: Readonly<Record<string, number>>, trajectory = 'epi'): Encoding => {
    const user = Object.entries(parameters).map(([name, value]) => `<userParameterDouble><name>${name}</name><value>${value}</value></userParameterDouble>`);
    const xml = `<ismrmrdHeader><encoding><trajectory>${trajectory}</trajectory><trajectoryDescription><identifier>ConventionalEPI</identifier>${user.join('')}</trajectoryDescription></encoding></ismrmrdHeader>`;
    return parseIsmrmrdHeader(xml, 'f', 'xml').encodings[0] as Encoding;
  };
  const whole = { rampUpTime: 100, flatTopTime: 300, rampDownTime: 100, acqDelayTime: 30, numSamples: 16, dwellTime: 27.5 };

  it('are told from the description of the trajectory', () => {
    expect(readoutRampOf(encoding(whole), 16)).toEqual({ up: 100, flat: 300, down: 100, delay: 30, duration: 440 });
  });

  it.each([
    ['none is on a ramp', encoding({ ...whole, acqDelayTime: 100, dwellTime: 10 }), 16],
    ['it is of other readouts', encoding(whole), 32],
    ['it samples longer than the gradient lasts', encoding({ ...whole, dwellTime: 50 }), 16],
    ['it is incomplete', encoding({ rampUpTime: 100 }), 16],
    ['the trajectory is another', encoding(whole, 'cartesian'), 16],
  ])('are not where %s', (_, description, rows) => {
    expect(readoutRampOf(description, rows)).toBeNull();
  });
});

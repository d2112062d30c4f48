import { describe, expect, it } from 'vitest';
import { decodeNpy } from '../../../src/array/npy.ts';
import type { Series } from '../../../src/array/recording.ts';
import { memorySource } from '../../../src/formats/byte-source.ts';
import { hdf5Reader } from '../../../src/formats/hdf5/reader.ts';
import type { ReadRecording } from '../../../src/formats/reader.ts';
import { fixtureBytes } from '../../support/format-fixtures.ts';

/** complex64 [coil 2, row 16, column 16]: what the fixtures' spokes were computed from, by NumPy. */
const image = decodeNpy(fixtureBytes('hdf5/ismrmrd_radial_image.npy')).data as Float32Array;

function open(name: string, ...fixes: string[]): Promise<ReadRecording> {
  const bytes = fixtureBytes(`hdf5/${name}.h5`);
  return hdf5Reader.open([memorySource(`${name}.h5`, bytes)], { id: 'ab', name: `${name}.h5`, bytes: bytes.length }, fixes.length === 0 ? undefined : { fixes });
}

/** Largest difference of the k-space from the sum that the contract of Trajectory states, over a few samples of every spoke. */
async function misfit(series: Series, slice = 0): Promise<number> {
  const { data } = await series.read(slice);
  const points = series.trajectory?.points.data as Float32Array;
  let worst = 0;
  for (let column = 0; column < series.columns; column++) {
    for (const row of [0, 9, 15, 16, 17, 31]) {
      const at = 2 * (row * series.columns + column);
      const [k0, k1] = [points[at] as number, points[at + 1] as number];
      for (let coil = 0; coil < 2; coil++) {
        let [re, im] = [0, 0];
        for (let r = 0; r < 16; r++) {
          for (let c = 0; c < 16; c++) {
            const angle = -2 * Math.PI * ((k0 * (r - 8)) / 16 + (k1 * (c - 8)) / 16);
            const [x, y] = [image[2 * ((coil * 16 + r) * 16 + c)] as number, image[2 * ((coil * 16 + r) * 16 + c) + 1] as number];
            re += x * Math.cos(angle) - y * Math.sin(angle);
            im += x * Math.sin(angle) + y * Math.cos(angle);
          }
        }
        const found = 2 * ((coil * series.rows + row) * series.columns + column);
        worst = Math.max(worst, Math.hypot(re / 16 - (data[found] as number), im / 16 - (data[found + 1] as number)));
      }
    }
  }
  return worst;
}

describe('radial acquisitions', () => {
  it.each([
    ['fractions of the matrix', 'ismrmrd_radial_matrix', /fractions of the matrix/],
    ['radians, with a constant kz', 'ismrmrd_radial_radians', /radians per pixel/],
    ['cycles, with density weights in the third place', 'ismrmrd_radial_weights', /cycles per field of view/],
  ])('are read in %s, so that the k-space is that of the image', async (_, name, words) => {
    const recording = await open(name);
    const series = recording.series[0] as Series;
    expect(series).toMatchObject({ slices: 1, coils: 2, rows: 32, columns: 30, output: { rows: 16, columns: 16 }, trajectory: { kind: 'radial', matrix: { rows: 16, columns: 16 } } });
    expect(await misfit(series)).toBeLessThan(1e-4);
    expect(recording.findings?.find(({ id }) => id === 'trajectory-units')).toMatchObject({ remedy: expect.stringMatching(words) });
    expect(recording.findings?.some(({ id }) => id === 'trajectory-third')).toBe(name.endsWith('weights'));
    await recording.close();
  });

  it('are read in another unit where a person says so', async () => {
    const recording = await open('ismrmrd_radial_radians', 'trajectory-in-cycles');
    expect(recording.findings?.find(({ id }) => id === 'trajectory-in-cycles')).toMatchObject({ fix: { applied: true } });
    const reach = Math.max(...(recording.series[0]?.trajectory?.points.data ?? []).map(Math.abs));
    expect(reach).toBeCloseTo(Math.PI, 4);
    await recording.close();
    const scaled = await open('ismrmrd_radial_matrix', 'trajectory-to-edge');
    expect(Math.max(...(scaled.series[0]?.trajectory?.points.data ?? []).map(Math.abs))).toBeCloseTo(8, 4);
    await scaled.close();
  });

  it('have their noise scan beside them', async () => {
    const recording = await open('ismrmrd_radial_matrix');
    expect((await recording.series[0]?.readNoise?.())?.shape).toEqual([2, 32]);
    await recording.close();
  });

  it('make one series with an axis where every frame repeats the angles', async () => {
    const recording = await open('ismrmrd_frames');
    expect(recording.series).toHaveLength(1);
    const series = recording.series[0] as Series;
    expect(series.axes.map((a) => [a.name, a.length])).toEqual([['volume', 3], ['slice', 1], ['coil', 2], ['row', 32], ['column', 8]]);
    for (const slice of [0, 1, 2]) expect(await misfit(series, slice)).toBeLessThan(1e-4);
    await recording.close();
  });

  it('make a series of all, and one of each frame, where the angles turn on', async () => {
    const recording = await open('ismrmrd_golden');
    expect(recording.series.map(({ title, columns }) => [title, columns])).toEqual([
      ['k-space, all 3 volumes together', 24],
      ['k-space, volume 1 of 3', 8],
      ['k-space, volume 2 of 3', 8],
      ['k-space, volume 3 of 3', 8],
    ]);
    for (const series of recording.series) expect(await misfit(series)).toBeLessThan(1e-4);
    expect(recording.findings?.some(({ id }) => id === 'trajectories-differ')).toBe(true);
    await recording.close();
  });
});

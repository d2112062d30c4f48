/** The real files against figures that a NumPy script of its own computed (test/fixtures/scripts/twix_fixtures.py --real). */
import { describe, expect, it } from 'vitest';
import { centreCrop, type NdArray } from '../../../src/array/nd-array.ts';
import type { Recording, Series } from '../../../src/array/recording.ts';
import { openPath } from '../../../src/formats/registry.ts';
import { zeroFilled } from '../../../src/mri/zero-filled.ts';
import epiPhase from '../../../src/pipeline/steps/prepare/epi-phase.ts';
import { prepare, suggestedPreparation } from '../../../src/pipeline/prepare.ts';
import real from '../../fixtures/twix/real.json' with { type: 'json' };
import { ghostLevel } from '../../support/ghost-level.ts';
import { hasData, present, TEST_DATA } from '../../support/tools.ts';

const pathOf = (name: string): string => `mri/kspace/${name}.dat`;
const there = present('real Siemens raw data', Object.fromEntries(Object.keys(real).map((name) => [`${TEST_DATA}/${pathOf(name)}`, hasData(pathOf(name))])));
const open = (name: keyof typeof real): Promise<Recording> => openPath(`${TEST_DATA}/${pathOf(name)}`);
const image = async (series: Series, slice = 0): Promise<NdArray<'float32'>> =>
  centreCrop(zeroFilled((await series.read(slice)) as NdArray<'complex64'>), series.output.rows, series.output.columns) as NdArray<'float32'>;

describe.runIf(there)('real Siemens raw data', () => {
  it.each(Object.keys(real) as (keyof typeof real)[])('%s: k-space energy and image as NumPy has them', async (name) => {
    const expected = real[name];
    const recording = await open(name);
    const series = recording.series[0] as Series;
    expect(series.slices * series.columns).toBe(expected.readouts);
    for (let slice = 0; slice < series.slices; slice++) {
      const { data } = (await series.read(slice)) as NdArray<'complex64'>;
      const energy = data.reduce((sum, value) => sum + value * value, 0);
      expect(energy / (expected.energy[slice] as number)).toBeCloseTo(1, 5);
      const picture = await image(series, slice);
      const mean = picture.data.reduce((sum, value) => sum + value, 0) / picture.data.length;
      expect(mean / (expected.mean[slice] as number)).toBeCloseTo(1, 4);
      for (const [i, [row, column]] of (expected.points as [number, number][]).entries()) {
        const pixel = picture.data[row * series.output.columns + column] as number;
        expect(pixel / (expected.pixels[slice]?.[i] as number)).toBeCloseTo(1, 3);
      }
    }
    await recording.close();
  });

  it('tells three echoes from lines, and a matrix that the header does not know', async () => {
    const recording = await open('pulseq_gre_3echo_phantom_twix');
    expect(recording.findings?.map(({ id }) => id)).toEqual(['measurement-length', 'lines-count-adcs', 'lines-as-counted', 'readout-size', 'centre-line', 'matrix-size']);
    expect(recording.series[0]).toMatchObject({ rows: 256, columns: 256, slices: 3 });
    await recording.close();
  });

  it('finds nothing odd in what the scanner’s own sequences wrote', async () => {
    for (const name of ['twixtools_gre', 'twixtools_epi'] as const) {
      const recording = await open(name);
      expect([recording.findings, recording.warnings]).toEqual([undefined, []]);
      await recording.close();
    }
  });

  it('EPI resembles the gradient-echo image of the same phantom once it is regridded and its ghost taken away', async () => {
    const [epi, gre] = [await open('twixtools_epi'), await open('twixtools_gre')];
    const series = epi.series[0] as Series;
    const calls = suggestedPreparation(series).filter(({ name }) => name.startsWith('epi'));
    expect(calls.map(({ name }) => name)).toEqual(['epi-regrid', 'epi-phase']);
    const gridded = await image(await prepare(series, calls.slice(0, 1)));
    const both = await image(await prepare(series, calls));
    const blind = await image(await epiPhase.run(await prepare(series, calls.slice(0, 1)), { from: 'image' }) as Series);
    // Measured: 0.195 before; 0.097 by navigators, 0.076 by entropy.
    expect(ghostLevel(gridded)).toBeGreaterThan(0.18);
    expect(ghostLevel(both)).toBeLessThan(0.105);
    expect(ghostLevel(blind)).toBeLessThan(0.085);
    const reference = halved(await image(gre.series[0] as Series));
    const before = correlation(await image(series), reference);
    // Measured: 0.671 as read, 0.931 on the even grid, 0.939 with the ghost taken away.
    expect(before).toBeLessThan(0.7);
    expect(correlation(gridded, reference)).toBeGreaterThan(0.92);
    expect(correlation(both, reference)).toBeGreaterThan(correlation(gridded, reference) + 0.005);
    await epi.close();
    await gre.close();
  });
});

/** Mean of 2×2 pixels. */
function halved({ data, shape }: NdArray<'float32'>): NdArray<'float32'> {
  const [rows, columns] = [(shape[0] as number) / 2, (shape[1] as number) / 2];
  const out = new Float32Array(rows * columns);
  for (let r = 0; r < 2 * rows; r++) {
    for (let c = 0; c < 2 * columns; c++) {
      const to = (r >> 1) * columns + (c >> 1);
      out[to] = (out[to] as number) + (data[r * 2 * columns + c] as number) / 4;
    }
  }
  return { dtype: 'float32', shape: [rows, columns], data: out };
}

function correlation(a: NdArray<'float32'>, b: NdArray<'float32'>): number {
  const mean = (x: Float32Array): number => x.reduce((sum, value) => sum + value, 0) / x.length;
  const [ma, mb] = [mean(a.data), mean(b.data)];
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.data.length; i++) {
    const [p, q] = [(a.data[i] as number) - ma, (b.data[i] as number) - mb];
    ab += p * q;
    aa += p * p;
    bb += q * q;
  }
  return ab / Math.sqrt(aa * bb);
}

import { describe, expect, it } from 'vitest';
import { type NdArray, ndArray } from '../../src/array/nd-array.ts';
import type { Series } from '../../src/array/recording.ts';
import { mm } from '../../src/array/units.ts';
import { describeScan, simulateSeries } from '../../src/mri/simulate-series.ts';
import { ifft2c } from '../../src/transform/fft.ts';

const scan = { coils: 4, phase: true, snr: 0, seed: 1 };

function imageSeries(change: Partial<Series> = {}, level = 100): Series {
  return {
    id: 'image-1',
    title: 'Square',
    domain: 'image',
    dtype: 'float32',
    axes: [
      { name: 'slice', length: 3, spacing: mm(4) },
      { name: 'row', length: 24 },
      { name: 'column', length: 20 },
    ],
    slices: 3,
    coils: 1,
    rows: 24,
    columns: 20,
    output: { rows: 24, columns: 20 },
    attributes: [{ label: 'Sequence', value: 'none' }],
    window: { centre: 50, width: 100 },
    read(slice) {
      const inside = (i: number) => Math.abs(Math.floor(i / 20) - 12) < 8 && Math.abs((i % 20) - 10) < 6;
      const data = Float32Array.from({ length: 480 }, (_, i) => (inside(i) ? level * (1 + slice) : 0));
      return Promise.resolve(ndArray('float32', [24, 20], data));
    },
    ...change,
  };
}

/** Standard deviation of one part of the noise, from the difference to the noise-free scan. */
async function noiseOf(series: Series, snr: number, slice: number): Promise<number> {
  const noisy = (await simulateSeries(series, { ...scan, snr }).read(slice)) as NdArray<'complex64'>;
  const clean = (await simulateSeries(series, scan).read(slice)) as NdArray<'complex64'>;
  const sum = noisy.data.reduce((total, v, i) => total + (v - (clean.data[i] as number)) ** 2, 0);
  return Math.sqrt(sum / noisy.data.length);
}

describe('simulateSeries', () => {
  it('is a k-space series that says it was simulated and keeps what it knew', () => {
    const series = simulateSeries(imageSeries(), { ...scan, snr: 25 });
    expect(series).toMatchObject({
      id: 'image-1',
      title: 'Square (simulated 4-coil acquisition)',
      domain: 'kspace',
      dtype: 'complex64',
      coils: 4,
      slices: 3,
      rows: 24,
      columns: 20,
      output: { rows: 24, columns: 20 },
      acquired: null,
      window: { centre: 50, width: 100 },
    });
    expect(series.axes.map(({ name, length }) => [name, length])).toEqual([
      ['slice', 3],
      ['coil', 4],
      ['row', 24],
      ['column', 20],
    ]);
    expect(series.attributes).toEqual([
      { label: 'Sequence', value: 'none' },
      { label: 'Acquisition', value: 'Simulated: 4 coils, smooth phase, SNR 25, seed 1' },
    ]);
  });

  it('leaves the root-sum-of-squares of the full k-space as the reference, not the image’s own', () => {
    const given = imageSeries({ readReference: () => Promise.reject(new Error('not this one')) });
    expect(simulateSeries(given, scan).readReference).toBeUndefined();
  });

  it('gives each slice’s image back, without noise', async () => {
    const series = simulateSeries(imageSeries(), scan);
    const coils = ifft2c((await series.read(2)) as NdArray<'complex64'>);
    const centre = 12 * 20 + 10;
    let power = 0;
    for (let c = 0; c < 4; c++)
      power += (coils.data[2 * (c * 480 + centre)] as number) ** 2 + (coils.data[2 * (c * 480 + centre) + 1] as number) ** 2;
    expect(Math.sqrt(power)).toBeCloseTo(300, 3);
  });

  it('has noise of the middle slice’s foreground over SNR, in every slice alike', async () => {
    // The middle slice is 200 in its foreground; 3840 values give the deviation to about 1.1 %.
    expect(Math.abs((await noiseOf(imageSeries(), 20, 0)) / (200 / 20) - 1)).toBeLessThan(0.05);
    expect(Math.abs((await noiseOf(imageSeries(), 20, 2)) / (200 / 20) - 1)).toBeLessThan(0.05);
  });

  it('reads the same bits every time, in any order', async () => {
    const [a, b] = [simulateSeries(imageSeries(), { ...scan, snr: 9 }), simulateSeries(imageSeries(), { ...scan, snr: 9 })];
    await a.read(0);
    expect(await a.read(1)).toEqual(await b.read(1));
    expect(await a.read(1)).toEqual(await a.read(1));
  });

  it('refuses k-space, coil images, and slices beyond 2 GiB', () => {
    expect(() => simulateSeries(imageSeries({ domain: 'kspace' }), scan)).toThrow(/not a plain image series/);
    expect(() => simulateSeries(imageSeries({ coils: 3 }), scan)).toThrow(/not a plain image series/);
    expect(() => simulateSeries(imageSeries({ rows: 8192, columns: 8192 }), { ...scan, coils: 16 })).toThrow(/exceed 2 GiB/);
  });
});

it('describeScan names coils, phase, noise and seed', () => {
  expect(describeScan({ coils: 1, phase: false, snr: 0, seed: 7 })).toBe('Simulated: 1 coil, no added phase, no noise, seed 7');
});

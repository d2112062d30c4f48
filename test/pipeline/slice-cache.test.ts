import { describe, expect, it } from 'vitest';
import { zeros } from '../../src/array/nd-array.ts';
import { combinedReference } from '../../src/mri/combined-reference.ts';
import { rootSumOfSquares } from '../../src/mri/root-sum-of-squares.ts';
import { isFullySampled, SliceCache } from '../../src/pipeline/slice-cache.ts';
import { ifft2c } from '../../src/transform/fft.ts';
import { memorySeries } from '../support/memory-series.ts';

describe('SliceCache', () => {
  it('reads a slice once, also when it is asked for twice at the same time', async () => {
    const series = memorySeries([2, 3, 8, 10]);
    const cache = new SliceCache(series);
    const [a, b] = await Promise.all([cache.kspace(1), cache.kspace(1)]);
    expect(a).toBe(b);
    expect(await cache.kspace(1)).toBe(a);
    await cache.reference(1);
    await cache.kspaceView(1);
    expect(series.reads.length).toBeLessThanOrEqual(2);
    expect(new Set(series.reads)).toEqual(new Set([1]));
  });

  it.each([NaN, Infinity])('refuses %s among the samples, and says where', async (bad) => {
    const series = memorySeries([2, 3, 8, 10]);
    const kspace = zeros('complex64', [3, 8, 10]);
    kspace.data[2 * (1 * 80 + 4 * 10 + 7) + 1] = bad;
    await expect(new SliceCache({ ...series, read: () => Promise.resolve(kspace) }).kspace(1)).rejects.toMatchObject({
      code: 'input.malformed', message: expect.stringMatching(/slice 1, coil 1, row 4, column 7/) as string,
    });
  });

  it('lets go of what goes beyond 256 MiB', async () => {
    // 100 MiB a slice, all of them the same zeros.
    const large = zeros('complex64', [1, 5120, 2560]);
    const series = memorySeries([4, 1, 8, 8], { rows: 5120, columns: 2560 });
    let reads = 0;
    const read = () => {
      reads++;
      return Promise.resolve(large);
    };
    const cache = new SliceCache({ ...series, read });
    for (const slice of [0, 1, 2, 2, 1, 0]) await cache.kspace(slice);
    expect(reads).toBe(4);
  });

  it('takes the root-sum-of-squares of the coil images, cropped, as reference', async () => {
    const series = memorySeries([1, 3, 12, 10], { output: { rows: 8, columns: 6 } });
    const reference = await new SliceCache(series).reference(0);
    const full = rootSumOfSquares(ifft2c(await new SliceCache(series).kspace(0)));
    expect(reference?.shape).toEqual([8, 6]);
    expect(reference?.data[0]).toBeCloseTo(full.data[2 * 10 + 2] ?? Number.NaN, 6);
  });

  it('combines the coil images with maps of their own where that is asked for, and keeps both references', async () => {
    const series = memorySeries([2, 3, 12, 10], { output: { rows: 8, columns: 6 } });
    const cache = new SliceCache(series);
    const combined = await cache.reference(0, 'combined');
    expect(combined?.shape).toEqual([8, 6]);
    expect(combined?.data[0]).toBeCloseTo(combinedReference(await cache.kspace(0)).data[2 * 10 + 2] ?? Number.NaN, 6);
    const rss = await cache.reference(0);
    expect(rss?.data[0]).not.toBeCloseTo(combined?.data[0] ?? Number.NaN, 3);
    expect(await cache.reference(0, 'combined')).toBe(combined);
    expect(await cache.reference(0, 'root-sum-of-squares')).toBe(rss);
    expect(cache.describeReference('combined')).toContain('ESPIRiT');
  });

  it('has a range for each reference, and looks ahead for the quick one alone', async () => {
    const cache = new SliceCache(memorySeries([2, 3, 12, 10]));
    await cache.reference(0, 'combined');
    while (await cache.advanceRange());
    expect(cache.volumeRange()).not.toBeNull();
    expect(cache.volumeRange('combined')).toBeNull();
    const both = await Promise.all([0, 1].map(async (slice) => Math.max(...((await cache.reference(slice, 'combined'))?.data ?? []))));
    expect(cache.volumeRange('combined')).toBe(Math.max(...both));
  });

  it('has the file’s own reference, or none, where the scanner undersampled', async () => {
    const acquired = Uint8Array.from({ length: 10 }, (_, c) => c % 2);
    const without = memorySeries([1, 2, 8, 10], { acquired });
    expect(isFullySampled(without)).toBe(false);
    expect(await new SliceCache(without).reference(0)).toBeNull();
    expect(await new SliceCache(without).advanceRange()).toBe(false);
    const image = zeros('float32', [8, 10]);
    const withOne = { ...without, readReference: () => Promise.resolve(image) };
    expect(await new SliceCache(withOne).reference(0)).toBe(image);
    expect(await new SliceCache(withOne).reference(0, 'combined')).toBe(image);
    expect(new SliceCache(withOne).describeReference('combined')).toBe('the image that the file holds');
  });

  it('has none along a trajectory, whose samples are no image of the grid', async () => {
    const trajectory = { kind: 'radial', points: zeros('float32', [8, 10, 2]), matrix: { rows: 16, columns: 16 } } as const;
    const spokes = memorySeries([1, 2, 8, 10], { trajectory, output: { rows: 16, columns: 16 } });
    expect(isFullySampled(spokes)).toBe(false);
    expect(await new SliceCache(spokes).reference(0)).toBeNull();
    expect(await new SliceCache(spokes).advanceRange()).toBe(false);
  });

  it('knows the range of the volume once every slice was looked at', async () => {
    const series = memorySeries([3, 2, 8, 8]);
    const cache = new SliceCache(series);
    const first = await cache.reference(1);
    expect(cache.volumeRange()).toBeNull();
    while (await cache.advanceRange());
    const maxima = await Promise.all([0, 1, 2].map(async (slice) => Math.max(...((await cache.reference(slice))?.data ?? []))));
    expect(cache.volumeRange()).toBe(Math.max(...maxima));
    expect(Math.max(...(first?.data ?? []))).toBe(maxima[1]);
  });
});

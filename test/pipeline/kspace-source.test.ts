import { describe, expect, it } from 'vitest';
import { asKspace, defaultAcquire } from '../../src/pipeline/kspace-source.ts';
import { fft2c } from '../../src/transform/fft.ts';
import { memorySeries } from '../support/memory-series.ts';
import { relativeError } from '../support/random-array.ts';

describe('asKspace', () => {
  it('gives measured k-space as it is', async () => {
    const series = memorySeries([1, 2, 8, 8]);
    expect(await asKspace(series, undefined)).toBe(series);
    expect(defaultAcquire(series)).toBeUndefined();
  });

  it('transforms complex coil images, which it leaves as they were', async () => {
    const series = memorySeries([1, 3, 8, 9], { domain: 'image' });
    const image = await series.read(0);
    const before = image.data.slice();
    const kspace = await asKspace(series, undefined);
    expect(kspace).toMatchObject({ domain: 'kspace', dtype: 'complex64', acquired: null });
    const expected = fft2c({ ...image, data: before.slice() } as Parameters<typeof fft2c>[0]);
    expect(relativeError((await kspace.read(0)).data, expected.data)).toBeLessThan(1e-6);
    expect(image.data).toEqual(before);
  });

  it('simulates an acquisition of an image of one channel', async () => {
    const series = memorySeries([1, 1, 8, 8], { domain: 'image' });
    expect(defaultAcquire(series)).toEqual({ name: 'multicoil', params: {} });
    expect((await asKspace(series, undefined)).coils).toBe(8);
    expect((await asKspace(series, { name: 'multicoil', params: { coils: 3 } })).coils).toBe(3);
  });

  it('refuses a simulation of measured data, and matrices too small to sample', async () => {
    await expect(asKspace(memorySeries([1, 2, 8, 8]), { name: 'multicoil', params: {} })).rejects.toMatchObject({ code: 'usage.invalid', field: 'acquire' });
    await expect(asKspace(memorySeries([1, 2, 7, 8]), undefined)).rejects.toMatchObject({ code: 'usage.unsupported' });
  });
});

import { describe, expect, it } from 'vitest';
import type { NdArray } from '../../../src/array/nd-array.ts';
import { checkParams, findStep } from '../../../src/pipeline/registry.ts';
import { ifft2c } from '../../../src/transform/fft.ts';

async function make(name: string, params: Record<string, number | string> = {}) {
  const step = findStep('sample', name);
  return step.run(checkParams(step, params));
}

/** Root-sum-of-squares of the coil images. */
function rss(kspace: NdArray<'complex64'>): Float64Array {
  const [coils, rows, columns] = kspace.shape as [number, number, number];
  const images = ifft2c(kspace).data;
  const n = rows * columns;
  const out = new Float64Array(n);
  for (let i = 0; i < coils * n; i++)
    out[i % n] = (out[i % n] as number) + (images[2 * i] as number) ** 2 + (images[2 * i + 1] as number) ** 2;
  return out.map(Math.sqrt);
}

describe('sample steps', () => {
  it('brain: eight slices of eight coils at 320×320, with geometry, not read before it is asked for', async () => {
    const recording = await make('brain');
    const [series] = recording.series;
    expect(recording).toMatchObject({ name: 'brain-t1', format: 'sample', bytes: 8 * 8 * 320 * 320 * 8, warnings: [] });
    expect(series).toMatchObject({ domain: 'kspace', coils: 8, slices: 8, rows: 320, columns: 320, output: { rows: 320, columns: 320 } });
    expect(series?.title).toContain('simulated');
    expect(series?.attributes.map(({ label }) => label)).toEqual(['Subject', 'Contrast', 'Pixel', 'Acquisition']);
    expect(series?.geometry?.positions).toHaveLength(8);
    // Voxels lie symmetrically about the scanner's origin: the first is 160 pixels of 230/320 mm to the right and front.
    expect(series?.geometry?.positions[0]).toEqual([-115, -115, 2]);
    expect(series?.geometry?.positions[7]).toEqual([-115, -115, 44]);
  });

  it('brain-small: reads a slice that is a head in k-space, the same to the bit every time', async () => {
    const [first, second] = [await make('brain-small'), await make('brain-small')];
    expect(await first.sha256()).toBe(await second.sha256());
    const kspace = (await first.series[0]?.read(1)) as NdArray<'complex64'>;
    expect(kspace.shape).toEqual([4, 192, 160]);
    expect((await second.series[0]?.read(1))?.data).toEqual(kspace.data);
    const image = rss(kspace);
    const foreground = image.filter((value) => value > 0.2).length / image.length;
    expect(foreground).toBeGreaterThan(0.3);
    expect(foreground).toBeLessThan(0.6);
    // Noise alone in the corner, σ = 0.69/60 a part: the mean of a χ distribution of 2·4 degrees of freedom is 2.742 σ.
    const corner = image.filter((_, i) => i % 160 < 20 && i < 160 * 20);
    expect(corner.reduce((sum, v) => sum + v, 0) / corner.length / (0.69 / 60)).toBeCloseTo(2.742, 1);
  });

  it('the hash tells apart whatever gives other bits', async () => {
    const hashes = await Promise.all(
      [{}, { contrast: 't2' }, { seed: 2 }, { snr: 10 }].map(async (params) => (await make('brain-small', params)).id),
    );
    hashes.push(
      (await make('brain', { coils: 4 })).id,
      (await make('brain', { matrix: 256 })).id,
      (await make('brain', { slices: 3 })).id,
    );
    expect(new Set(hashes).size).toBe(7);
    for (const hash of hashes) expect(hash).toMatch(/^[0-9a-f]{64}$/);
  });

  it('refuses slices that do not exist, and reading after closing', async () => {
    const recording = await make('brain-small');
    await expect(recording.series[0]?.read(3)).rejects.toMatchObject({ code: 'usage.invalid', field: 'slice' });
    await recording.close();
    await expect(recording.series[0]?.read(0)).rejects.toMatchObject({ code: 'io.read', file: 'brain-small' });
  });
});

/** Pre-whitening and coil compression, as the pipeline runs them. */
import { describe, expect, it } from 'vitest';
import type { NdArray } from '../../../../src/array/nd-array.ts';
import type { Series } from '../../../../src/array/recording.ts';
import { noiseCovariance } from '../../../../src/mri/prewhiten.ts';
import { prepare, suggestedPreparation } from '../../../../src/pipeline/prepare.ts';
import compressCoils, { firstAtPlace } from '../../../../src/pipeline/steps/prepare/compress-coils.ts';
import prewhiten from '../../../../src/pipeline/steps/prepare/prewhiten.ts';
import { memorySeries } from '../../../support/memory-series.ts';
import { randomComplex } from '../../../support/random-array.ts';

const noise = randomComplex([4, 300], 9);
const noisy = (change: Partial<Series> = {}): Series => memorySeries([3, 4, 16, 12], { readNoise: () => Promise.resolve(noise), ...change });
const energy = (x: NdArray): number => Array.from(x.data as Float32Array).reduce((sum, value) => sum + value * value, 0);
const names = (series: Series): string[] => suggestedPreparation(series).map(({ name }) => name);

describe('prewhiten', () => {
  it('is suggested where there is a noise scan, and refuses where there is none', () => {
    expect(names(noisy())).toContain('prewhiten');
    expect(names(memorySeries([1, 4, 8, 8]))).not.toContain('prewhiten');
    expect(prewhiten.refuses(memorySeries([1, 4, 8, 8]))).toMatch(/no noise scan/);
    expect(prewhiten.refuses(memorySeries([1, 1, 8, 8], { readNoise: () => Promise.resolve(noise) }))).toMatch(/at least two channels/);
  });

  it('whitens what is read, the noise scan and navigators alike, and says so', async () => {
    const navigators = { data: randomComplex([4, 16, 3], 4), backwards: Uint8Array.from([0, 1, 0]) };
    const series = await prepare(noisy({ readNavigators: () => Promise.resolve(navigators) }), [{ name: 'prewhiten', params: {} }]);
    expect(series.attributes.at(-1)?.value).toMatch(/^300 noise samples, σ 0\.4\d+, correlation up to 0\.\d\d$/);
    const psi = noiseCovariance((await series.readNoise?.()) as NdArray<'complex64'>);
    expect((psi[2] ?? NaN) / (psi[0] ?? NaN)).toBeCloseTo(0, 5);
    expect((psi[10] ?? NaN) / (psi[0] ?? NaN)).toBeCloseTo(1, 5);
    const [before, after] = [await noisy().read(0), await series.read(0)];
    expect(after.shape).toEqual(before.shape);
    expect(energy(after) / energy(before)).toBeGreaterThan(0.8);
    expect(energy(after) / energy(before)).toBeLessThan(1.2);
    const turned = await series.readNavigators?.(0);
    expect(turned?.data.shape).toEqual([4, 16, 3]);
    expect(turned?.backwards).toEqual(navigators.backwards);
  });

  it('serves k-space along a trajectory', async () => {
    const trajectory = { kind: 'radial', points: { dtype: 'float32', shape: [16, 12, 2], data: new Float32Array(384) }, matrix: { rows: 16, columns: 16 } } as const;
    const series = await prepare(noisy({ trajectory }), [{ name: 'prewhiten', params: {} }]);
    expect((await series.read(0)).shape).toEqual([4, 16, 12]);
    expect(series.trajectory).toBe(trajectory);
  });
});

describe('compress-coils', () => {
  it('is off unless asked for, and leaves few channels alone', async () => {
    expect(names(memorySeries([1, 12, 8, 8]))).not.toContain('compress-coils');
    const few = memorySeries([1, 4, 16, 12]);
    expect(await prepare(few, [{ name: 'compress-coils', params: { virtualCoils: 4 } }])).toBe(few);
    expect(compressCoils.refuses(memorySeries([1, 1, 8, 8]))).toMatch(/at least two channels/);
  });

  it('gives the wanted number of channels, and tells how much energy they hold', async () => {
    const series = await prepare(noisy(), [{ name: 'compress-coils', params: { virtualCoils: 2 } }]);
    expect(series.coils).toBe(2);
    expect(series.axes.find(({ name }) => name === 'coil')?.length).toBe(2);
    const [before, after] = [await noisy().read(1), await series.read(1)];
    expect(after.shape).toEqual([2, 16, 12]);
    const share = energy(after) / energy(before);
    expect(series.attributes.at(-1)).toEqual({ label: 'Coil compression', value: `4 channels to 2, ${(100 * share).toFixed(2)} % of the energy kept (slice 1)` });
    expect(share).toBeGreaterThan(0.5);
    expect((await series.readNoise?.())?.shape).toEqual([2, 300]);
  });

  it('runs after pre-whitening, whatever order they are named in', async () => {
    const calls = [{ name: 'compress-coils', params: { virtualCoils: 2 } }, { name: 'prewhiten', params: {} }];
    const series = await prepare(noisy(), calls);
    expect(series.attributes.map(({ label }) => label)).toEqual(['Noise pre-whitening', 'Coil compression']);
  });

  it('keeps the same virtual coils for all frames of a slice', () => {
    const axes = [
      { name: 'frame', length: 5 }, { name: 'slice', length: 3 }, { name: 'coil', length: 2 }, { name: 'row', length: 8 }, { name: 'column', length: 8 },
    ] as const;
    expect([0, 4, 8, 14].map((slice) => firstAtPlace({ axes }, slice))).toEqual([0, 1, 2, 2]);
  });
});

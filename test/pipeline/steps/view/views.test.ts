import { describe, expect, it } from 'vitest';
import { type NdArray, subArray, zeros } from '../../../../src/array/nd-array.ts';
import { rootSumOfSquares } from '../../../../src/mri/root-sum-of-squares.ts';
import { ifft2c } from '../../../../src/transform/fft.ts';
import { openInput } from '../../../../src/pipeline/open-input.ts';
import type { StepCall } from '../../../../src/pipeline/document.ts';
import { lookAt } from '../../../support/look.ts';
import { memorySeries } from '../../../support/memory-series.ts';

const call = (name: string, params: StepCall['params'] = {}): StepCall => ({ name, params });
const brain = async () => {
  const recording = await openInput({ kind: 'sample', sample: call('brain', { matrix: 64, coils: 4, slices: 1 }) });
  const series = recording.series[0];
  if (series === undefined) throw new Error('no series');
  return series;
};
const largest = (values: Float32Array) => values.reduce((top, value) => Math.max(top, Math.abs(value)), 0);
const difference = (a: Float32Array, b: Float32Array) => largest(a.map((value, i) => value - (b[i] as number)));

describe('view coil-images', () => {
  it('is the inverse transform of every coil, by magnitude and phase, cropped to the output', async () => {
    const series = memorySeries([1, 3, 16, 12], { output: { rows: 8, columns: 12 } });
    const images = ifft2c((await series.read(0)) as NdArray<'complex64'>);
    const seen = await lookAt(series, { view: call('coil-images') });
    expect(seen).toMatchObject({ labels: ['Coil 1', 'Coil 2', 'Coil 3'], space: 'image', colormap: 'grey' });
    expect(seen.images.shape).toEqual([3, 8, 12]);
    const at = (2 * 16 + 4 + 5) * 12 + 7;
    expect(seen.images.data[(2 * 8 + 5) * 12 + 7]).toBeCloseTo(Math.hypot(images.data[2 * at] as number, images.data[2 * at + 1] as number), 6);
    const phase = await lookAt(series, { view: call('coil-images', { show: 'phase' }) });
    expect(phase).toMatchObject({ unit: 'rad', colormap: 'phase' });
    expect(phase.images.data[(2 * 8 + 5) * 12 + 7]).toBeCloseTo(Math.atan2(images.data[2 * at + 1] as number, images.data[2 * at] as number), 5);
  });

  it('shows what was recorded though the pattern drops lines', async () => {
    const series = memorySeries([1, 2, 16, 32]);
    const pattern = call('random', { acceleration: 2 });
    const all = await lookAt(series, { view: call('coil-images') });
    const recorded = await lookAt(series, { view: call('coil-images', { source: 'recorded' }), pattern });
    const sampled = await lookAt(series, { view: call('coil-images'), pattern });
    expect(difference(recorded.images.data, all.images.data)).toBe(0);
    expect(difference(sampled.images.data, all.images.data)).toBeGreaterThan(0.1);
  });
});

describe('view kspace', () => {
  it('is log10 of the magnitude, combined or coil by coil, and leaves what was not sampled at the floor', async () => {
    const series = memorySeries([1, 2, 16, 16]);
    const data = ((await series.read(0)) as NdArray<'complex64'>).data;
    const each = await lookAt(series, { view: call('kspace', { coils: 'each' }) });
    expect(each.images.shape).toEqual([2, 16, 16]);
    expect(each.images.data[300]).toBeCloseTo(Math.log10(Math.hypot(data[600] as number, data[601] as number)), 5);
    const combined = await lookAt(series, { view: call('kspace') });
    const power = [600 - 512, 600].reduce((sum, i) => sum + (data[i] as number) ** 2 + (data[i + 1] as number) ** 2, 0);
    expect(combined.images.data[300 - 256]).toBeCloseTo(0.5 * Math.log10(power), 5);
    const sampled = await lookAt(series, { view: call('kspace'), pattern: call('random', { acceleration: 2 }) });
    const floor = sampled.images.data.reduce((low, value) => Math.min(low, value), Infinity);
    expect(sampled.images.data.filter((value) => value === floor).length).toBeGreaterThanOrEqual(16 * 4);
  });

  it('shows phases coil by coil and says so', async () => {
    const seen = await lookAt(memorySeries([1, 2, 16, 16]), { view: call('kspace', { show: 'phase' }) });
    expect(seen.images.shape[0]).toBe(2);
    expect(seen.notes.join()).toContain('one by one');
    expect(largest(seen.images.data as Float32Array)).toBeLessThanOrEqual(Math.fround(Math.PI));
  });
});

describe('view line-contribution', () => {
  it('makes an image of the selected lines and one of the others, whose coil images add up', async () => {
    const series = memorySeries([1, 1, 16, 16]);
    const seen = await lookAt(series, { view: call('line-contribution', { first: 4, last: 7 }) });
    expect(seen.images.shape).toEqual([2, 16, 16]);
    const kspace = (await series.read(0)) as NdArray<'complex64'>;
    const chosen = zeros('complex64', kspace.shape);
    for (let i = 0; i < 256; i++) if (i % 16 >= 4 && i % 16 <= 7) chosen.data.set(kspace.data.subarray(2 * i, 2 * i + 2), 2 * i);
    expect(difference(subArray(seen.images, 0).data as Float32Array, rootSumOfSquares(ifft2c(chosen)).data)).toBeLessThan(1e-6);
    expect(seen.numbers[0]).toEqual({ label: 'Samples selected', value: 25, unit: '%' });
    // Parseval: the transform is orthonormal, so the energies of the two images are those of their samples.
    const energies = [0, 1].map((i) => subArray(seen.images, i).data.reduce((sum: number, value) => sum + Number(value) ** 2, 0));
    expect((100 * (energies[0] as number)) / ((energies[0] as number) + (energies[1] as number))).toBeCloseTo(seen.numbers[1]?.value ?? 0, 3);
  });

  it('selects a rectangle of points', async () => {
    const seen = await lookAt(memorySeries([1, 2, 16, 16]), { view: call('line-contribution', { first: 0, last: 7, firstRow: 8, lastRow: 15 }) });
    expect(seen.numbers[0]?.value).toBe(25);
  });

  it('with everything selected leaves the others dark, and refuses a selection that ends before it begins', async () => {
    const seen = await lookAt(memorySeries([1, 2, 16, 16]), { view: call('line-contribution') });
    expect(largest(subArray(seen.images, 1).data as Float32Array)).toBe(0);
    await expect(lookAt(memorySeries([1, 2, 16, 16]), { view: call('line-contribution', { first: 5, last: 4 }) })).rejects.toMatchObject({ code: 'usage.invalid', field: 'last' });
  });

  it('counts the readouts of a trajectory', async () => {
    const seen = await lookAt(memorySeries([1, 2, 32, 32]), { view: call('line-contribution', { first: 0, last: 3 }), pattern: call('radial', { acceleration: 2 }) });
    const readouts = Math.round(400 / (seen.numbers[0]?.value ?? 0));
    expect(readouts).toBeGreaterThan(8);
    expect(largest(subArray(seen.images, 0).data as Float32Array)).toBeGreaterThan(0);
  });
});

describe('view residual', () => {
  it('is |mask·F·S·x − y| over coils: nothing outside the pattern, its norm the relative residual', async () => {
    const series = await brain();
    const pattern = call('random', { acceleration: 2 });
    const seen = await lookAt(series, { view: call('residual', { scale: 'linear' }), pattern, method: call('sense') });
    const sampled = await lookAt(series, { view: call('kspace', { coils: 'each' }), pattern });
    expect(seen.space).toBe('kspace');
    const kspace = (await series.read(0)) as NdArray<'complex64'>;
    const floor = sampled.images.data.reduce((low, value) => Math.min(low, value), Infinity);
    const kept = Uint8Array.from({ length: 64 }, (_, c) => (sampled.images.data.filter((value, i) => i % 64 === c && value > floor).length > 0 ? 1 : 0));
    let [outside, residual, energy] = [0, 0, 0];
    seen.images.data.forEach((value, i) => {
      if (kept[i % 64] === 0) outside = Math.max(outside, value);
      residual += value ** 2;
    });
    for (let i = 0; i < kspace.data.length; i++) if (kept[(i >> 1) % 64] !== 0) energy += (kspace.data[i] as number) ** 2;
    expect(outside).toBe(0);
    expect(Math.sqrt(residual / energy)).toBeCloseTo(seen.numbers[0]?.value ?? 0, 5);
    expect(seen.numbers[0]?.value).toBeGreaterThan(0.001);
  });

  it('in decibels has its strongest at the number it states', async () => {
    const seen = await lookAt(await brain(), { view: call('residual'), pattern: call('random', { acceleration: 2 }), method: call('sense') });
    expect(seen.images.data.reduce((top, value) => Math.max(top, value), -Infinity)).toBeCloseTo(seen.numbers[1]?.value ?? 0, 4);
    expect(seen.unit).toBe('dB');
  });

  it('refuses methods without a model of the samples', async () => {
    await expect(lookAt(memorySeries([1, 2, 16, 16]), { view: call('residual') })).rejects.toMatchObject({ code: 'usage.unsupported', field: 'view' });
  });
});

describe('view uncertainty', () => {
  it('finds the spread that theory gives: σ in every pixel of a strong single-coil image', async () => {
    const flat = zeros('complex64', [1, 32, 32]);
    flat.data.fill(0.01);
    flat.data[2 * (16 * 32 + 16)] = 32_000;
    const series = memorySeries([1, 1, 32, 32], { read: async () => flat });
    const seen = await lookAt(series, { view: call('uncertainty', { noise: 'given', sigma: 2, replicas: 200 }) });
    const mean = seen.images.data.reduce((sum: number, value) => sum + value, 0) / 1024;
    // The transform is orthonormal and the image is strong, so the magnitude varies as the real part does; 1024 pixels of 200 replicas.
    expect(mean).toBeCloseTo(2, 1);
    expect(seen.notes.join(' ')).toContain('σ = 2.00 (as given), 200 replicas, seed 1');
  });

  it('gives the same bits for the same seed and others for another', async () => {
    const series = await brain();
    const look = (seed: number) => lookAt(series, { view: call('uncertainty', { replicas: 3, seed }), pattern: call('random', { acceleration: 2 }), method: call('sense', { iterations: 3 }) });
    const [a, again, other] = [await look(1), await look(1), await look(2)];
    expect(difference(a.images.data as Float32Array, again.images.data as Float32Array)).toBe(0);
    expect(difference(a.images.data as Float32Array, other.images.data as Float32Array)).toBeGreaterThan(0);
  });

  it('says how far it is, and stops between replicas', async () => {
    const told: number[] = [];
    const signal = { cancelled: false };
    const stopped = lookAt(memorySeries([1, 2, 32, 32]), {
      view: call('uncertainty', { replicas: 50 }),
      signal,
      onStatus: ({ iteration }) => {
        told.push(iteration);
        if (iteration === 3) signal.cancelled = true;
      },
    });
    await expect(stopped).rejects.toMatchObject({ code: 'job.cancelled' });
    expect(told).toEqual([0, 1, 2, 3]);
  });

  it('refuses a noise scan that there is none of, and a σ that was not stated', async () => {
    const series = memorySeries([1, 2, 16, 16]);
    await expect(lookAt(series, { view: call('uncertainty', { noise: 'scan' }) })).rejects.toMatchObject({ code: 'usage.unsupported', field: 'noise' });
    await expect(lookAt(series, { view: call('uncertainty', { noise: 'given' }) })).rejects.toMatchObject({ code: 'usage.invalid', field: 'sigma' });
  });
});

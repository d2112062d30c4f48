/** PRF thermometry against NumPy (test/fixtures/scripts/thermometry.py), against exact phantoms, and against its own noise prediction. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ndArray, type NdArray, zeros } from '../../../src/array/nd-array.ts';
import { radiansPerDegree, temperatureNoise } from '../../../src/mri/thermometry/prf.ts';
import { type MapOptions, phaseDifference, temperatureMap } from '../../../src/mri/thermometry/temperature-map.ts';
import { Random } from '../../../src/random/xoshiro.ts';
import { expectWithin } from '../../support/within.ts';

interface Fixture {
  readonly shape: readonly [number, number];
  readonly fieldStrength: number;
  readonly pairs: readonly { readonly frame: number[]; readonly baseline: number[]; readonly echoTime: number }[];
  readonly single: number[];
  readonly weighted: number[];
  readonly difference: number[];
}
const numpy = JSON.parse(readFileSync(new URL('../../fixtures/thermometry.json', import.meta.url), 'utf8')) as Fixture;
const PLAIN: MapOptions = { fieldStrength: 1.5, phaseSign: 1, echoes: 'weighted', threshold: 0, drift: -1, smooth: 0 };
const TE = 0.0174;

const image = (values: ArrayLike<number>, shape: readonly number[]): NdArray<'complex64'> => ndArray('complex64', shape, Float32Array.from(values));
/** Magnitude 1 with that phase everywhere. */
function flat(size: number, phase: number): NdArray<'complex64'> {
  const out = zeros('complex64', [size, size]);
  for (let i = 0; i < size * size; i++) out.data.set([Math.cos(phase), Math.sin(phase)], 2 * i);
  return out;
}

describe('phase and temperature', () => {
  it('are −14.32 °C a radian at 1.5 T and 17.4 ms, −12.46 °C at 3 T and 10 ms', () => {
    expect(1 / radiansPerDegree({ fieldStrength: 1.5, echoTime: TE, phaseSign: 1 })).toBeCloseTo(-14.32, 2);
    expect(1 / radiansPerDegree({ fieldStrength: 3, echoTime: 0.01, phaseSign: 1 })).toBeCloseTo(-12.46, 2);
    expect(1 / radiansPerDegree({ fieldStrength: 3, echoTime: 0.01, phaseSign: -1 })).toBeCloseTo(12.46, 2);
  });

  it('have σ 0.675 °C at SNR 30, as a Monte Carlo finds', async () => {
    const scan = { fieldStrength: 1.5, echoTime: TE, phaseSign: 1 } as const;
    expect(temperatureNoise(30, scan)).toBeCloseTo(0.675, 3);
    const random = new Random(3);
    const noisy = (): NdArray<'complex64'> => {
      const out = flat(120, 0.4);
      for (let i = 0; i < out.data.length; i++) out.data[i] = (out.data[i] as number) + random.normal() / 30;
      return out;
    };
    const { rise, unitNoise } = await temperatureMap([{ frame: noisy(), baseline: noisy(), echoTime: TE }], PLAIN);
    const mean = rise.data.reduce((sum, value) => sum + value, 0) / rise.data.length;
    const deviation = Math.sqrt(rise.data.reduce((sum, value) => sum + (value - mean) ** 2, 0) / rise.data.length);
    expect(Math.abs(deviation / 0.675 - 1)).toBeLessThan(0.03);
    // The prediction of each pixel, for its own magnitudes.
    expect((unitNoise.data[7] as number) / 30).toBeGreaterThan(0.6);
    expect((unitNoise.data[7] as number) / 30).toBeLessThan(0.75);
  });

  it('give 5 °C back to 1e-4', async () => {
    const shift = 5 * radiansPerDegree({ fieldStrength: 1.5, echoTime: TE, phaseSign: 1 });
    const { rise } = await temperatureMap([{ frame: flat(8, 1 + shift), baseline: flat(8, 1), echoTime: TE }], PLAIN);
    for (const value of rise.data) expect(Math.abs(value - 5)).toBeLessThan(1e-4);
    const turned = await temperatureMap([{ frame: flat(8, 1 + shift), baseline: flat(8, 1), echoTime: TE }], { ...PLAIN, phaseSign: -1 });
    expect(turned.rise.data[0]).toBeCloseTo(-5, 4);
  });

  it('wrap once, into (−π, π]', () => {
    expect(phaseDifference(flat(1, 3), flat(1, -3))[0]).toBeCloseTo(6 - 2 * Math.PI, 6);
    expect(phaseDifference(flat(1, Math.PI), flat(1, 0))[0]).toBeCloseTo(Math.PI, 6);
  });
});

describe('echoes', () => {
  const pairs = numpy.pairs.map(({ frame, baseline, echoTime }) => ({ frame: image(frame, numpy.shape), baseline: image(baseline, numpy.shape), echoTime }));

  it('agree with NumPy: one, weighted, and as a difference', async () => {
    const one = await temperatureMap(pairs.slice(1), PLAIN);
    expectWithin(one.rise.data, numpy.single, 2e-4);
    expectWithin((await temperatureMap(pairs, PLAIN)).rise.data, numpy.weighted, 2e-4);
    expectWithin((await temperatureMap(pairs, { ...PLAIN, echoes: 'difference' })).rise.data, numpy.difference, 4e-4);
  });

  it('as a difference cancel a phase that does not grow with TE', async () => {
    const times = [0.006, 0.018];
    const heat = (time: number): number => 4 * radiansPerDegree({ fieldStrength: 1.5, echoTime: time, phaseSign: 1 });
    const made = times.map((echoTime) => ({ frame: flat(8, 0.3 + heat(echoTime)), baseline: flat(8, 0), echoTime }));
    expect((await temperatureMap(made, { ...PLAIN, echoes: 'difference' })).rise.data[5]).toBeCloseTo(4, 3);
    expect(Math.abs(((await temperatureMap(made, PLAIN)).rise.data[5] as number) - 4)).toBeGreaterThan(2);
  });

  it('that have wrapped follow the shorter ones', async () => {
    const times = [0.01, 0.04];
    const made = times.map((echoTime) => ({ frame: flat(8, 30 * radiansPerDegree({ fieldStrength: 1.5, echoTime, phaseSign: 1 })), baseline: flat(8, 0), echoTime }));
    expect((await temperatureMap(made, PLAIN)).rise.data[0]).toBeCloseTo(30, 3);
    expect((await temperatureMap(made.slice(1), PLAIN)).rise.data[0]).not.toBeCloseTo(30, 0);
  });

  it('of one time have no difference, and none at all no map', async () => {
    const single = [{ frame: flat(8, 0), baseline: flat(8, 0), echoTime: TE }];
    await expect(temperatureMap(single, { ...PLAIN, echoes: 'difference' })).rejects.toMatchObject({ code: 'usage.unsupported', field: 'echoes' });
    await expect(temperatureMap([], PLAIN)).rejects.toMatchObject({ code: 'usage.invalid' });
    await expect(temperatureMap(single, { ...PLAIN, fieldStrength: 0 })).rejects.toMatchObject({ field: 'fieldStrength' });
    await expect(temperatureMap(single.map((pair) => ({ ...pair, echoTime: 0 })), PLAIN)).rejects.toMatchObject({ field: 'echoTime' });
  });
});

it('leaves dark pixels out', async () => {
  const frame = flat(8, 0.2);
  frame.data.set([0.01, 0.01], 2 * 9);
  const { rise, mask } = await temperatureMap([{ frame, baseline: flat(8, 0), echoTime: TE }], { ...PLAIN, threshold: 0.1 });
  expect(rise.data[9]).toBeNaN();
  expect([mask[9], mask[8]]).toEqual([0, 1]);
});

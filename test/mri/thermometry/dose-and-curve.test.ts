/** CEM43 against NumPy and by hand; curves of regions; what series state of themselves. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { statedAcquisition } from '../../../src/mri/thermometry/acquisition.ts';
import { percentile, regionCurve } from '../../../src/mri/thermometry/curve.ts';
import { doseCurve, doseMap, equivalentMinutes } from '../../../src/mri/thermometry/dose.ts';
import { expectWithin } from '../../support/within.ts';

const { dose } = JSON.parse(readFileSync(new URL('../../fixtures/thermometry.json', import.meta.url), 'utf8')) as {
  readonly dose: { readonly temperatures: number[]; readonly interval: number; readonly minutes: number[] };
};

describe('thermal dose', () => {
  it('is time itself at 43 °C, doubles a degree above, and is a quarter a degree below', () => {
    expect(equivalentMinutes(43, 60)).toBe(60);
    expect(equivalentMinutes(44, 10)).toBe(20);
    expect(equivalentMinutes(42, 60)).toBe(15);
    expect(equivalentMinutes(37, 60)).toBeCloseTo(60 / 4 ** 6, 12);
  });

  it('adds up over frames as in NumPy', () => expectWithin(doseCurve(dose.temperatures, dose.interval), dose.minutes, 1e-12));

  it('of maps is that of each pixel, and unknown where a pixel was unknown', () => {
    const maps = dose.temperatures.map((value) => Float32Array.of(value, 43, value === 43 ? NaN : 40));
    const found = doseMap(maps, dose.interval);
    expect(found[0]).toBeCloseTo(dose.minutes.at(-1) ?? NaN, 5);
    expect(found[1]).toBeCloseTo(5 * 1.5, 6);
    expect(found[2]).toBeNaN();
    expect([...doseMap([Float32Array.of(45)], 1)]).toEqual([0]);
  });
});

describe('curve of a region', () => {
  it('has mean, percentiles and dose of the pixels that are known', () => {
    const maps = [[37, 37, 37, NaN], [43, 45, 41, NaN], [NaN, NaN, NaN, 40]];
    const [first, second, third] = regionCurve({ maps, pixels: [0, 1, 2, 3], interval: 2, percentiles: [0, 100] });
    expect(first).toMatchObject({ minutes: 0, mean: 37, low: 37, high: 37, dose: 0 });
    expect(second).toMatchObject({ minutes: 2, mean: 43, low: 41, high: 45 });
    expect(second?.dose).toBeCloseTo((2 / 4 ** 6 + 2) / 2, 12);
    expect(third?.mean).toBe(40);
    expect(regionCurve({ maps, pixels: [], interval: 1, percentiles: [10, 90] })[0]?.mean).toBeNaN();
  });

  it('interpolates percentiles as NumPy does', () => {
    expect(percentile([1, 2, 4, 8], 50)).toBe(3);
    expect(percentile([1, 2, 4, 8], 90)).toBeCloseTo(6.8, 12);
    expect(percentile([5], 10)).toBe(5);
  });
});

describe('what a series states', () => {
  const stated = (entries: Record<string, string>) => statedAcquisition({ attributes: Object.entries(entries).map(([label, value]) => ({ label, value })) });

  it('is read in the words of the readers', () => {
    expect(stated({ 'Field strength': '2.894 T', TE: '20 ms' })).toEqual({ fieldStrength: 2.894, echoTimes: [0.02] });
    expect(stated({ 'Echo time': '2.3 ms' }).echoTimes[0]).toBeCloseTo(0.0023, 12);
    const all = stated({ 'Field strength': '1.5 T', 'Echo times': '5.8, 11.6, 17.4 ms', 'Frame interval': '30 s', 'Baseline temperature': '36.5 °C' });
    expect(all).toMatchObject({ fieldStrength: 1.5, interval: 0.5, baseline: 36.5 });
    expectWithin(all.echoTimes, [0.0058, 0.0116, 0.0174], 1e-12);
  });

  it('is left out where it cannot be read', () => {
    expect(stated({ 'Field strength': 'strong', TE: 'short', 'Frame interval': '−3 s' })).toEqual({ echoTimes: [] });
    expect(stated({})).toEqual({ echoTimes: [] });
    expect(stated({ TE: '0 ms' }).echoTimes).toEqual([]);
  });
});

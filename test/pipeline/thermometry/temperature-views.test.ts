/** Temperature and dose from the sample to the view, by methods that keep phase, and why others and other series are refused. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Series } from '../../../src/array/recording.ts';
import { heatingCourse, heatingMap, hottestFrame } from '../../../src/mri/thermometry/heating.ts';
import { echoesOf } from '../../../src/pipeline/echoes.ts';
import { checkParams, findStep } from '../../../src/pipeline/registry.ts';
import type { ViewImage } from '../../../src/pipeline/step.ts';
import { memorySeries } from '../../support/memory-series.ts';
import { viewOfSlice } from '../../support/view-of-slice.ts';

const FRAMES = 6;
const HOT = hottestFrame(FRAMES);

async function sample(params: Record<string, number> = {}): Promise<Series> {
  const step = findStep('sample', 'thermometry');
  return (await step.run(checkParams(step, { matrix: 64, coils: 4, frames: FRAMES, width: 0.09, ...params }))).series[0] as Series;
}
const number = (view: ViewImage, label: string): number => view.numbers.find((entry) => entry.label === label)?.value ?? NaN;
const full = { name: 'full', params: {} };
const lines = { name: 'random', params: { acceleration: 4, centreFraction: 0.1 } };

describe('the heated phantom', () => {
  it('is the same to the bit every time, and says how it was heated', async () => {
    const [a, b] = [await sample(), await sample()];
    expect((await a.read(2)).data).toEqual((await b.read(2)).data);
    expect((await a.read(2)).data).not.toEqual((await a.read(3)).data);
    expect(Math.max(...((await a.readHeating?.(HOT))?.data ?? []))).toBeCloseTo(5, 1);
    expect(Math.max(...((await a.readHeating?.(0))?.data ?? [1]))).toBe(0);
    await expect(a.read(FRAMES)).rejects.toMatchObject({ code: 'usage.invalid' });
  });

  it('warms up to its peak and cools down', () => {
    const course = Array.from({ length: FRAMES }, (_, n) => heatingCourse(n, FRAMES));
    expect(course[0]).toBe(0);
    expect(course[HOT]).toBeCloseTo(1, 12);
    expect(course.every((value, n) => (n <= HOT ? value >= (course[n - 1] ?? 0) : value < (course[n - 1] as number)))).toBe(true);
    // One standard deviation from the middle e^(−½) is left.
    const map = heatingMap({ peak: 4, width: 0.1, x: 0.5, y: 0.5, frames: 2 }, 100, 101, 1);
    expect((map.data[49 * 101 + 60] as number) / (map.data[49 * 101 + 50] as number)).toBeCloseTo(Math.exp(-0.5), 5);
  });

  it('has echoes as a leading axis', async () => {
    const series = await sample({ echoes: 3 });
    expect(series.slices).toBe(3 * FRAMES);
    expect(echoesOf(series, FRAMES + 2)).toEqual([2, FRAMES + 2, 2 * FRAMES + 2]);
    expect(echoesOf(await sample(), 2)).toEqual([2]);
    expect(series.attributes.find(({ label }) => label === 'Echo times')?.value).toBe('5.8, 11.6, 17.4 ms');
  });
});

describe('temperature', () => {
  let series: Series;
  beforeAll(async () => {
    series = await sample();
  });

  it('of all samples has the error that its noise predicts', async () => {
    const made = await viewOfSlice(series, HOT, { view: { name: 'temperature', params: { smooth: 0, drift: 'plane' } }, pattern: full, method: { name: 'sense', params: { lambda: 1e-6 } } });
    expect(made.unit).toBe('°C');
    const ratio = number(made, 'RMSE where heated') / number(made, 'σ predicted');
    expect(ratio).toBeGreaterThan(0.8);
    expect(ratio).toBeLessThan(1.25);
    expect(made.underlay?.images.shape).toEqual([1, 64, 64]);
    expect(made.range).toEqual([37, 45]);
  });

  it('of a quarter of the lines is best from baseline and phase, whose baseline has all samples', async () => {
    const look = (name: string, params = {}) => viewOfSlice(series, HOT, { view: { name: 'temperature', params: {} }, pattern: lines, method: { name, params } });
    const [zeroFilled, sense, tracked] = [await look('zero-filled'), await look('sense'), await look('baseline-difference')];
    const errors = [zeroFilled, sense, tracked].map((view) => number(view, 'RMSE where heated'));
    expect(errors[2]).toBeLessThan(0.4);
    expect(errors[2]).toBeLessThan(0.7 * (errors[1] as number));
    expect(errors[2]).toBeLessThan(0.7 * (errors[0] as number));
  });

  it('of the baseline frame is the baseline', async () => {
    const made = await viewOfSlice(series, 0, { view: { name: 'temperature', params: { drift: 'none', smooth: 0 } }, pattern: full, method: { name: 'sense', params: {} } });
    for (const value of made.images.data) expect(Number.isNaN(value) || Math.abs(value - 37) < 1e-3).toBe(true);
    expect(made.numbers.map(({ label }) => label)).toEqual(['Maximum']);
  });

  it('of all frames at once are the maps of each', async () => {
    const look = { pattern: full, method: { name: 'sense', params: {} } };
    const all = await viewOfSlice(series, 1, { ...look, view: { name: 'temperature', params: { frames: 'all' } } });
    const one = await viewOfSlice(series, HOT, { ...look, view: { name: 'temperature', params: {} } });
    expect(all.images.shape).toEqual([FRAMES, 64, 64]);
    expect(all.labels).toHaveLength(FRAMES);
    expect(all.images.data.subarray(HOT * 64 * 64, (HOT + 1) * 64 * 64)).toEqual(one.images.data);
  });

  it('of echoes is better than of one', async () => {
    const echoes = await sample({ echoes: 3 });
    const look = (chosen: string) => viewOfSlice(echoes, 2 * FRAMES + HOT, { view: { name: 'temperature', params: { smooth: 0, echoes: chosen } }, pattern: full, method: { name: 'sense', params: { lambda: 1e-6 } } });
    const [one, weighted, difference] = [await look('this'), await look('weighted'), await look('difference')].map((view) => number(view, 'RMSE where heated'));
    expect(weighted).toBeLessThan(one as number);
    expect(difference).toBeGreaterThan(one as number);
    expect(difference).toBeLessThan(3 * (one as number));
  });

  it('is refused where nothing moves, where B0 or TE are not known, and for methods without phase', async () => {
    const view = { name: 'temperature', params: {} };
    const sense = { name: 'sense', params: {} };
    await expect(viewOfSlice(memorySeries([2, 2, 64, 64]), 0, { view, pattern: full, method: sense })).rejects.toMatchObject({ code: 'usage.unsupported', field: 'view' });
    const bare = { ...series, attributes: [] };
    await expect(viewOfSlice(bare, 1, { view, pattern: full, method: sense })).rejects.toMatchObject({ field: 'fieldStrength' });
    await expect(viewOfSlice(bare, 1, { view: { ...view, params: { fieldStrength: 1.5 } }, pattern: full, method: sense })).rejects.toMatchObject({ field: 'echoTime' });
    await expect(viewOfSlice(bare, 1, { view: { ...view, params: { fieldStrength: 1.5, echoTime: 'long' } }, pattern: full, method: sense })).rejects.toMatchObject({ code: 'usage.invalid' });
    await expect(viewOfSlice(series, 1, { view: { ...view, params: { baselineFrame: 99 } }, pattern: full, method: sense })).rejects.toMatchObject({ field: 'baselineFrame' });
    await expect(viewOfSlice(series, 1, { view, pattern: { name: 'regular', params: { acceleration: 2, calibration: 24 } }, method: { name: 'grappa', params: {} } })).rejects.toMatchObject({ code: 'usage.unsupported', field: 'method' });
  });
});

describe('thermal dose', () => {
  it('grows from frame to frame, up to what constant heating would give', async () => {
    const series = await sample({ peak: 8, interval: 60 });
    const look = (frame: number, params = {}) => viewOfSlice(series, frame, { view: { name: 'thermal-dose', params }, pattern: full, method: { name: 'sense', params: {} } });
    const [early, late, later] = [await look(1), await look(HOT), await look(FRAMES - 1)].map((view) => number(view, 'Highest'));
    expect(early).toBeLessThan(late as number);
    expect(late).toBeLessThan(later as number);
    // 45 °C are worth four times the time.
    expect(later).toBeLessThan(4 * 5 * 1.5);
    expect(number(await look(HOT, { interval: 120 }), 'Highest')).toBeCloseTo(2 * (late as number), 3);
    const untimed = { ...series, attributes: series.attributes.filter(({ label }) => label !== 'Frame interval') };
    await expect(viewOfSlice(untimed, 1, { view: { name: 'thermal-dose', params: {} }, pattern: full, method: { name: 'sense', params: {} } })).rejects.toMatchObject({ field: 'interval' });
  });
});

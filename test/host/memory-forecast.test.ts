/** What a request will take, told from the summary of its recording. */
import { describe, expect, it } from 'vitest';
import type { SeriesSummary } from '../../src/host/contract.ts';
import { memoryForecast } from '../../src/host/memory-forecast.ts';

const [coils, side] = [8, 128];
const series: SeriesSummary = {
  id: 's', title: 's', domain: 'kspace', dtype: 'complex64', slices: 1, coils, rows: side, columns: side, output: { rows: side, columns: side },
  axes: [{ name: 'coil', length: coils }, { name: 'row', length: side }, { name: 'column', length: side }], fullySampled: true, prepare: [], attributes: [],
};
const cine = (frames: number): SeriesSummary => ({ ...series, slices: frames, axes: [{ name: 'frame', length: frames }, ...series.axes] });
const forecast = (about: SeriesSummary, method: string, pattern = 'random'): number =>
  memoryForecast({ series: 's', slices: [0, 1], prepare: [], pattern: { name: pattern, params: {} }, method: { name: method, params: {} } }, { series: [about] });

describe('memoryForecast', () => {
  it('counts every frame of a method that reconstructs them together, and of no other', () => {
    // At least the k-space of the 190 frames more.
    expect(forecast(cine(192), 'low-rank-sparse') - forecast(cine(2), 'low-rank-sparse')).toBeGreaterThan(190 * coils * side * side * 8);
    expect(forecast(cine(192), 'sense')).toBe(forecast(cine(2), 'sense'));
  });

  it('counts the oversampled grid where the pattern is a trajectory', () => {
    expect(forecast(series, 'sense', 'radial')).toBeGreaterThan(2.5 * forecast(series, 'sense'));
    expect(() => forecast(series, 'sense', 'nothing')).toThrow(expect.objectContaining({ code: 'usage.not-found' }) as Error);
  });
});

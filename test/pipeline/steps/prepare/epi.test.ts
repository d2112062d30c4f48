/** Ramp regridding and ghost correction, as the pipeline runs them. */
import { expect, it } from 'vitest';
import type { Series } from '../../../../src/array/recording.ts';
import { prepare, suggestedPreparation } from '../../../../src/pipeline/prepare.ts';
import epiPhase from '../../../../src/pipeline/steps/prepare/epi-phase.ts';
import epiRegrid from '../../../../src/pipeline/steps/prepare/epi-regrid.ts';
import { memorySeries } from '../../../support/memory-series.ts';
import { randomComplex } from '../../../support/random-array.ts';

const backwards = Uint8Array.from({ length: 12 }, (_, i) => i % 2);
const readoutRamp = { up: 100, flat: 200, down: 100, delay: 50, duration: 300 };
const navigators = { data: randomComplex([2, 16, 3], 4), backwards: Uint8Array.of(1, 0, 1) };
const epi = (change: Partial<Series> = {}): Series => memorySeries([2, 2, 16, 12], { backwards, ...change });
const names = (series: Series): string[] => suggestedPreparation(series).map(({ name }) => name);

it('both are suggested where the file has what they need, regridding first', () => {
  const full = epi({ readoutRamp, readNavigators: () => Promise.resolve(navigators) });
  expect(names(full).filter((name) => name.startsWith('epi'))).toEqual(['epi-regrid', 'epi-phase']);
  expect(names(epi())).not.toContain('epi-phase');
  expect(epiPhase.refuses(epi())).toBeNull();
  expect(epiPhase.refuses(memorySeries([1, 2, 16, 12]))).toMatch(/no EPI ghost/);
  expect(epiRegrid.refuses(epi())).toMatch(/no readout gradient/);
});

it('regridding moves navigators like the lines, once', async () => {
  const series = await prepare(epi({ readoutRamp, readNavigators: () => Promise.resolve(navigators) }), [{ name: 'epi-regrid', params: {} }]);
  expect(series.readoutRamp).toBeUndefined();
  expect(epiRegrid.refuses(series)).not.toBeNull();
  const moved = await series.readNavigators?.(0);
  expect(moved?.backwards).toEqual(navigators.backwards);
  expect(moved?.data.shape).toEqual([2, 16, 3]);
  expect(moved?.data.data[0]).not.toBeCloseTo(navigators.data.data[0] as number, 3);
  expect((await series.read(1)).shape).toEqual([2, 16, 12]);
});

it('ghost correction leaves forward lines alone, changes backward ones, and says what it went by', async () => {
  const series = await prepare(epi({ readNavigators: () => Promise.resolve(navigators) }), [{ name: 'epi-phase', params: {} }]);
  const [before, after] = [await epi().read(0), await series.read(0)];
  for (const row of [0, 7]) {
    const at = (column: number): number => 2 * (row * 12 + column);
    expect(after.data[at(4)]).toBeCloseTo(before.data[at(4)] as number, 5);
    expect(after.data[at(5)]).not.toBeCloseTo(before.data[at(5)] as number, 3);
  }
  expect(series.attributes.at(-1)?.value).toBe('constant and linear phase from navigators');
  expect(epiPhase.refuses(series)).toMatch(/no EPI ghost/);
  const blind = await prepare(epi(), [{ name: 'epi-phase', params: {} }]);
  expect(blind.attributes.at(-1)?.value).toBe('constant and linear phase of least image entropy (the file holds no navigators)');
  expect((await blind.read(0)).shape).toEqual([2, 16, 12]);
});

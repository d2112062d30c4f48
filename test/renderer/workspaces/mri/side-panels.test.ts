/** What the panels say beside the picture: curves, warnings, folded sections, the profile of a point-spread function. */
import { describe, expect, it } from 'vitest';
import { storedCurves } from '../../../../renderer/workspaces/mri/convergence.ts';
import { parseFolds } from '../../../../renderer/workspaces/mri/folds.svelte.ts';
import { qualityWarning } from '../../../../renderer/workspaces/mri/quality-warning.ts';
import { spreadProfile } from '../../../../renderer/workspaces/mri/spread-profile.ts';
import { costOf, withTimeLeft } from '../../../../renderer/workspaces/mri/view-pane.svelte.ts';
import { ndArray } from '../../../../src/array/nd-array.ts';
import type { MetricReport } from '../../../../src/pipeline/step.ts';

const report = (psnr: number): MetricReport => ({ values: [{ name: 'PSNR', value: psnr, unit: 'dB', better: 'higher' }], contract: '', dataRange: 1, shape: [1] });

describe('a warning beside the metrics', () => {
  it('says that a result is worse than doing nothing, and what the method warns of', () => {
    expect(qualityWarning('GRAPPA', report(19.5), report(22.8), ['Weights: 3 neighbourhoods'])).toBe('GRAPPA is worse here than zero-filled by 3.3 dB.');
    expect(qualityWarning('X', report(30), report(22), ['Warning: lines are odd', 'Scale 3'])).toBe('Lines are odd.');
    expect(qualityWarning('X', null, null, ['Outside its training: coils 14, trained for 1–8'])).toBe('Outside its training: coils 14, trained for 1–8.');
  });
  it('keeps silent where there is nothing', () => {
    expect(qualityWarning('X', report(22.4), report(22.8), ['Scale 3'])).toBeNull();
    expect(qualityWarning('X', null, report(22), [])).toBeNull();
  });
});

describe('curves of stored results', () => {
  const result = (id: string, curves?: readonly (readonly number[])[]) => ({ id, title: `T ${id}`, recording: 'r', slices: [2, 4] as const, ...(curves === undefined ? {} : { curves }) });
  const results = [result('a', [[1, 0.5], [0.4, 0.2, 0]]), result('b', [[3], [2]]), result('c')];
  it('are those of the slice on screen, of results that were opened or stand on the wall', () => {
    const wish = { recording: 'r', slice: 3, opened: 'a', onWall: ['b', 'c'] };
    expect(storedCurves(results, wish)).toEqual([{ id: 'stored a', label: 'T a, stored', points: [{ x: 1, y: 0.4 }, { x: 2, y: 0.2 }] }]);
    expect(storedCurves(results, { ...wish, opened: null })).toEqual([]);
    expect(storedCurves(results, { ...wish, slice: 4 })).toEqual([]);
    expect(storedCurves(results, { ...wish, recording: 'other' })).toEqual([]);
  });
});

describe('folded sections', () => {
  it('are read from what was remembered, whatever is there', () => {
    expect(parseFolds('{"recording":false,"x":3}')).toEqual({ recording: false });
    for (const text of [null, '', '{', 'null', '[]', '7']) expect(parseFolds(text)).toEqual({});
  });
});

describe('the profile of a point-spread function', () => {
  const image = (values: readonly number[]) => ndArray('float32', [3, 4], Float32Array.from(values));
  it('is the middle row, counted from the middle', () => {
    const points = spreadProfile(image([-120, -120, -120, -120, -30, -90, 0, -20, -120, -120, -120, -120]), -60);
    expect(points).toEqual([{ x: -2, y: -30 }, { x: -1, y: -60 }, { x: 0, y: 0 }, { x: 1, y: -20 }]);
  });
  it('is none where other rows have something to show', () => {
    expect(spreadProfile(image([-120, -50, -120, -120, -30, -90, 0, -20, -120, -120, -120, -120]), -60)).toBeNull();
  });
});

describe('slow views', () => {
  const progress = (fraction: number) => ({ type: 'progress' as const, iteration: 1, iterations: 4, fraction });
  it('forecast the rest from the time so far, not from the first moment', () => {
    expect(withTimeLeft(progress(0.25), 10).secondsLeft).toBeCloseTo(30, 9);
    expect(withTimeLeft(progress(0.25), 0.5).secondsLeft).toBeUndefined();
    expect(withTimeLeft(progress(0.01), 10).secondsLeft).toBeUndefined();
  });
  it('cost as many reconstructions as they repeat', () => {
    const step = { of: 'estimate' as const, params: { type: 'object' as const, properties: { replicas: { type: 'integer' as const, default: 20 } } } };
    expect([costOf(step, {}), costOf(step, { replicas: 5 }), costOf({ of: 'estimate' }, {})]).toEqual([20, 5, 1]);
  });
});

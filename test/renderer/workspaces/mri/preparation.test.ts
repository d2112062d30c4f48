import { describe, expect, it } from 'vitest';
import type { StepDescription } from '../../../../src/host/contract.ts';
import { acceptedPreparation, suggestedPreparation, switched, withCall } from '../../../../renderer/workspaces/mri/preparation.ts';
import { requestOf } from '../../../../renderer/workspaces/mri/recipe.ts';

const step = (name: string): StepDescription => ({
  kind: 'prepare', name, title: name, help: '', params: { type: 'object', properties: { coils: { type: 'integer', minimum: 1, maximum: 32, default: 8 } } },
});
const steps = [step('whiten'), step('compress'), step('phase')];
const prepare = [
  { name: 'whiten', refusal: null, suggested: true },
  { name: 'compress', refusal: null, suggested: false },
  { name: 'phase', refusal: 'No navigators.', suggested: false },
  { name: 'gone', refusal: null, suggested: true },
];
const call = (name: string, coils = 8) => ({ name, params: { coils } });

describe('preparation', () => {
  it('starts with what is suggested and known', () => {
    expect(suggestedPreparation({ prepare }, steps)).toEqual([call('whiten')]);
    expect(suggestedPreparation(null, steps)).toEqual([]);
  });
  it('is switched and set', () => {
    const both = switched([call('whiten')], steps[1] as StepDescription, true);
    expect(both).toEqual([call('whiten'), call('compress')]);
    expect(withCall(both, call('compress', 4))).toEqual([call('whiten'), call('compress', 4)]);
    expect(switched(both, steps[0] as StepDescription, false)).toEqual([call('compress')]);
  });
  it('keeps what the next series takes', () => {
    expect(acceptedPreparation([call('phase'), call('compress', 4)], { prepare })).toEqual([call('compress', 4)]);
  });
  it('asks for nothing that the series refuses', () => {
    const series = {
      id: 's', title: '', domain: 'kspace' as const, dtype: 'complex64' as const, axes: [], slices: 1, coils: 8, rows: 4, columns: 4,
      output: { rows: 4, columns: 4 }, fullySampled: true, prepare, attributes: [],
    };
    const recording = { id: 'r', name: '', bytes: 1, format: '', series: [series], warnings: [], findings: [], openedAt: '' };
    const recipe = { pattern: call('p'), method: call('m'), acquire: null, prepare: [call('phase'), call('whiten')], metric: null };
    expect(requestOf(recording, series, [0, 1], recipe, 'auto').prepare).toEqual([call('whiten')]);
  });
});

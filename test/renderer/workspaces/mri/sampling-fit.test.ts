import { describe, expect, it } from 'vitest';
import { fitting, isAlongTrajectory, unfitForSamples, unfitForSeries } from '../../../../renderer/workspaces/mri/sampling-fit.ts';

const trajectory = { kind: 'radial', matrix: { rows: 8, columns: 8 } } as const;
const any = { name: 'zero-filled', title: 'Zero-filled', accepts: 'any' } as const;
const cartesian = { name: 'grappa', title: 'GRAPPA', accepts: 'cartesian' } as const;
const along = { name: 'nufft', title: 'NUFFT', accepts: 'non-cartesian' } as const;
const radial = { title: 'Radial', accepts: 'cartesian', makes: 'trajectory' } as const;

describe('what fits', () => {
  it('is told with the reason, for Cartesian samples and along a trajectory', () => {
    expect([any, cartesian, along].map((step) => unfitForSamples(step, false))).toEqual([null, null, 'NUFFT is for samples along a trajectory; these are Cartesian.']);
    expect([any, cartesian, along].map((step) => unfitForSamples(step, true))).toEqual([null, 'GRAPPA needs Cartesian k-space; these samples lie along a trajectory.', null]);
    expect(unfitForSamples({ title: 'Silent' }, true)).toContain('needs Cartesian');
  });
  it('depends on the recording, the chosen pattern and the drawn one', () => {
    expect(isAlongTrajectory({ trajectory }, null)).toBe(true);
    expect(isAlongTrajectory({}, radial)).toBe(true);
    expect(isAlongTrajectory({}, null, { kind: 'trajectory' })).toBe(true);
    expect(isAlongTrajectory({}, {}, { kind: 'lines' })).toBe(false);
  });
  it('refuses to measure anew what the scanner did not measure in full', () => {
    expect(unfitForSeries(radial, { fullySampled: true })).toBeNull();
    expect(unfitForSeries(radial, { fullySampled: false })).toContain('the scanner left samples out');
    expect(unfitForSeries(radial, { fullySampled: true, trajectory })).toContain('needs Cartesian');
    expect(unfitForSeries(any, { fullySampled: false, trajectory })).toBeNull();
  });
});

it('puts a method that fits in the place of one that does not', () => {
  const refuse = (step: Parameters<typeof unfitForSamples>[0]) => unfitForSamples(step, true);
  expect(fitting([cartesian, any, along], 'nufft', refuse)?.name).toBe('nufft');
  expect(fitting([cartesian, along, any], 'grappa', refuse, ['zero-filled'])?.name).toBe('zero-filled');
  expect(fitting([cartesian, along], 'grappa', refuse, ['zero-filled'])?.name).toBe('nufft');
  expect(fitting([cartesian], 'grappa', refuse)).toBeNull();
});

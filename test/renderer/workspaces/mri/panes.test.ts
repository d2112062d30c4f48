import { describe, expect, it } from 'vitest';
import { START_SLOTS, parseSlots, presetsOf, recordingKind, startSlots, takesSelection, viewOf } from '../../../../renderer/workspaces/mri/panes.ts';

const view = (name: string, title = name) => ({ name, title });

describe('presets', () => {
  it('are filled by the views at hand, four panes each', () => {
    const presets = presetsOf([view('coil-images', 'Coil images'), view('coil-maps', 'Coil maps'), view('g-factor')]);
    expect(presets.map(({ id }) => id)).toEqual(['compare', 'raw', 'coils', 'noise']);
    expect(presets.find(({ id }) => id === 'coils')?.panes).toEqual(['reconstruction', 'view:coil-images', 'view:coil-maps', 'zero-filled']);
    for (const { panes } of presets) expect(new Set(panes).size).toBe(4);
  });
  it('without a reference show nothing that would stay empty for want of it', () => {
    const presets = presetsOf([view('psf'), view('residual'), view('g-factor')], false);
    for (const { panes } of presets) {
      expect(panes.filter((pane) => pane === 'reference' || pane === 'error')).toEqual([]);
      expect(new Set(panes).size).toBe(panes.length);
    }
    expect(presets.find(({ id }) => id === 'sampling')?.panes).toEqual(['kspace', 'reconstruction', 'view:psf', 'view:residual']);
  });
  it('without views are the comparison alone', () => expect(presetsOf([]).map(({ id }) => id)).toEqual(['compare']));
});

describe('remembered panes', () => {
  it('come back as they were', () => {
    const slots = { ...START_SLOTS, quad: ['kspace', 'view:psf', 'reference', 'error'] as const };
    expect(parseSlots(JSON.stringify(slots), ['psf'])).toEqual(slots);
  });
  it('fall back where a view is gone, or the text is not ours', () => {
    expect(parseSlots(JSON.stringify({ quad: ['view:gone', 'zero-filled', 7] }), [])).toEqual({ ...START_SLOTS, quad: ['kspace', 'zero-filled', 'reference', 'error'] });
    for (const text of [null, '', 'null', '[]', '{"quad":', '3']) expect(parseSlots(text, [])).toEqual(START_SLOTS);
  });
  it('start without what needs a reference where there is none', () => {
    expect(startSlots({ fullySampled: true }, ['coil-images'])).toBe(START_SLOTS);
    expect(startSlots({ fullySampled: false }, ['psf', 'coil-images']).quad).toEqual(['kspace', 'reconstruction', 'zero-filled', 'view:coil-images']);
    expect(parseSlots('{}', [], startSlots({ fullySampled: false }, [])).quad).toEqual(['kspace', 'reconstruction', 'zero-filled', 'reference']);
  });
  it('belong to a kind of recording', () => {
    const cartesian = { domain: 'kspace', fullySampled: true, coils: 8 } as const;
    const kinds = [cartesian, { ...cartesian, fullySampled: false }, { ...cartesian, coils: 1 }, { ...cartesian, domain: 'image' as const }, { ...cartesian, trajectory: { kind: 'radial' as const, matrix: { rows: 4, columns: 4 } } }].map(recordingKind);
    expect(new Set(kinds).size).toBe(5);
  });
});

it('knows views by what they are called and take', () => {
  expect(viewOf('view:psf')).toBe('psf');
  expect(viewOf('kspace')).toBeNull();
  expect(takesSelection({ params: { type: 'object', properties: { first: {}, last: {} } } })).toBe(true);
  expect(takesSelection({ params: { type: 'object', properties: { first: {} } } })).toBe(false);
});

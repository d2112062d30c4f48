import { describe, expect, it } from 'vitest';
import { directionLetters, needsFlip, orientationLabels } from '../../../../renderer/workspaces/mri/orientation.ts';

const axial = { rowDirection: [1, 0, 0], columnDirection: [0, 1, 0] } as const;
const sagittal = { rowDirection: [0, 1, 0], columnDirection: [0, 0, -1] } as const;

describe('orientation', () => {
  it('labels an axial slice as radiologists expect it', () => {
    expect(orientationLabels(axial)).toEqual({ left: 'R', right: 'L', top: 'A', bottom: 'P' });
  });
  it('labels a sagittal slice', () => {
    expect(orientationLabels(sagittal)).toEqual({ left: 'A', right: 'P', top: 'H', bottom: 'F' });
  });
  it('gives two letters to an oblique direction, the larger first', () => {
    expect(directionLetters([0.8, -0.6, 0])).toBe('LA');
    expect(directionLetters([0.97, -0.1, 0.2])).toBe('L');
  });
  it('flips for the neurological convention, and never a sagittal slice', () => {
    expect(needsFlip(axial, 'radiological')).toBe(false);
    expect(needsFlip(axial, 'neurological')).toBe(true);
    expect(needsFlip({ ...axial, rowDirection: [-1, 0, 0] }, 'radiological')).toBe(true);
    expect(needsFlip(sagittal, 'neurological')).toBe(false);
  });
});

import { describe, expect, it } from 'vitest';
import { keptCount, lineCoverage } from '../../../renderer/viewers/mask/mask-runs.ts';

describe('mask strip', () => {
  it('gives each line whole pixels when there is room', () => {
    expect([...lineCoverage([1, 0, 1], 3, 6)]).toEqual([1, 1, 0, 0, 1, 1]);
  });

  it('gives the kept fraction when lines share a pixel', () => {
    expect([...lineCoverage([1, 0, 1, 1, 0, 0, 0, 0], 8, 2)]).toEqual([0.75, 0]);
  });

  it('counts', () => {
    const mask = Uint8Array.from([1, 0, 1, 1, 0, 0]);
    expect(keptCount(mask)).toBe(3);
  });
});

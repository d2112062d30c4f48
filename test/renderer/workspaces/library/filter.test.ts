import { describe, expect, it } from 'vitest';
import { matches } from '../../../../renderer/workspaces/library/filter.ts';

describe('matches', () => {
  it('wants every word somewhere in the row', () => {
    expect(matches('sense BRAIN', ['brain.h5', 'SENSE · 4×', undefined])).toBe(true);
    expect(matches('sense knee', ['brain.h5', 'SENSE'])).toBe(false);
    expect(matches('  ', [])).toBe(true);
  });
});

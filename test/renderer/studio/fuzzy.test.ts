import { describe, expect, it } from 'vitest';
import { fuzzyFilter, fuzzyScore } from '../../../renderer/studio/actions/fuzzy.ts';

const best = (query: string, texts: readonly string[]) => fuzzyFilter(query, texts, (t) => t);

describe('fuzzy search', () => {
  it('needs all letters in order', () => {
    expect(fuzzyScore('xyz', 'Sweep the acceleration')).toBeNull();
    expect(fuzzyScore('swp', 'Sweep the acceleration')).not.toBeNull();
  });
  it('prefers whole words, then word starts', () => {
    expect(best('fit', ['Difference fit', 'Fit to pane', 'Profile it'])[0]).toBe('Fit to pane');
    expect(best('rv', ['Reconstruct the volume', 'Receive'])[0]).toBe('Reconstruct the volume');
  });
  it('ignores case, accents and spaces', () => {
    expect(best('ÉXP', ['Export…'])).toEqual(['Export…']);
    expect(best('l1 wave', ['L1-wavelet'])).toEqual(['L1-wavelet']);
  });
  it('gives everything for an empty query, in order', () => {
    expect(best('  ', ['b', 'a'])).toEqual(['b', 'a']);
  });
});

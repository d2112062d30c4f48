import { describe, expect, it } from 'vitest';
import { formatOnGrid, fractionOf, snap, valueAfterKey, valueAt } from '../../../renderer/controls/slider-scale.ts';

const acceleration = { min: 1, max: 12, step: 0.1, scale: 'linear' } as const;
const lambda = { min: 1e-5, max: 1, scale: 'log' } as const;

describe('slider scale', () => {
  it('puts the ends at the ends and comes back', () => {
    for (const range of [acceleration, lambda]) {
      expect(fractionOf(range.min, range)).toBe(0);
      expect(fractionOf(range.max, range)).toBe(1);
      expect(valueAt(0, range)).toBe(range.min);
      expect(valueAt(1, range)).toBe(range.max);
    }
    expect(valueAt(fractionOf(4.3, acceleration), acceleration)).toBe(4.3);
  });

  it('gives every decade the same room on a log scale', () => {
    expect(fractionOf(1e-3, lambda)).toBeCloseTo(0.4, 12);
    expect(valueAt(0.6, lambda)).toBeCloseTo(0.01, 6);
  });

  it('stays on the grid without binary dust, and inside the range', () => {
    expect(snap(1 + 0.1 * 3, acceleration)).toBe(1.3);
    expect(snap(99, acceleration)).toBe(12);
    expect(snap(9.9, { min: 0, max: 10, step: 3, scale: 'linear' })).toBe(9);
  });

  it('moves by keys', () => {
    expect(valueAfterKey('ArrowRight', false, 4, acceleration)).toBe(4.1);
    expect(valueAfterKey('ArrowDown', false, 4, acceleration)).toBe(3.9);
    expect(valueAfterKey('ArrowRight', true, 4, acceleration)).toBe(5);
    expect(valueAfterKey('PageUp', false, 4, acceleration)).toBe(5);
    expect(valueAfterKey('Home', false, 4, acceleration)).toBe(1);
    expect(valueAfterKey('End', false, 4, acceleration)).toBe(12);
    expect(valueAfterKey('x', false, 4, acceleration)).toBeNull();
    expect(valueAfterKey('ArrowRight', false, 0.01, lambda)).toBeGreaterThan(0.01);
  });

  it('gives low values room on a log scale that starts at zero', () => {
    const snr = { min: 0, max: 10_000, step: 1, scale: 'log' } as const;
    expect(fractionOf(0, snr)).toBe(0);
    expect(fractionOf(10_000, snr)).toBe(1);
    expect(fractionOf(60, snr)).toBeGreaterThan(0.4);
    for (const value of [0, 1, 9, 60, 700, 10_000]) expect(valueAt(fractionOf(value, snr), snr)).toBe(value);
    expect(fractionOf(-5, { min: -10, max: 10, scale: 'log' })).toBe(0.25);
  });

  it('never gets stuck on a log scale with a coarse grid', () => {
    const range = { min: 1, max: 200, step: 1, scale: 'log' } as const;
    for (let value = 1; value < 200; ) {
      const next: number = valueAfterKey('ArrowRight', false, value, range) ?? value;
      expect(next).toBeGreaterThan(value);
      value = next;
    }
  });

  it('prints as many decimals as the grid has', () => {
    expect(formatOnGrid(4, 0.1)).toBe('4.0');
    expect(formatOnGrid(216, 1)).toBe('216');
    expect(formatOnGrid(0.0001, 1e-4)).toBe('0.0001');
    expect(formatOnGrid(-0.25, undefined)).toBe('−0.25');
  });
});

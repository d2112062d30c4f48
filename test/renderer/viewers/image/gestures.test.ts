import { describe, expect, it } from 'vitest';
import { dragKind, wheelSteps, zoomFactor } from '../../../../renderer/viewers/image/gestures.ts';

const press = (button: number, keys: { ctrlKey?: boolean; metaKey?: boolean } = {}) => ({
  button, ctrlKey: keys.ctrlKey ?? false, metaKey: keys.metaKey ?? false,
});

describe('dragKind', () => {
  it('gives the left button the active tool, unless a modifier says otherwise', () => {
    expect(dragKind(press(0), 'roi', false)).toBe('roi');
    expect(dragKind(press(0), 'roi', true)).toBe('pan');
    expect(dragKind(press(0, { ctrlKey: true }), 'profile', false)).toBe('auto-window');
    expect(dragKind(press(0, { metaKey: true }), 'window', false)).toBe('auto-window');
  });

  it('pans with the middle and zooms with the right button in every tool', () => {
    for (const tool of ['window', 'pan', 'zoom', 'roi', 'profile', 'measure'] as const) {
      expect(dragKind(press(1), tool, false)).toBe('pan');
      expect(dragKind(press(2), tool, false)).toBe('zoom');
    }
    expect(dragKind(press(3), 'window', false)).toBeNull();
  });
});

describe('wheelSteps', () => {
  it('makes one slice of one notch, three of three', () => {
    expect(wheelSteps(100)).toEqual({ steps: 1, rest: 0 });
    expect(wheelSteps(-120)).toEqual({ steps: -1, rest: 0 });
    expect(wheelSteps(300).steps).toBe(3);
  });

  it('adds up the small moves of a touchpad', () => {
    let travel = 0;
    let slices = 0;
    for (let i = 0; i < 40; i++) {
      const { steps, rest } = wheelSteps(travel + 10);
      travel = rest;
      slices += steps;
    }
    expect(slices).toBe(5);
  });
});

it('zoomFactor undoes itself', () => {
  expect(zoomFactor(53) * zoomFactor(-53)).toBeCloseTo(1, 12);
  expect(zoomFactor(200)).toBe(2);
});

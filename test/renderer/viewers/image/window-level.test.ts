import { describe, expect, it } from 'vitest';
import { mapValue, mappingRange } from '../../../../renderer/viewers/image/display-value.ts';
import { autoWindow, dragGain, dragWindow } from '../../../../renderer/viewers/image/window-level.ts';

describe('mapValue', () => {
  it('is LINEAR_EXACT of DICOM PS3.3 C.11.2.1.3.2', () => {
    const mapping = { kind: 'window', window: { centre: 0.41, width: 0.82 } } as const;
    for (const x of [0.1, 0.41, 0.7]) expect(mapValue(x, mapping)).toBeCloseTo((x - 0.41) / 0.82 + 0.5, 12);
    expect(mapValue(-1, mapping)).toBe(0);
    expect(mapValue(2, mapping)).toBe(1);
    expect(mapValue(Number.NaN, mapping)).toBe(0);
  });

  it('runs backwards when inverted', () => {
    const window = { centre: 2, width: 4 };
    for (const x of [-1, 0, 1, 2.5, 4, 9]) {
      const straight = mapValue(x, { kind: 'window', window });
      expect(mapValue(x, { kind: 'window', window, inverted: true })).toBeCloseTo(1 - straight, 12);
    }
  });

  it('puts zero in the middle of a signed scale whatever the scale', () => {
    for (const fullScale of [0.125, 1, 40]) {
      expect(mapValue(0, { kind: 'signed', fullScale })).toBe(0.5);
      expect(mappingRange({ kind: 'signed', fullScale })).toEqual([-fullScale, fullScale]);
    }
  });
});

describe('dragWindow', () => {
  const window = { centre: 100, width: 50 };

  it('widens to the right and narrows to the left, and undoes itself', () => {
    expect(dragWindow(window, 240, 0).width).toBeCloseTo(100);
    expect(dragWindow(window, -240, 0).width).toBeCloseTo(25);
    expect(dragWindow(dragWindow(window, 37, 0), -37, 0).width).toBeCloseTo(50, 9);
  });

  it('gets brighter upwards: the level falls, relative to the width', () => {
    expect(dragWindow(window, 0, -120).centre).toBeCloseTo(75);
    expect(dragWindow(window, 0, -120, true).centre).toBeCloseTo(125);
    expect(mapValue(100, { kind: 'window', window: dragWindow(window, 0, -60) })).toBeGreaterThan(0.5);
  });

  it('never closes the window', () => {
    expect(dragWindow(window, -1e6, 0).width).toBeGreaterThan(0);
  });
});

describe('dragGain', () => {
  it('doubles upwards and stays in its range', () => {
    expect(dragGain(8, 0, -240)).toBeCloseTo(16);
    expect(dragGain(8, 0, -240, true)).toBeCloseTo(4);
    expect(dragGain(8, 0, 1e6)).toBe(0.01);
  });
});

describe('autoWindow', () => {
  it('takes the 0.5th to the 99.5th percentile', () => {
    const ramp = Float32Array.from({ length: 10_001 }, (_, i) => i / 10_000);
    const { centre, width } = autoWindow(ramp);
    expect(centre).toBeCloseTo(0.5, 3);
    expect(Math.abs(width - 0.99)).toBeLessThan(2 / 4096);
  });

  it('is not moved by one outlier', () => {
    const values = Float32Array.from({ length: 100_000 }, (_, i) => (i % 1000) / 1000);
    values[17] = 50;
    expect(autoWindow(values).width).toBeLessThan(1.1);
  });

  it('leaves out values that are not finite', () => {
    const { centre, width } = autoWindow(Float32Array.from([Number.NaN, 1, 2, 3, Infinity]));
    expect(centre - width / 2).toBeGreaterThanOrEqual(1);
    expect(centre + width / 2).toBeLessThanOrEqual(3.001);
  });

  it('gives a window for nothing and for a constant', () => {
    expect(autoWindow(new Float32Array(0)).width).toBe(1);
    expect(autoWindow(new Float32Array(9).fill(-4))).toEqual({ centre: -4, width: 4 });
  });
});

import { describe, expect, it } from 'vitest';
import { ndArray } from '../../../../src/array/nd-array.ts';
import { formatShort, formatValue, scaleBarLength } from '../../../../renderer/viewers/image/format-value.ts';
import { coordinateLabel, rangeLabel, scaleBar, valueLabel, zoomLabel } from '../../../../renderer/viewers/image/pane-labels.ts';
import { viewTransform } from '../../../../renderer/viewers/image/view-transform.ts';

describe('formatValue', () => {
  it.each([
    [0.6134, '0.613'], [101.4, '101'], [-0.0052, '−0.00520'], [12345, '12345'], [2.5e-7, '2.50e−7'], [1.5e9, '1.50e9'],
    [0, '0'], [Number.NaN, 'no value'], [-Infinity, '−∞'],
  ])('%f → %s', (value, text) => expect(formatValue(value)).toBe(text));

  it.each([[0.82, '0.82'], [-0.4, '−0.4'], [4, '4'], [40, '40'], [100, '100'], [2.5e-7, '2.5e−7'], [2e9, '2e9']])(
    'short: %f → %s',
    (value, text) => expect(formatShort(value)).toBe(text),
  );
});

describe('labels', () => {
  it('say window and level, or the ends of a fixed scale', () => {
    expect(rangeLabel({ kind: 'window', window: { centre: 0.41, width: 0.82 } })).toBe('W 0.82 L 0.41');
    expect(rangeLabel({ kind: 'signed', fullScale: 0.125 })).toBe('−0.125 to 0.125');
    expect(rangeLabel({ kind: 'phase' })).toBe('−π to π rad');
  });

  it('count k-space from its centre sample', () => {
    expect(coordinateLabel({ row: 128, column: 108 }, 256, 216, 'kspace')).toBe('kx 0 ky 0');
    expect(coordinateLabel({ row: 116, column: 139 }, 256, 216, 'kspace')).toBe('kx −12 ky 31');
    expect(coordinateLabel({ row: 118, column: 101 }, 256, 216, 'image')).toBe('x 101 y 118');
    expect(coordinateLabel({ row: 127, column: 110 }, 256, 216, 'offset')).toBe('Δx 2 Δy −1');
  });

  it('give magnitude and phase of a complex value', () => {
    const image = ndArray('complex64', [1, 2], Float32Array.from([0, 0, 3, -4]));
    expect(valueLabel(image, { row: 0, column: 1 }, null, 0)).toBe('|s| 5.00 ∠ −0.93 rad');
    expect(valueLabel(image, { row: 0, column: 1 }, image, -0.25)).toBe('Δ −0.250');
  });

  it('give the zoom in screen pixels per image pixel, and a round scale bar', () => {
    const view = viewTransform({
      width: 416, height: 416, rows: 200, columns: 200, pixelAspect: 1, zoom: 1, panRow: 0, panColumn: 0, flipHorizontal: true, rotation: 1,
    });
    expect(zoomLabel(view)).toBe('2.0×');
    expect(scaleBar(view, 1)).toEqual({ pixels: 100, text: '5 cm' });
    expect(scaleBar(view, undefined)).toBeNull();
  });

  it.each([[9.9, 5], [4.9, 2], [1.2, 1], [0.07, 0.05], [250, 200]])('at most %f mm → %f mm', (room, length) =>
    expect(scaleBarLength(room)).toBeCloseTo(length, 12),
  );
});

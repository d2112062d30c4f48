import { describe, expect, it } from 'vitest';
import { COLORMAPS, colourTable } from '../../../../renderer/viewers/image/colormaps.ts';
import type { ColormapName } from '../../../../renderer/viewers/image/types.ts';

const rgb = (name: ColormapName, i: number): number[] => COLORMAPS[name].colours.slice(3 * i, 3 * i + 3);
/** Rec. 709 luminance of sRGB. */
function luminance(colour: readonly number[]): number {
  const linear = colour.map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * (linear[0] ?? 0) + 0.7152 * (linear[1] ?? 0) + 0.0722 * (linear[2] ?? 0);
}
const names = Object.keys(COLORMAPS) as ColormapName[];

describe('colour maps', () => {
  it.each(names)('%s has 256 triples of bytes', (name) => {
    const { colours } = COLORMAPS[name];
    expect(colours).toHaveLength(768);
    expect(colours.every((v) => Number.isInteger(v) && v >= 0 && v <= 255)).toBe(true);
    expect(colourTable(name)).toHaveLength(1024);
  });

  it('have the published ends', () => {
    expect(rgb('viridis', 0)).toEqual([68, 1, 84]);
    expect(rgb('viridis', 255)).toEqual([253, 231, 37]);
    expect(rgb('inferno', 0)).toEqual([0, 0, 4]);
    expect(rgb('inferno', 255)).toEqual([252, 255, 164]);
    expect(rgb('cividis', 0)).toEqual([0, 34, 78]);
  });

  it.each(['grey', 'viridis', 'inferno', 'cividis'] as const)('%s gets lighter all the way', (name) => {
    for (let i = 8; i < 256; i += 8) expect(luminance(rgb(name, i))).toBeGreaterThan(luminance(rgb(name, i - 8)));
  });

  it('diverging: magenta, a dark zero in the very middle, cyan; as bright on both sides', () => {
    expect(rgb('diverging', 0)).toEqual([255, 106, 193]);
    expect(rgb('diverging', 255)).toEqual([90, 209, 230]);
    expect(Math.max(...rgb('diverging', 127), ...rgb('diverging', 128))).toBeLessThan(20);
    for (let i = 16; i < 128; i += 16) expect(luminance(rgb('diverging', i))).toBeLessThan(luminance(rgb('diverging', i - 16)));
  });

  it('phase: closes, and no phase stands out in lightness', () => {
    expect(Math.max(...rgb('phase', 0).map((v, k) => Math.abs(v - (rgb('phase', 255)[k] ?? 0))))).toBeLessThanOrEqual(1);
    const all = Array.from({ length: 256 }, (_, i) => luminance(rgb('phase', i)));
    expect(Math.max(...all) / Math.min(...all)).toBeLessThan(1.5);
  });
});

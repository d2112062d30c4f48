/** The layer under a temperature map, and the curve of a region. */
import { describe, expect, it } from 'vitest';
import { curveOf, curveRequest } from '../../../../../renderer/workspaces/mri/thermometry/temperature-request.ts';
import { underlayPixels } from '../../../../../renderer/workspaces/mri/thermometry/underlay-pixels.ts';

const alpha = (pixels: Uint8ClampedArray): number[] => [...pixels].filter((_, i) => i % 4 === 3);

describe('the anatomy under a map', () => {
  it('shows where the map is low or unknown, as bright as the tissue', () => {
    const pixels = underlayPixels({ values: [37, 39, NaN, 41], magnitude: [0.5, 1, 0.25, 1], below: 38, signed: false });
    expect(alpha(pixels)).toEqual([255, 0, 255, 0]);
    expect([...pixels.subarray(0, 3)]).toEqual([128, 128, 128]);
    expect([...pixels.subarray(8, 11)]).toEqual([64, 64, 64]);
  });

  it('leaves cooling coloured in maps of change, and is black where nothing is', () => {
    expect(alpha(underlayPixels({ values: [-3, 0.2, 3], magnitude: [1, 1, 1], below: 1, signed: true }))).toEqual([0, 255, 0]);
    expect([...underlayPixels({ values: [0], magnitude: [0], below: 1, signed: false })]).toEqual([0, 0, 0, 255]);
  });
});

describe('the curve of a region', () => {
  const axes = [{ name: 'frame', length: 3 }, { name: 'coil', length: 2 }, { name: 'row', length: 2 }, { name: 'column', length: 2 }];
  const job = { recording: 'r', series: 's', slices: [2, 3], pattern: { name: 'full', params: {} }, method: { name: 'sense', params: {} } } as const;

  it('is asked for once, whichever frame is on screen', () => {
    const request = curveRequest(job, { axes, slices: 3 }, { smooth: 2, show: 'rise' });
    expect(request).toEqual(curveRequest({ ...job, slices: [0, 1] }, { axes, slices: 3 }, { smooth: 2, show: 'rise' }));
    expect(request.view).toEqual({ name: 'temperature', params: { smooth: 2, show: 'temperature', frames: 'all' } });
  });

  it('is that of the pixels inside, in minutes where the series says how long a frame takes', () => {
    const maps = { shape: [3, 2, 2], data: Float32Array.of(37, 37, 37, 37, 39, 41, 0, 0, 43, 43, 0, 0) };
    const roi = { shape: 'rectangle', from: { row: 0, column: 0 }, to: { row: 1, column: 2 } } as const;
    const curve = curveOf(maps, roi, { attributes: [{ label: 'Frame interval', value: '30 s' }] }, [10, 90]);
    expect(curve).toMatchObject({ pixels: 2, timed: true });
    expect(curve.moments.map(({ minutes, mean }) => [minutes, mean])).toEqual([[0, 37], [0.5, 40], [1, 43]]);
    expect(curve.moments[1]?.high).toBeCloseTo(40.8, 5);
    expect(curveOf(maps, roi, { attributes: [] }, [10, 90]).timed).toBe(false);
  });
});

import { describe, expect, it } from 'vitest';
import {
  pixelAt, placedLabels, screenStep, toImage, toImageStep, toScreen, viewTransform,
} from '../../../../renderer/viewers/image/view-transform.ts';

const base = {
  width: 416, height: 316, rows: 100, columns: 200, pixelAspect: 1, zoom: 1, panRow: 0, panColumn: 0, flipHorizontal: false, rotation: 0,
} as const;
const PLACEMENTS = [false, true].flatMap((flipHorizontal) => ([0, 1, 2, 3] as const).map((rotation) => ({ flipHorizontal, rotation })));

describe('viewTransform', () => {
  it('fits the whole image with a margin, centred', () => {
    const view = viewTransform(base);
    expect(view.scaleX).toBe(2);
    expect(toScreen(view, { row: 0, column: 0 })).toEqual({ x: 8, y: 58 });
    expect(toScreen(view, { row: 100, column: 200 })).toEqual({ x: 408, y: 258 });
  });

  it('fits tall pixels by their height', () => {
    const view = viewTransform({ ...base, pixelAspect: 2 });
    expect(view.scaleY).toBeCloseTo(2 * view.scaleX);
    expect(100 * view.scaleY).toBeLessThanOrEqual(300);
  });

  it.each(PLACEMENTS)('is undone by toImage, panned, $flipHorizontal and turned $rotation', (placement) => {
    const view = viewTransform({ ...base, zoom: 3.7, pixelAspect: 1.3, panRow: 12.5, panColumn: -31, ...placement });
    const screen = toScreen(view, { row: 41.25, column: 77.5 });
    const back = toImage(view, screen.x, screen.y);
    expect(back.row).toBeCloseTo(41.25, 9);
    expect(back.column).toBeCloseTo(77.5, 9);
    // The image point that the pan names is in the middle of the pane.
    const middle = toScreen(view, { row: 62.5, column: 69 });
    expect(middle.x).toBeCloseTo(208, 9);
    expect(middle.y).toBeCloseTo(158, 9);
  });

  // Corners of the stored image, clockwise on the screen from the top left.
  it.each([
    [false, 0, ['00', '0C', 'RC', 'R0']], [false, 1, ['R0', '00', '0C', 'RC']],
    [false, 2, ['RC', 'R0', '00', '0C']], [false, 3, ['0C', 'RC', 'R0', '00']],
    [true, 0, ['0C', '00', 'R0', 'RC']], [true, 1, ['RC', '0C', '00', 'R0']],
    [true, 2, ['R0', 'RC', '0C', '00']], [true, 3, ['00', 'R0', 'RC', '0C']],
  ] as const)('flip %s, turn %i: every corner where it belongs, the whole image fitted', (flipHorizontal, rotation, corners) => {
    const view = viewTransform({ ...base, flipHorizontal, rotation });
    const turned = rotation % 2 === 1;
    const [halfWidth, halfHeight] = turned ? [75, 150] : [200, 100];
    const places = [[-1, -1], [1, -1], [1, 1], [-1, 1]] as const;
    corners.forEach((corner, i) => {
      const point = { row: corner.startsWith('R') ? 100 : 0, column: corner.endsWith('C') ? 200 : 0 };
      const [sideX, sideY] = places[i] as readonly [number, number];
      expect(toScreen(view, point), corner).toEqual({ x: 208 + sideX * halfWidth, y: 158 + sideY * halfHeight });
    });
  });

  it('fits tall pixels by their height when they lie on their side', () => {
    const view = viewTransform({ ...base, pixelAspect: 4, rotation: 1 });
    expect(100 * view.scaleY).toBeCloseTo(400);
    expect(200 * view.scaleX).toBeCloseTo(200);
  });

  it('shows the first column on the right when flipped', () => {
    const view = viewTransform({ ...base, flipHorizontal: true });
    expect(toScreen(view, { row: 0, column: 0 }).x).toBe(408);
  });

  it('names the pixel that covers a point, and none outside', () => {
    const view = viewTransform(base);
    expect(pixelAt(view, 8.5, 58.5)).toEqual({ row: 0, column: 0 });
    expect(pixelAt(view, 407.9, 257.9)).toEqual({ row: 99, column: 199 });
    expect(pixelAt(view, 7.9, 100)).toBeNull();
    expect(pixelAt(view, 408.1, 100)).toBeNull();
  });
});

describe('steps on the screen', () => {
  it.each(PLACEMENTS)('go there in the image: flip $flipHorizontal, turn $rotation', (placement) => {
    const view = viewTransform({ ...base, ...placement });
    for (const [right, down] of [[1, 0], [0, 1], [-3, 0]] as const) {
      const step = screenStep(placement, right, down);
      const from = toScreen(view, { row: 50, column: 50 });
      const to = toScreen(view, { row: 50 + step.row, column: 50 + step.column });
      expect(Math.sign(Math.round(to.x - from.x))).toBe(Math.sign(right));
      expect(Math.sign(Math.round(to.y - from.y))).toBe(Math.sign(down));
      const back = toImageStep(view, to.x - from.x, to.y - from.y);
      expect(back.row).toBeCloseTo(step.row, 9);
      expect(back.column).toBeCloseTo(step.column, 9);
    }
  });
});

describe('placedLabels', () => {
  const stored = { left: 'R', right: 'L', top: 'A', bottom: 'P' };
  it.each(PLACEMENTS)('each letter stands where its edge of the image went: flip $flipHorizontal, turn $rotation', (placement) => {
    const view = viewTransform({ ...base, ...placement });
    const labels = placedLabels(stored, placement);
    const edges = { left: [50, 0], right: [50, 200], top: [0, 100], bottom: [100, 100] } as const;
    for (const [edge, [row, column]] of Object.entries(edges)) {
      const { x, y } = toScreen(view, { row, column });
      const side = Math.abs(x - 208) > Math.abs(y - 158) ? (x < 208 ? 'left' : 'right') : y < 158 ? 'top' : 'bottom';
      expect(labels[side], edge).toBe(stored[edge as keyof typeof stored]);
    }
  });
});

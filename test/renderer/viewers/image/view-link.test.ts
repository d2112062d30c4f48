import { describe, expect, it } from 'vitest';
import { ViewLink, ZOOM_RANGE } from '../../../../renderer/viewers/image/view-link.svelte.ts';
import { toScreen, viewTransform } from '../../../../renderer/viewers/image/view-transform.ts';

const pane = { width: 400, height: 300, rows: 128, columns: 96, pixelAspect: 1.2 };
const screenOf = (link: ViewLink, row: number, column: number) =>
  toScreen(viewTransform({
    ...pane, zoom: link.zoom, panRow: link.panRow, panColumn: link.panColumn, flipHorizontal: link.flipHorizontal, rotation: link.rotation,
  }), {
    row: row + pane.rows / 2, column: column + pane.columns / 2,
  });

describe('ViewLink', () => {
  it('zooms about the anchor: it stays where it is on screen', () => {
    const link = new ViewLink();
    link.mirror();
    link.rotate(1);
    link.panRow = 7;
    const before = screenOf(link, 20, -11);
    link.zoomAt(3.3, { row: 20, column: -11 });
    const after = screenOf(link, 20, -11);
    expect(after.x).toBeCloseTo(before.x, 9);
    expect(after.y).toBeCloseTo(before.y, 9);
    expect(link.zoom).toBeCloseTo(3.3);
  });

  it('keeps the anchor at the ends of the zoom range too', () => {
    const link = new ViewLink();
    const before = screenOf(link, 5, 5);
    link.zoomAt(1e9, { row: 5, column: 5 });
    expect(link.zoom).toBe(ZOOM_RANGE.maximum);
    expect(screenOf(link, 5, 5).x).toBeCloseTo(before.x, 6);
    link.zoomAt(1e-9);
    expect(link.zoom).toBe(ZOOM_RANGE.minimum);
  });

  it('resets to the home window', () => {
    const link = new ViewLink();
    link.setHomeWindow({ centre: 300, width: 600 });
    link.window = { centre: 1, width: 2 };
    link.zoomAt(4, { row: 9, column: 9 });
    link.crosshair = { row: 1, column: 1 };
    link.rotate(-1);
    link.mirror();
    link.reset();
    expect(link).toMatchObject({ flipHorizontal: false, rotation: 0, zoom: 1, panRow: 0, panColumn: 0, crosshair: null, window: { centre: 300, width: 600 } });
  });

  it('turns round in four steps, and back', () => {
    const link = new ViewLink();
    const seen = [1, 1, 1, 1, -1, -1].map((direction) => {
      link.rotate(direction as 1 | -1);
      return link.rotation;
    });
    expect(seen).toEqual([1, 2, 3, 0, 3, 2]);
  });

  it.each([0, 1, 2, 3])('mirrors what is seen, after %i turns: left and right change places, nothing else', (turns) => {
    const link = new ViewLink();
    for (let i = 0; i < turns; i++) link.rotate(1);
    const before = screenOf(link, 13, -21);
    link.mirror();
    const after = screenOf(link, 13, -21);
    expect(after.x - pane.width / 2).toBeCloseTo(pane.width / 2 - before.x, 9);
    expect(after.y).toBeCloseTo(before.y, 9);
  });
});

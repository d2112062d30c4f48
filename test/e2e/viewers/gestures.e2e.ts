/** Gestures and keys on the panes, as PEERS' conventions have them. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Browser, Locator, Page } from 'playwright-core';
import type { PaneTool } from '../../../renderer/viewers/image/types.ts';
import { launchBrowser } from '../support/browser.ts';
import type { StaticServer } from '../support/static-server.ts';
import { buildHarness, openHarness } from './open-harness.ts';

let server: StaticServer;
let browser: Browser;
let page: Page;
let complaints: string[];
let pane: Locator;
let box: { x: number; y: number; width: number; height: number };

beforeAll(async () => {
  server = await buildHarness();
  browser = await launchBrowser();
  ({ page, complaints } = await openHarness(browser, server));
  pane = page.getByRole('application', { name: /^Zero-filled/ });
  const found = await pane.boundingBox();
  if (found === null) throw new Error('the pane is not on screen');
  box = found;
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
});
beforeEach(async () => {
  await page.mouse.move(5, 5);
  await page.evaluate(() => {
    const { state } = window.harness;
    state.link.setHomeWindow({ centre: 0.41, width: 0.82 });
    state.link.reset();
    Object.assign(state, { tool: 'window', roi: null, profile: null, compare: null, gain: 2, events: [] });
    (document.activeElement as HTMLElement | null)?.blur();
  });
});

const link = () =>
  page.evaluate(() => {
    const { zoom, panRow, panColumn, window: shown, crosshair, blink } = window.harness.state.link;
    return { zoom, panRow, panColumn, window: shown, crosshair, blink };
  });
const events = () => page.evaluate(() => window.harness.state.events);
const setTool = (tool: PaneTool) => page.evaluate((t) => void Object.assign(window.harness.state, { tool: t }), tool);

/** Drags from the middle of the pane. */
async function drag(dx: number, dy: number, button: 'left' | 'middle' | 'right' = 'left'): Promise<void> {
  const x = box.x + box.width / 2;
  const y = box.y + box.height / 2;
  await page.mouse.move(x, y);
  await page.mouse.down({ button });
  await page.mouse.move(x + dx / 2, y + dy / 2, { steps: 2 });
  await page.mouse.move(x + dx, y + dy, { steps: 2 });
  await page.mouse.up({ button });
}

describe('window and level', () => {
  it('left drag to the right doubles the width after 240 px, up lowers the level: brighter', async () => {
    await drag(120, 0);
    expect((await link()).window.width).toBeCloseTo(0.82 * Math.SQRT2, 5);
    await page.evaluate(() => window.harness.state.link.reset());
    await drag(0, -60);
    const after = (await link()).window;
    expect(after.centre).toBeCloseTo(0.41 - 0.25 * 0.82, 5);
    expect(after.width).toBeCloseTo(0.82, 5);
    // Linked: the reference pane says the same.
    await expect.poll(() => page.getByText('W 0.82 L 0.205').count()).toBe(2);
  });

  it('in a signed pane changes the gain and leaves the window alone', async () => {
    const error = page.getByRole('application', { name: /^Error/ });
    const at = await error.boundingBox();
    if (at === null) throw new Error('no error pane');
    await page.mouse.move(at.x + 150, at.y + 150);
    await page.mouse.down();
    await page.mouse.move(at.x + 150, at.y + 30, { steps: 6 });
    await page.mouse.up();
    expect(await page.evaluate(() => window.harness.state.gain)).toBeCloseTo(2 * Math.SQRT2, 5);
    expect((await link()).window).toEqual({ centre: 0.41, width: 0.82 });
    await expect.poll(() => error.innerText()).toContain('×2.8');
  });

  it('Ctrl+drag sets the window from the box', async () => {
    await page.keyboard.down('Control');
    await drag(60, 60);
    await page.keyboard.up('Control');
    const { width } = (await link()).window;
    expect(width).toBeLessThan(0.82);
    expect(width).toBeGreaterThan(0);
  });
});

describe('moving about', () => {
  it('middle drag pans, so does Space+drag', async () => {
    await drag(50, -25, 'middle');
    const { zoom, panColumn, panRow } = await link();
    expect(zoom).toBe(1);
    expect(panColumn).toBeLessThan(0);
    expect(panRow).toBeCloseTo(-panColumn / 2, 5);
    await page.evaluate(() => window.harness.state.link.reset());
    await page.keyboard.down('Space');
    await drag(50, -25);
    await page.keyboard.up('Space');
    const after = await link();
    expect(after.panColumn).toBeCloseTo(panColumn, 5);
    expect(after.window.width).toBe(0.82);
  });

  it('right drag zooms about where it began; a right click opens the menu', async () => {
    await drag(0, -100, 'right');
    expect((await link()).zoom).toBeCloseTo(Math.SQRT2, 3);
    await page.mouse.click(box.x + 100, box.y + 100, { button: 'right' });
    await expect.poll(async () => (await events()).at(-1)).toEqual(['menu-at', `${box.x + 100},${box.y + 100}`]);
  });

  it('the wheel changes the slice, Ctrl+wheel zooms at the pointer', async () => {
    await page.mouse.move(box.x + 100, box.y + 80);
    // One after the other: the browser adds up turns of the wheel that wait for the same frame.
    await page.mouse.wheel(0, 120);
    await expect.poll(events).toEqual([['slice', 1]]);
    await page.mouse.wheel(0, -120);
    await expect.poll(events).toEqual([['slice', 1], ['slice', -1]]);
    const before = await page.evaluate(() => window.harness.state.link.hover);
    await page.keyboard.down('Control');
    await page.mouse.wheel(0, -200);
    await page.keyboard.up('Control');
    await expect.poll(async () => (await link()).zoom).toBeCloseTo(2, 5);
    await page.mouse.move(box.x + 100, box.y + 80.5);
    await expect.poll(() => page.evaluate(() => window.harness.state.link.hover)).toEqual(before);
  });

  it('double-click fits', async () => {
    await page.evaluate(() => window.harness.state.link.zoomAt(5, { row: 10, column: 10 }));
    await page.mouse.dblclick(box.x + 50, box.y + 50);
    await expect.poll(link).toMatchObject({ zoom: 1, panRow: 0, panColumn: 0 });
  });

  it('two fingers pan and zoom', async () => {
    await page.evaluate(() => {
      const target = document.querySelectorAll<HTMLElement>('.pane')[1];
      if (!target) throw new Error('no pane');
      const { left, top } = target.getBoundingClientRect();
      const finger = (type: string, pointerId: number, x: number, y: number) =>
        target.dispatchEvent(new PointerEvent(type, {
          pointerId, pointerType: 'touch', clientX: left + x, clientY: top + y, button: 0, bubbles: true,
        }));
      // Synthetic pointers cannot be captured.
      target.setPointerCapture = () => {};
      finger('pointerdown', 11, 150, 150);
      finger('pointerdown', 12, 200, 150);
      finger('pointermove', 11, 125, 150);
      finger('pointermove', 12, 225, 150);
      finger('pointerup', 11, 125, 150);
      finger('pointerup', 12, 225, 150);
    });
    const state = await link();
    expect(state.zoom).toBeCloseTo(2, 5);
    expect(state.window.width).toBe(0.82);
  });
});

describe('crosshair and read-out', () => {
  it('a click sets the linked crosshair; the value under the pointer is in every linked pane', async () => {
    await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    const { crosshair } = await link();
    expect(crosshair).toEqual({ row: 64, column: 64 });
    await expect.poll(() => page.getByText(/^x 64 y 64 /).count()).toBe(3);
  });

  it('arrow keys move it, Shift by ten, and the value is announced', async () => {
    await pane.focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Shift+ArrowUp');
    expect((await link()).crosshair).toEqual({ row: 54, column: 65 });
    await expect.poll(() => pane.locator('[aria-live]').innerText()).toMatch(/^x 65 y 54/);
    await page.keyboard.press('+');
    expect((await link()).zoom).toBeCloseTo(1.25, 9);
  });
});

describe('regions and lines', () => {
  it('the roi tool measures mean ± sd and shares the region', async () => {
    await setTool('roi');
    await drag(60, 40);
    const found = await page.evaluate(() => ({ s: window.harness.state.statistics, roi: window.harness.state.roi }));
    expect(found.roi?.shape).toBe('ellipse');
    expect(found.s?.pixels).toBeGreaterThan(100);
    await expect.poll(() => page.locator('.pane svg text', { hasText: '±' }).count()).toBe(2);
  });

  it('the profile tool gives a chart in mm', async () => {
    await setTool('profile');
    await drag(80, 0);
    const line = await page.evaluate(() => window.harness.state.line);
    expect(line?.unit).toBe('mm');
    await page.getByRole('heading', { name: 'Profile' }).waitFor();
  });

  it('the measure tool prints a length', async () => {
    await setTool('measure');
    await drag(100, 0);
    await expect.poll(() => pane.innerText()).toMatch(/\d+\.\d mm/);
    await pane.focus();
    await page.keyboard.press('Escape');
    await expect.poll(() => pane.innerText()).not.toMatch(/\d+\.\d mm/);
  });
});

describe('comparing', () => {
  it('Tab held over the pane shows the reference, and says so; let go, the image is back', async () => {
    await page.mouse.move(box.x + 80, box.y + 80);
    await page.keyboard.down('Tab');
    await expect.poll(async () => (await link()).blink).toBe(true);
    await page.getByRole('application', { name: 'Reference, instead of Zero-filled' }).waitFor();
    await page.keyboard.up('Tab');
    await expect.poll(async () => (await link()).blink).toBe(false);
    await expect.poll(() => pane.innerText()).toContain('Zero-filled');
  });

  it('Tab still moves the focus for those who use the keyboard', async () => {
    await page.mouse.move(box.x + 80, box.y + 80);
    await page.getByLabel('Seed').focus();
    await page.keyboard.press('Tab');
    expect((await link()).blink).toBe(false);
    expect(await page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('switch');
  });

  it('the swipe line is a slider with both names', async () => {
    await page.evaluate(() => {
      const { state } = window.harness;
      state.compare = { image: state.scene.reference, label: 'Reference', mode: 'swipe', position: 0.5 };
    });
    const handle = page.getByRole('slider', { name: 'Swipe between Zero-filled and Reference' });
    await handle.focus();
    await page.keyboard.press('Shift+ArrowRight');
    await expect.poll(() => handle.getAttribute('aria-valuenow')).toBe('60');
    const grip = await handle.boundingBox();
    if (grip === null) throw new Error('no handle');
    await page.mouse.move(grip.x + 8, grip.y + 100);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 4, grip.y + 100, { steps: 4 });
    await page.mouse.up();
    await expect.poll(async () => Number(await handle.getAttribute('aria-valuenow'))).toBeCloseTo(25, -1);
    expect((await link()).window.width).toBe(0.82);
  });

  it('blink mode alternates, always naming what is shown', async () => {
    await page.evaluate(() => {
      const { state } = window.harness;
      state.compare = { image: state.scene.reference, label: 'L1-wavelet', mode: 'blink' };
    });
    await page.getByRole('application', { name: 'L1-wavelet, instead of Zero-filled' }).waitFor();
    await pane.waitFor();
  });
});

it('copies a PNG of the pane, labels burned in on request', async () => {
  const sizes = await page.evaluate(async () => {
    const handle = window.harness.state.handles.recovered;
    const plain = await handle?.copyImage();
    const labelled = await handle?.copyImage({ labels: true });
    return { plain: plain?.blob.size ?? 0, labelled: labelled?.blob.size ?? 0, type: labelled?.blob.type };
  });
  expect(sizes.type).toBe('image/png');
  expect(sizes.labelled).toBeGreaterThan(sizes.plain);
});

it('says nothing on the console and breaks no security policy', () => {
  expect(complaints).toEqual([]);
});

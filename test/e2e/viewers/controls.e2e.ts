/** Controls by keyboard and pointer, accessibility in both themes, disposal, pictures. */
import { AxeBuilder } from '@axe-core/playwright';
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../support/browser.ts';
import type { StaticServer } from '../support/static-server.ts';
import { buildHarness, openHarness } from './open-harness.ts';

const PICTURES = fileURLToPath(new URL('../../../out/test/pictures/', import.meta.url));

let server: StaticServer;
let browser: Browser;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  server = await buildHarness();
  browser = await launchBrowser();
  ({ page, complaints } = await openHarness(browser, server));
  // Colours change at once, so that no picture and no contrast is taken half way.
  await page.emulateMedia({ reducedMotion: 'reduce' });
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
});
beforeEach(() =>
  page.evaluate(() => {
    window.harness.state.events = [];
  }),
);
const events = () => page.evaluate(() => window.harness.state.events);

describe('slider', () => {
  const slider = () => page.getByRole('slider', { name: 'Acceleration' });

  it('moves by keys and tells its value', async () => {
    await slider().focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('PageUp');
    expect(await slider().getAttribute('aria-valuenow')).toBe('5.1');
    expect(await slider().getAttribute('aria-valuetext')).toBe('5.1');
    await page.keyboard.press('Home');
    expect(await events()).toEqual([['input', 4.1], ['change', 4.1], ['input', 5.1], ['change', 5.1], ['input', 1], ['change', 1]]);
  });

  it('is dragged: input while it moves, change once; Shift moves a tenth as far', async () => {
    const track = await slider().locator('..').boundingBox();
    if (track === null) throw new Error('no track');
    await page.mouse.move(track.x + track.width / 2, track.y + 12);
    await page.mouse.down();
    expect(await slider().getAttribute('aria-valuenow')).toBe('6.5');
    await page.keyboard.down('Shift');
    await page.mouse.move(track.x + track.width, track.y + 12, { steps: 5 });
    await page.keyboard.up('Shift');
    await page.mouse.up();
    expect(Number(await slider().getAttribute('aria-valuenow'))).toBeCloseTo(6.5 + 0.55, 1);
    expect((await events()).filter(([name]) => name === 'change')).toHaveLength(1);
    expect((await events()).filter(([name]) => name === 'input').length).toBeGreaterThan(1);
  });
});

describe('number field', () => {
  it('steps, applies on Enter, says what it expected, takes back on Escape', async () => {
    const seed = page.getByLabel('Seed');
    await seed.focus();
    await page.keyboard.press('Shift+ArrowUp');
    expect(await page.evaluate(() => window.harness.state.seed)).toBe(13);
    await seed.fill('99999');
    await page.keyboard.press('Enter');
    expect(await page.getByRole('alert').innerText()).toBe('Enter a value from 0 to 9999.');
    expect(await seed.getAttribute('aria-invalid')).toBe('true');
    await page.keyboard.press('Escape');
    expect(await seed.inputValue()).toBe('13');
    expect(await page.getByRole('alert').count()).toBe(0);
  });
});

describe('choices', () => {
  it('segments are radio buttons: arrows move', async () => {
    await page.getByRole('radio', { name: 'Random' }).focus();
    await page.keyboard.press('ArrowRight');
    expect(await page.evaluate(() => window.harness.state.pattern)).toBe('regular');
  });

  it('a switch toggles with Space', async () => {
    await page.getByRole('switch', { name: 'Add noise' }).focus();
    await page.keyboard.press('Space');
    expect(await page.evaluate(() => window.harness.state.noise)).toBe(true);
  });
});

describe('parameter form', () => {
  it('makes a control for each parameter and reports complete sets of values', async () => {
    await page.getByRole('slider', { name: 'Iterations' }).focus();
    await page.keyboard.press('ArrowRight');
    await page.getByRole('radio', { name: 'Haar' }).check({ force: true });
    expect(await events()).toEqual([['params', 'iterations=31'], ['params', 'wavelet=haar']]);
    expect(await page.evaluate(() => window.harness.state.params)).toEqual({
      lambda: 0.01, iterations: 31, wavelet: 'haar', randomShift: true, noiseLevel: 0.8,
    });
  });

  it('folds advanced parameters, and ties help to its control', async () => {
    expect(await page.getByLabel('Noise level').isVisible()).toBe(false);
    await page.getByText('Advanced').click();
    expect(await page.getByLabel('Noise level').isVisible()).toBe(true);
    const described = await page.getByRole('slider', { name: 'Regularisation' }).getAttribute('aria-describedby');
    expect(await page.locator(`[id="${described}"]`).textContent()).toContain('wavelet term');
  });
});

describe('dialog, menu, toast, chart', () => {
  it('the dialog holds the focus, closes with Esc and gives the focus back', async () => {
    const opener = page.getByRole('button', { name: 'Sweep R' });
    await opener.click();
    const dialog = page.getByRole('dialog', { name: 'Sweep the acceleration' });
    await dialog.waitFor();
    expect(await page.getByLabel('Steps').evaluate((element) => element === document.activeElement)).toBe(true);
    for (let i = 0; i < 12; i++) {
      await page.keyboard.press('Tab');
      const where = await page.evaluate(() => document.activeElement?.closest('dialog') !== null || document.activeElement === document.body);
      expect(where).toBe(true);
    }
    await page.keyboard.press('Escape');
    await page.waitForFunction(() => !window.harness.state.dialog);
    await dialog.waitFor({ state: 'hidden' });
    await expect.poll(() => opener.evaluate((element) => element === document.activeElement)).toBe(true);
  });

  it('the menu opens on its first item, passes over what is disabled, returns the focus', async () => {
    const opener = page.getByRole('button', { name: 'View', exact: true });
    await opener.focus();
    await page.keyboard.press('Enter');
    const focused = () => page.evaluate(() => document.activeElement?.textContent);
    await page.waitForFunction(() => document.activeElement?.textContent?.includes('Flip'));
    await page.keyboard.press('ArrowDown');
    expect(await focused()).toContain('Interpolate');
    await page.keyboard.press('ArrowDown');
    expect(await focused()).toContain('Reset');
    await page.keyboard.press('Enter');
    expect(await events()).toEqual([['menu', 'reset']]);
    expect(await opener.evaluate((element) => element === document.activeElement)).toBe(true);
  });

  it('a problem stays until it is put away, with its detail folded', async () => {
    await page.evaluate(() => void window.harness.state.toasts.show({ tone: 'problem', text: 'scan.h5 ends early', detail: 'at byte 512' }));
    const alert = page.getByRole('alert');
    expect(await alert.innerText()).toContain('scan.h5 ends early');
    expect(await page.getByText('at byte 512').isVisible()).toBe(false);
    await page.getByRole('button', { name: 'Put away' }).click();
    expect(await alert.count()).toBe(0);
  });

  it('chart points are buttons with their values as names', async () => {
    await page.getByRole('button', { name: 'unrolled, R 4: PSNR 37 dB' }).press('Enter');
    expect(await events()).toEqual([['point', 'unrolled:4']]);
    expect(await page.getByRole('table', { name: 'PSNR against acceleration' }).locator('tbody tr').count()).toBe(10);
  });
});

describe('looks', () => {
  const sizes = [{ width: 1280, height: 800 }, { width: 1920, height: 1080 }];
  const themes = ['dark', 'light'] as const;

  it.each(themes)('%s theme: axe finds nothing', async (theme) => {
    await page.evaluate((t) => {
      window.harness.theme(t);
      Object.assign(window.harness.state, { busy: true, stale: true, menu: true });
      window.harness.state.toasts.show({ tone: 'problem', text: 'scan.h5 ends early', detail: 'at byte 512' });
    }, theme);
    const plain = await new AxeBuilder({ page }).analyze();
    await page.evaluate(() => void Object.assign(window.harness.state, { menu: false, dialog: true }));
    const dialog = await new AxeBuilder({ page }).analyze();
    await page.evaluate(() => {
      Object.assign(window.harness.state, { busy: false, stale: false, dialog: false });
      window.harness.state.toasts.dispose();
    });
    const found = [...plain.violations, ...dialog.violations].map(({ id, nodes }) => `${id}: ${nodes.map((n) => n.html).join(' ')}`);
    expect(found).toEqual([]);
  });

  it('panes keep the dark roles in the light theme', async () => {
    await page.evaluate(() => window.harness.theme('light'));
    const [inside, outside] = await page.evaluate(() =>
      ['.pane .title', '.right .value'].map((selector) => getComputedStyle(document.querySelector(selector) as Element).color),
    );
    expect(inside).toBe('rgb(231, 234, 238)');
    expect(outside).toBe('rgb(22, 25, 29)');
  });

  it.each(sizes)('pictures at $width × $height; nothing runs out of the window', async (size) => {
    mkdirSync(PICTURES, { recursive: true });
    await page.setViewportSize(size);
    for (const theme of themes) {
      await page.evaluate((t) => window.harness.theme(t), theme);
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
      await page.screenshot({ path: `${PICTURES}viewers-${size.width}-${theme}.png` });
    }
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(size.width);
  });
});

describe('disposal', () => {
  it('unmounting frees listeners, observers and GL contexts: 24 rounds of 4 panes leave none', async () => {
    const alive = await page.evaluate(async () => {
      const contexts: WebGL2RenderingContext[] = [];
      for (let round = 0; round < 24; round++) {
        for (const canvas of document.querySelectorAll<HTMLCanvasElement>('.pane > canvas')) {
          const context = canvas.getContext('webgl2');
          if (context !== null) contexts.push(context);
        }
        window.harness.state.panes = false;
        await new Promise(requestAnimationFrame);
        window.harness.state.panes = true;
        await new Promise(requestAnimationFrame);
      }
      return { made: contexts.length, alive: contexts.filter((context) => !context.isContextLost()).length };
    });
    expect(alive).toEqual({ made: 96, alive: 0 });
    // The browser complains when it has to take contexts away ("Too many active WebGL contexts").
    expect(complaints).toEqual([]);
  });

  it('leaves no listener on the window and no observer', async () => {
    const counts = await page.evaluate(async () => {
      let listeners = 0;
      let observers = 0;
      const add = window.addEventListener.bind(window);
      const remove = window.removeEventListener.bind(window);
      window.addEventListener = ((...args: Parameters<typeof add>) => {
        listeners++;
        add(...args);
      }) as typeof add;
      window.removeEventListener = ((...args: Parameters<typeof remove>) => {
        listeners--;
        remove(...args);
      }) as typeof remove;
      const { observe, disconnect } = ResizeObserver.prototype;
      ResizeObserver.prototype.observe = function (...args) {
        observers++;
        observe.apply(this, args);
      };
      ResizeObserver.prototype.disconnect = function () {
        observers--;
        disconnect.apply(this);
      };
      await window.harness.stop();
      await new Promise((done) => setTimeout(done, 50));
      listeners = 0;
      observers = 0;
      window.harness.start();
      await new Promise((done) => setTimeout(done, 200));
      const mounted = { listeners, observers };
      await window.harness.stop();
      await new Promise((done) => setTimeout(done, 50));
      return { mounted, left: { listeners, observers } };
    });
    expect(counts.mounted.listeners).toBeGreaterThanOrEqual(12);
    // Four panes, the chart, the mask strip.
    expect(counts.mounted.observers).toBe(6);
    expect(counts.left).toEqual({ listeners: 0, observers: 0 });
  });
});

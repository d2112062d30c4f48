/** Methods, metrics with their contract, A/B, sweep, region, layouts, displays. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { type RunningHost, startStudioHost } from './support/host.ts';
import { type StudioPage, chooseMethod, fact, openSample, openStudio, panes, pressOn, reconstruction, settled, toBody } from './support/studio.ts';

let host: RunningHost;
let browser: Browser;
let studio: StudioPage;

beforeAll(async () => {
  host = await startStudioHost();
  browser = await launchBrowser();
  studio = await openStudio(browser, host);
  await openSample(studio.page);
});
afterAll(async () => {
  await browser?.close();
  await host?.remove();
});

const paneTitle = () => reconstruction(studio.page).getAttribute('aria-label');

/** Methods for random lines of a still image. The others are for regular lines, partial Fourier and dynamic series. */
const FOR_RANDOM_LINES = ['zero-filled', 'sense', 'l1-wavelet', 'tv', 'unrolled'];

describe('methods', () => {
  it('fill regular lines: GRAPPA beats zero-filled', async () => {
    const { page } = studio;
    const pattern = page.getByRole('combobox', { name: 'Sampling pattern' });
    await pattern.selectOption({ label: 'Regular lines' });
    await chooseMethod(page, 'GRAPPA');
    await page.getByLabel('Present result: GRAPPA · 4×').waitFor();
    await settled(page);
    // GRAPPA combines its coils as this reference does.
    const reference = page.getByRole('combobox', { name: 'Reference' });
    await reference.selectOption({ label: 'Root-sum-of-squares' });
    await settled(page);
    const [own, zeroFilled] = (await fact(page, 'PSNR')).split('·').map(Number.parseFloat) as [number, number];
    expect(own).toBeGreaterThan(zeroFilled + 2);
    await reference.selectOption({ label: 'Combined coils' });
    await pattern.selectOption({ label: 'Random lines' });
    await settled(page);
  });

  it('each give a result with metrics, time and provider; all but zero-filled beat zero-filled', async () => {
    const { page } = studio;
    const models = (await (await page.request.get(`${host.origin}/api/models`)).json()) as readonly { id: string }[];
    const steps = (await (await page.request.get(`${host.origin}/api/steps`)).json()) as readonly { kind: string; name: string; title: string; model?: string }[];
    const methods = steps.filter((step) => step.kind === 'method' && FOR_RANDOM_LINES.includes(step.name));
    expect(methods.map((step) => step.name).sort()).toEqual([...FOR_RANDOM_LINES].sort());
    for (const method of methods) {
      if (method.model !== undefined && !models.some((model) => model.id === method.model)) {
        console.log(`skipped ${method.title}: its model package ${method.model} is not installed`);
        continue;
      }
      await chooseMethod(page, method.title);
      await page.getByLabel(`Present result: ${method.title} · 4×`).waitFor();
      await settled(page);
      const [own = Number.NaN, zeroFilled] = (await fact(page, 'PSNR')).split('·').map(Number.parseFloat);
      console.log(`${method.title}: PSNR ${own} dB (zero-filled ${zeroFilled}), ${await fact(page, 'Time, this slice')}, ${await fact(page, 'Provider')}`);
      // Zero-filled is not held against itself.
      if (method.name === 'zero-filled') expect(zeroFilled).toBeUndefined();
      else expect(own).toBeGreaterThan((zeroFilled ?? Number.NaN) + 2);
      await page.getByText(/fastMRI definition.*7×7 uniform SSIM/).waitFor();
      await page.keyboard.press('p');
    }
    await expect.poll(() => page.getByRole('button', { name: /^Compare with/ }).count()).toBeGreaterThanOrEqual(3);
  });

  it('change their parameters live', async () => {
    const { page } = studio;
    await chooseMethod(page, 'L1-wavelet');
    await page.getByLabel('Present result: L1-wavelet · 4×').waitFor();
    await settled(page);
    const before = await fact(page, 'PSNR');
    const lambda = page.getByRole('slider', { name: /λ/ });
    await lambda.focus();
    await page.keyboard.press('End');
    await settled(page);
    await expect.poll(() => fact(page, 'PSNR')).not.toBe(before);
    await page.keyboard.press('Control+z');
    await settled(page);
    await expect.poll(() => fact(page, 'PSNR')).toBe(before);
  });
});

describe('comparison', () => {
  it('swipes, blinks and subtracts, always saying what is shown', async () => {
    const { page } = studio;
    await page.getByRole('button', { name: /^Compare with Zero-filled/ }).click();
    await page.getByText('Against Zero-filled · 4×').waitFor();
    await page.getByRole('slider', { name: /swipe/i }).waitFor();
    await page.getByText('Difference', { exact: true }).click();
    await expect.poll(paneTitle).toContain('L1-wavelet − Zero-filled · 4×');
    await page.getByText('Blink', { exact: true }).click();
    await expect.poll(paneTitle).toContain('Zero-filled · 4×, instead of L1-wavelet');
    await expect.poll(paneTitle).not.toContain('instead of');
    await page.getByRole('button', { name: 'Done' }).click();
    await expect.poll(() => page.getByText('Against Zero-filled').count()).toBe(0);
  });

  it('shows the reference while B is held', async () => {
    const { page } = studio;
    await toBody(page);
    await page.keyboard.down('b');
    await expect.poll(paneTitle).toContain('Reference, instead of L1-wavelet');
    await page.keyboard.up('b');
    await expect.poll(paneTitle).not.toContain('instead of');
  });

  it('goes through the layouts, the wall with all pinned results', async () => {
    const { page } = studio;
    await expect.poll(() => panes(page).count()).toBe(4);
    await page.keyboard.press('v');
    await expect.poll(() => panes(page).count()).toBe(1);
    await page.keyboard.press('v');
    await expect.poll(() => panes(page).count()).toBe(2);
    await page.keyboard.press('v');
    await expect.poll(() => panes(page).count()).toBeGreaterThanOrEqual(5);
    for (const layout of ['Volume', 'Cine']) {
      await page.keyboard.press('v');
      await page.getByRole('radio', { name: layout }).and(page.locator(':checked')).waitFor({ state: 'attached' });
    }
    await page.keyboard.press('v');
    await expect.poll(() => panes(page).count()).toBe(4);
  });

  it('goes back to the settings of an earlier result', async () => {
    const { page } = studio;
    await page.getByRole('button', { name: /^Compare with SENSE/ }).dblclick();
    await expect.poll(() => page.getByRole('combobox', { name: 'Method' }).inputValue()).toBe('sense');
    await page.getByLabel('Present result: SENSE · 4×').waitFor();
    await settled(page);
  });
});

describe('linked views', () => {
  it('share the window: a preset in one shows in reconstruction and reference', async () => {
    const { page } = studio;
    await page.keyboard.press('3');
    const windowOf = (index: number) => panes(page).nth(index).locator('.north-east').innerText();
    await expect.poll(async () => (await windowOf(1)) === (await windowOf(2))).toBe(true);
    const narrow = await windowOf(1);
    await page.keyboard.press('1');
    await expect.poll(() => windowOf(2)).not.toBe(narrow);
  });

  it('share the pointer, and reset with Space', async () => {
    const { page } = studio;
    const box = await reconstruction(page).boundingBox();
    if (box === null) throw new Error('no pane');
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    const readOut = (index: number) => panes(page).nth(index).locator('.south-west').innerText();
    await expect.poll(() => readOut(2)).toMatch(/^x \d+ y \d+/);
    await expect.poll(async () => (await readOut(1)).split('  ')[0]).toBe((await readOut(2)).split('  ')[0]);
    const zoomOf = () => panes(page).nth(2).locator('.south-east').innerText();
    const fitted = await zoomOf();
    await page.keyboard.down('Control');
    await page.mouse.wheel(0, -200);
    await page.keyboard.up('Control');
    await expect.poll(zoomOf).not.toBe(fitted);
    await page.mouse.move(5, 5);
    await page.keyboard.press('Space');
    await expect.poll(zoomOf).toBe(fitted);
  });
});

describe('the view', () => {
  it('turns with R and Shift+R, its letters and thumbnails with it; k-space stays', async () => {
    const { page } = studio;
    const letters = () => reconstruction(page).locator('.letter').allInnerTexts();
    await page.mouse.click(5, 5);
    const [west, east, north, south] = await letters();
    expect([west, east, north, south].every((letter) => letter !== undefined && letter !== '')).toBe(true);
    await page.keyboard.press('r');
    await expect.poll(letters).toEqual([south, north, west, east]);
    expect(await panes(page).nth(2).locator('.letter').allInnerTexts()).toEqual([south, north, west, east]);
    expect(await page.getByLabel(/^Present result/).locator('canvas').evaluate((canvas) => canvas.style.transform)).toContain('rotate(90deg)');
    await page.keyboard.press('f');
    await expect.poll(letters).toEqual([north, south, west, east]);
    await page.keyboard.press('Shift+R');
    await page.keyboard.press('f');
    await page.keyboard.press('r');
    await page.keyboard.press('r');
    await page.keyboard.press('Space');
    await expect.poll(letters).toEqual([west, east, north, south]);
  });
});

describe('dialogs', () => {
  const focused = (page: StudioPage['page']) => page.evaluate(() => document.activeElement?.textContent?.trim() ?? '');
  it.each([['with the mouse', true], ['by keyboard', false]])('give the focus back to the button that opened them, %s', async (_, mouse) => {
    const { page } = studio;
    for (const [button, text] of [
      [page.getByRole('complementary').getByRole('button', { name: 'Export…' }), 'Export…'],
      [page.getByRole('button', { name: /^Search actions/ }), 'Search actions'],
    ] as const) {
      if (mouse) await button.click();
      else await pressOn(button, 'Enter');
      await page.locator('dialog[open]').waitFor();
      await page.keyboard.press('Escape');
      await page.locator('dialog[open]').waitFor({ state: 'detached' });
      await expect.poll(() => focused(page)).toContain(text);
    }
    await page.mouse.click(5, 5);
  });

  it('open again before the browser has told of the close, and stay open when it does', async () => {
    const { page } = studio;
    await page.evaluate(() => {
      const late: EventTarget[] = [];
      const hold = (event: Event) => {
        event.stopImmediatePropagation();
        if (event.target !== null) late.push(event.target);
      };
      window.addEventListener('close', hold, true);
      Object.assign(globalThis, {
        tellOfClose: () => {
          window.removeEventListener('close', hold, true);
          for (const dialog of late) dialog.dispatchEvent(new Event('close'));
        },
      });
    });
    const button = page.getByRole('button', { name: /^Search actions/ });
    await pressOn(button, 'Enter');
    await page.locator('dialog[open]').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('dialog[open]').waitFor({ state: 'detached' });
    await pressOn(button, 'Enter');
    await page.locator('dialog[open]').waitFor();
    await page.evaluate(() => (globalThis as unknown as { tellOfClose(): void }).tellOfClose());
    expect(await page.locator('dialog[open]').count()).toBe(1);
    await page.keyboard.press('Escape');
    await page.locator('dialog[open]').waitFor({ state: 'detached' });
    await page.mouse.click(5, 5);
  });
});

describe('sweep and region', () => {
  it('draws PSNR against R and shows the image of a point', async () => {
    const { page } = studio;
    await page.getByRole('button', { name: 'Sweep R' }).click();
    await page.getByRole('heading', { name: 'Against R' }).waitFor();
    await page.getByRole('button', { name: 'Sweep R' }).and(page.locator(':enabled')).waitFor({ timeout: 200_000 });
    await page.getByRole('contentinfo').getByText('Ready').waitFor();
    const point = page.getByRole('region', { name: 'Against R' }).getByRole('button', { name: /^SENSE, R 8:/ });
    await point.focus();
    await page.keyboard.press('Enter');
    await expect.poll(paneTitle).toContain('SENSE, sweep, R 8');
    await page.getByRole('button', { name: /^Back to R/ }).click();
    await expect.poll(paneTitle).not.toContain('sweep');
  });

  it('measures a region in reconstruction and reference', async () => {
    const { page } = studio;
    await page.keyboard.press('o');
    const box = await reconstruction(page).boundingBox();
    if (box === null) throw new Error('no pane');
    await page.mouse.move(box.x + box.width * 0.45, box.y + box.height * 0.45);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.55, box.y + box.height * 0.55, { steps: 4 });
    await page.mouse.up();
    const region = page.getByRole('region', { name: 'Region' });
    await expect.poll(() => region.innerText()).toMatch(/Reconstruction\s+[\d.]+ ± [\d.]+\s+Reference\s+[\d.]+ ± [\d.]+/);
    await page.keyboard.press('w');
  });

  it('leaves the page without errors', () => expect(studio.errors).toEqual([]));
});

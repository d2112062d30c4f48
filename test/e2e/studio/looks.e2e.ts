/**
 * Policy, accessibility and looks of every page in both themes. Pictures go to test-results/studio for people to see.
 */
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import AxeBuilder from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { type RunningHost, startStudioHost } from './support/host.ts';
import { type StudioPage, chooseMethod, openStudio, settled, still } from './support/studio.ts';

const PICTURES = fileURLToPath(new URL('../../../test-results/studio/', import.meta.url));
const THEMES = ['dark', 'light'] as const;

let host: RunningHost;
let browser: Browser;
const opened: StudioPage[] = [];

beforeAll(async () => {
  await mkdir(PICTURES, { recursive: true });
  host = await startStudioHost();
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  await host?.remove();
});

async function violationsOf(page: Page): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.slice(0, 4).map((node) => node.target.join(' ')).join(' | ')}`);
}

/** Elements whose text is cut off without a way to read it, and scrollbars of the window. */
const overflowOf = (page: Page): Promise<boolean> =>
  page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);

describe.each(THEMES)('%s theme', (theme) => {
  let studio: StudioPage;
  const picture = async (name: string): Promise<void> => {
    await still(studio.page);
    await studio.page.screenshot({ path: `${PICTURES}${name}-${theme}.png` });
  };
  const clean = async (name: string): Promise<void> => {
    expect(await violationsOf(studio.page), `${name}, ${theme}`).toEqual([]);
    expect(await studio.violations(), `${name}, ${theme}`).toEqual([]);
    expect(await overflowOf(studio.page), `${name}, ${theme}: wider than the window`).toBe(false);
  };

  it('greets', async () => {
    const from = opened[0];
    studio = await openStudio(browser, host, { theme, width: 1280, height: 800, calm: true, ...(from === undefined ? {} : { from }) });
    opened.push(studio);
    await studio.page.getByRole('heading', { name: 'How few samples are enough?' }).waitFor();
    await picture('welcome-1280');
    await clean('welcome');
  });

  it('shows the MRI workspace', async () => {
    const { page } = studio;
    await page.getByRole('button', { name: /^Brain phantom(?!, small)/ }).click();
    await settled(page);
    await page.keyboard.press('p');
    await chooseMethod(page, 'L1-wavelet');
    await page.getByLabel(/^Present result: L1-wavelet/).waitFor();
    await settled(page);
    await page.keyboard.press('p');
    await chooseMethod(page, 'Zero-filled');
    await page.getByLabel(/^Present result: Zero-filled/).waitFor();
    await page.keyboard.press('p');
    const models = (await (await page.request.get(`${host.origin}/api/models`)).json()) as readonly unknown[];
    await chooseMethod(page, models.length > 0 ? 'Unrolled network' : 'L1-wavelet');
    await page.getByLabel(models.length > 0 ? /^Present result: Unrolled/ : /^Present result: L1/).waitFor();
    await settled(page);
    await picture('mri-1280');
    await clean('MRI');
  });

  it('shows it on a large screen, and at 200 % zoom', async () => {
    const { page } = studio;
    await page.setViewportSize({ width: 1920, height: 1080 });
    await picture('mri-1920');
    // 200 % of 1280 × 800 leaves 640 × 400 CSS pixels.
    await page.setViewportSize({ width: 640, height: 400 });
    await still(page);
    await page.screenshot({ path: `${PICTURES}mri-zoom200-${theme}.png`, fullPage: true });
    await expect.poll(() => overflowOf(page)).toBe(false);
    await page.getByRole('button', { name: 'Export…' }).scrollIntoViewIfNeeded();
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  it('compares', async () => {
    const { page } = studio;
    await page.getByRole('button', { name: /^Compare with Zero-filled/ }).click();
    await page.getByText('Against Zero-filled').waitFor();
    await picture('compare-1280');
    await clean('comparison');
    await page.getByRole('button', { name: 'Done' }).click();
  });

  it('opens menu, palette, providers and export dialog', async () => {
    const { page } = studio;
    await page.getByRole('button', { name: 'View', exact: true }).click();
    await page.getByRole('menu').waitFor();
    await picture('menu-1280');
    await clean('menu');
    await page.keyboard.press('Escape');
    await page.getByRole('menu').waitFor({ state: 'detached' });
    await page.keyboard.press('Control+k');
    await page.getByRole('listbox').waitFor();
    await picture('palette-1280');
    await clean('palette');
    await page.keyboard.press('Escape');
    await page.locator('dialog[open]').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: /CPU · / }).click();
    await page.getByRole('region', { name: 'Providers' }).waitFor();
    await picture('providers-1280');
    await clean('providers');
    await page.keyboard.press('Escape');
    await page.getByRole('region', { name: 'Providers' }).waitFor({ state: 'detached' });
    await page.keyboard.press('Control+e');
    await page.getByRole('dialog').waitFor();
    await picture('export-1280');
    await clean('export');
    await page.keyboard.press('Escape');
    await page.locator('dialog[open]').waitFor({ state: 'detached' });
  });

  it.each(['Library', 'Models', 'Settings'])('shows %s', async (name) => {
    const { page } = studio;
    await page.getByRole('button', { name, exact: true }).click();
    await page.getByRole('heading', { name, exact: true }).waitFor();
    await picture(`${name.toLowerCase()}-1280`);
    await clean(name);
  });

  it('shows help, and reaches everything by keyboard', async () => {
    const { page } = studio;
    await page.keyboard.press('F1');
    await page.getByRole('heading', { name: 'Keys and gestures' }).waitFor();
    await picture('help-1280');
    await clean('help');
    await page.keyboard.press('Alt+1');
    await page.getByText('Lines kept').waitFor();
    // What cannot be pressed yet is passed over.
    await settled(page);
    await still(page);
    const reached = new Set<string>();
    const controls = await page.locator('a[href], button, input, select, summary, [tabindex="0"]').count();
    for (let i = 0; i <= controls; i++) {
      await page.keyboard.press('Tab');
      reached.add(await page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent?.trim().slice(0, 40) ?? ''));
    }
    for (const name of ['Acceleration', 'Export…', 'Sweep R', 'Library']) expect([...reached]).toContain(name);
    expect([...reached].some((label) => label.startsWith('Reference'))).toBe(true);
  });

  it('leaves no error behind', () => expect(studio.errors).toEqual([]));
});

/** MR thermometry in the studio: the heated phantom, its temperature and dose over the anatomy, and the curve of a region. */
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import AxeBuilder from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { type RunningHost, startStudioHost } from './support/host.ts';
import { type StudioPage, chooseMethod, openStudio, panes, settled } from './support/studio.ts';

const PICTURES = fileURLToPath(new URL('../../../test-results/studio/', import.meta.url));
/** All frames are reconstructed, and the machine may have other things to do. */
const LATER = { timeout: 120_000 };

let host: RunningHost;
let browser: Browser;
let studio: StudioPage;

beforeAll(async () => {
  await mkdir(PICTURES, { recursive: true });
  host = await startStudioHost();
  browser = await launchBrowser();
  studio = await openStudio(browser, host, { width: 1280, height: 800 });
  await studio.page.getByRole('button', { name: /^Heated thigh phantom/ }).click();
  await settled(studio.page);
});
afterAll(async () => {
  await browser?.close();
  await host?.remove();
});

const numberOf = async (page: Page, pane: number, label: string): Promise<number> => {
  const text = await panes(page).nth(pane).locator('xpath=ancestor::*[contains(@class,"view")][1]').locator('dl').innerText();
  const match = new RegExp(`${label}\\s+([\\d.−-]+)`).exec(text);
  return Number((match?.[1] ?? 'NaN').replace('−', '-'));
};

describe('temperature', () => {
  it('is a preset of panes for series that move', async () => {
    const { page } = studio;
    await chooseMethod(page, 'Baseline and phase');
    await page.getByRole('combobox', { name: 'Panes', exact: true }).selectOption({ label: 'Temperature' });
    await expect.poll(() => page.getByRole('combobox', { name: 'Pane 3 shows' }).inputValue()).toBe('view:temperature');
  });

  // The series opens in its middle, one frame before the hottest.
  it('of a heated frame is right within half a degree, over the magnitude, with its scale', async () => {
    const { page } = studio;
    await expect.poll(() => numberOf(page, 2, 'RMSE where heated'), LATER).toBeLessThan(0.5);
    await expect.poll(() => numberOf(page, 2, 'Maximum'), LATER).toBeGreaterThan(41);
    expect(await page.getByRole('img', { name: /^Colours from 37.* to 45.* °C/ }).count()).toBe(1);
    await expect.poll(() => numberOf(page, 3, 'Highest'), LATER).toBeGreaterThan(0.2);
  });

  it('of a region follows over time, with its dose', async () => {
    const { page } = studio;
    await page.getByText('Draw a region').waitFor();
    await page.locator('body').click({ position: { x: 5, y: 5 } });
    await page.keyboard.press('o');
    const box = await panes(page).nth(1).boundingBox();
    if (box === null) throw new Error('no pane');
    const at = (x: number, y: number): [number, number] => [box.x + box.width / 2 + x * box.height, box.y + box.height / 2 + y * box.height];
    await page.mouse.move(...at(0.03, -0.09));
    await page.mouse.down();
    await page.mouse.move(...at(0.14, 0.03), { steps: 4 });
    await page.mouse.up();
    await page.getByRole('table', { name: /^Temperature of the region over time/ }).waitFor({ ...LATER, state: 'attached' });
    await page.getByRole('table', { name: /^Thermal dose of the region over time/ }).waitFor({ state: 'attached' });
    await expect.poll(() => page.getByText('Hottest mean').locator('..').innerText()).toMatch(/4[012]\.\d/);
    await page.screenshot({ path: `${PICTURES}thermometry-dark.png` });
  });

  it('passes the checks of accessibility, light too', async () => {
    const { page } = studio;
    await settled(page);
    await page.emulateMedia({ colorScheme: 'light' });
    await page.screenshot({ path: `${PICTURES}thermometry-light.png` });
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target).join(', ')}`)).toEqual([]);
  });
});

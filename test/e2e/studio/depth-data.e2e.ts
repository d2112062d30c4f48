/** What scanners left out: real files that come undersampled keep their own pattern. Skipped where the data are not there. */
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { present } from '../../support/tools.ts';
import { launchBrowser } from '../support/browser.ts';
import { type RunningHost, startStudioHost } from './support/host.ts';
import { type StudioPage, chooseFiles, litPixels, openStudio, panes, settled } from './support/studio.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const DATA = resolve(ROOT, process.env['LACUNA_TEST_DATA'] ?? '../shared/data', 'mri/kspace');
const PICTURES = join(ROOT, 'test-results/studio/');
const WANTED = ['gadgetron_SNR_R3_14ch_ismrmrd.h5', 'sigpy_brain_8ch_cart_poisson.npy'];
const FILES = WANTED.filter((name) => present(`undersampled scan ${name}`, { [join(DATA, name)]: existsSync(join(DATA, name)) }));

describe.skipIf(FILES.length === 0)('prospectively undersampled files', () => {
  let host: RunningHost;
  let browser: Browser;
  let studio: StudioPage;
  beforeAll(async () => {
    await mkdir(PICTURES, { recursive: true });
    host = await startStudioHost();
    browser = await launchBrowser();
    studio = await openStudio(browser, host, { theme: 'light', width: 1920, height: 1080 });
  });
  afterAll(async () => {
    await browser?.close();
    await host?.remove();
  });

  it.each(FILES)('%s starts as acquired, without reference, and says why there are no metrics', async (name) => {
    const { page } = studio;
    await chooseFiles(page, join(DATA, name));
    await page.locator('.left').getByText(name).waitFor();
    await settled(page);
    expect(await page.getByRole('combobox', { name: 'Sampling pattern' }).locator('option:checked').innerText()).toBe('As acquired');
    const refused = await page.getByRole('combobox', { name: 'Sampling pattern' }).locator('option:disabled').allInnerTexts();
    expect(refused).toContain('Radial');
    const quality = page.getByRole('region', { name: 'Quality' });
    expect(await quality.innerText()).not.toMatch(/PSNR/);
    expect((await quality.locator('.reason').innerText()).length).toBeGreaterThan(20);
    await expect.poll(async () => Number(/achieved ([\d.]+)×/.exec(await page.locator('.left').innerText())?.[1])).toBeGreaterThan(1.3);
    await expect.poll(() => litPixels(page, panes(page).nth(1))).toBeGreaterThan(40);
    await page.screenshot({ path: `${PICTURES}depth-${name.split('_')[0]}-light-1920.png` });
    expect(studio.errors).toEqual([]);
    expect(await studio.violations()).toEqual([]);
  });
});

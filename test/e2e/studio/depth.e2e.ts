/** Views as panes, preparation, trajectories, drawing, brushing, convergence, the wall and the sweep, on the real host. */
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import AxeBuilder from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { type RunningHost, startStudioHost } from './support/host.ts';
import { type StudioPage, chooseMethod, litPixels, openStudio, panes, settled, still, toBody } from './support/studio.ts';

const PICTURES = fileURLToPath(new URL('../../../test-results/studio/', import.meta.url));

let host: RunningHost;
let browser: Browser;
let studio: StudioPage;

beforeAll(async () => {
  await mkdir(PICTURES, { recursive: true });
  host = await startStudioHost();
  browser = await launchBrowser();
  studio = await openStudio(browser, host, { width: 1280, height: 800 });
  await studio.page.getByRole('button', { name: /^Brain phantom(?!, small)/ }).click();
  await settled(studio.page);
});
afterAll(async () => {
  await browser?.close();
  await host?.remove();
});

const picture = async (name: string): Promise<void> => {
  await still(studio.page);
  await studio.page.screenshot({ path: `${PICTURES}depth-${name}.png` });
};
const chooser = (page: Page, pane: number) => page.getByRole('combobox', { name: `Pane ${pane} shows` });
const preset = (page: Page, label: string) => page.getByRole('combobox', { name: 'Panes', exact: true }).selectOption({ label });
const choosePattern = (page: Page, label: string) => page.getByRole('combobox', { name: 'Sampling pattern' }).selectOption({ label });

describe('view panes', () => {
  it('offer every view step of the host beside the panes of the preview', async () => {
    const { page } = studio;
    const steps = (await (await page.request.get(`${host.origin}/api/steps`)).json()) as readonly { kind: string; title: string }[];
    const views = steps.filter(({ kind }) => kind === 'view').map(({ title }) => title);
    await chooseMethod(page, 'SENSE');
    await page.getByLabel(/^Present result: SENSE/).waitFor();
    await expect.poll(() => chooser(page, 3).locator('option').allInnerTexts()).toEqual(['k-space and pattern', 'Reconstruction', 'Zero-filled', 'Reference', 'Error', ...views]);
  });

  it('show coil images one by one', async () => {
    const { page } = studio;
    await chooser(page, 3).selectOption({ label: 'Coil images' });
    const group = page.getByRole('group', { name: 'Image of Coil images' });
    await group.waitFor();
    await expect.poll(() => litPixels(page, panes(page).nth(2))).toBeGreaterThan(40);
    await expect.poll(() => group.innerText()).toMatch(/1\/\d+/);
    await group.getByRole('button', { name: 'Next image' }).click();
    await expect.poll(() => group.innerText()).toMatch(/2\/\d+/);
    await expect.poll(() => panes(page).nth(2).innerText()).toContain('Coil 2');
  });

  it('take their parameters from the schema, and make the view anew', async () => {
    const { page } = studio;
    const calls: string[] = [];
    page.on('request', (request) => {
      if (request.url().endsWith('/api/views')) calls.push(request.postData() ?? '');
    });
    await page.getByLabel('Settings of Coil images').click();
    await page.getByText('Phase', { exact: true }).last().click();
    await expect.poll(() => calls.at(-1) ?? '').toContain('"show":"phase"');
    await page.getByLabel('Settings of Coil images').click();
  });

  it('are not made anew for what they do not depend on', async () => {
    const { page } = studio;
    await still(page);
    const calls: string[] = [];
    page.on('request', (request) => {
      if (request.url().endsWith('/api/views')) calls.push(request.url());
    });
    await chooseMethod(page, 'Zero-filled');
    await page.getByLabel(/^Present result: Zero-filled/).waitFor();
    // A view that is to be made anew makes its pane busy at once.
    await settled(page);
    await still(page);
    expect(calls).toEqual([]);
  });

  it('are remembered, and go back with a preset', async () => {
    const { page } = studio;
    await expect.poll(() => page.evaluate(() => Object.values(localStorage).join())).toContain('view:coil-images');
    await preset(page, 'Compare');
    await expect.poll(() => chooser(page, 3).inputValue()).toBe('reference');
  });

  it('show coils, noise and sampling by presets', async () => {
    const { page } = studio;
    for (const label of ['Coils', 'Noise', 'Raw data']) {
      await preset(page, label);
      await expect.poll(() => page.locator('.grid [role="application"][aria-busy="true"]').count(), { timeout: 120_000 }).toBe(0);
      for (let i = 0; i < 4; i++) await expect.poll(() => litPixels(page, panes(page).nth(i))).toBeGreaterThan(20);
      await picture(`preset-${label.toLowerCase().replace(' ', '-')}`);
    }
    await preset(page, 'Compare');
  });
});

describe('sampling', () => {
  it('draws spokes for radial patterns, and greys methods that need Cartesian samples', async () => {
    const { page } = studio;
    await choosePattern(page, 'Radial');
    await page.getByRole('img', { name: /readouts through k-space/ }).waitFor();
    await settled(page);
    const disabled = await page.getByRole('combobox', { name: 'Method' }).locator('option:disabled').allInnerTexts();
    expect(disabled.length).toBeGreaterThan(0);
    expect(await page.getByRole('combobox', { name: 'Method' }).locator('option:checked').isDisabled()).toBe(false);
    await page.locator('.path path').waitFor();
    await picture('radial');
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  it('comes back to lines', async () => {
    const { page } = studio;
    await page.locator('body').click({ position: { x: 5, y: 5 } });
    await page.keyboard.press('Control+z');
    await page.getByText('Lines kept').waitFor();
    await settled(page);
  });
});

describe('what the panels say', () => {
  it('draws the point-spread function of lines as a curve, with short numbers', async () => {
    const { page } = studio;
    await preset(page, 'Sampling');
    const curve = page.getByRole('table', { name: 'Point-spread function across the lines' });
    await curve.waitFor({ state: 'attached' });
    await expect.poll(() => curve.locator('tbody tr').count()).toBeGreaterThan(10);
    await page.getByText('FWHM ↔').waitFor();
    await picture('psf');
    await preset(page, 'Compare');
  });

  it('warns where a method is worse than zero-filled, and says why', async () => {
    const { page } = studio;
    await chooseMethod(page, 'GRAPPA');
    const warning = page.getByRole('region', { name: 'Quality' }).getByRole('status');
    await expect.poll(() => warning.innerText()).toMatch(/worse here than zero-filled by [\d.]+ dB.*not regularly spaced/);
    await picture('warning');
    await chooseMethod(page, 'SENSE');
    await expect.poll(() => warning.count()).toBe(0);
  });

  it('folds sections by keyboard, and remembers', async () => {
    const { page } = studio;
    const heading = page.getByRole('button', { name: 'Acquisition', exact: true });
    await heading.focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => page.getByRole('combobox', { name: 'Sampling pattern' }).count()).toBe(0);
    await expect.poll(() => page.evaluate(() => localStorage.getItem('lacuna.mri.folds'))).toContain('"acquisition":false');
    await page.keyboard.press('Enter');
    await page.getByRole('combobox', { name: 'Sampling pattern' }).waitFor();
  });
});

describe('drawing lines', () => {
  const kept = async (page: Page): Promise<number> => Number(/kept\s+(\d+) of/.exec(await page.locator('.left').innerText())?.[1]);

  /** The number once the host has answered what was drawn last. */
  const atRest = async (page: Page): Promise<number> => {
    await page.locator('[aria-label="Draw on k-space"][aria-busy="false"]').waitFor();
    await settled(page);
    return kept(page);
  };

  it('toggles the line under a click, and the reconstruction follows', async () => {
    const { page } = studio;
    await toBody(page);
    await page.keyboard.press('e');
    const layer = page.getByRole('slider', { name: 'Draw on k-space' });
    await layer.waitFor();
    const before = await atRest(page);
    const box = await layer.boundingBox();
    if (box === null) throw new Error('no layer');
    await page.mouse.click(box.x + box.width / 2 + 1, box.y + box.height / 2);
    await expect.poll(() => kept(page)).toBe(before - 1);
    await settled(page);
    await page.getByText('drawn by hand').waitFor();
    await atRest(page);
    await page.mouse.click(box.x + box.width / 2 + 1, box.y + box.height / 2);
    await expect.poll(() => kept(page)).toBe(before);
  });

  it('paints with a drag, takes away with Shift, and undoes stroke by stroke', async () => {
    const { page } = studio;
    const layer = page.getByRole('slider', { name: 'Draw on k-space' });
    const box = await layer.boundingBox();
    if (box === null) throw new Error('no layer');
    const y = box.y + box.height / 2;
    const middle = box.x + box.width / 2;
    const start = await atRest(page);
    await page.keyboard.down('Shift');
    await page.mouse.move(middle - 12, y);
    await page.mouse.down();
    await page.mouse.move(middle + 12, y, { steps: 6 });
    await page.mouse.up();
    await page.keyboard.up('Shift');
    await expect.poll(() => kept(page)).toBeLessThan(start);
    const erased = await atRest(page);
    await page.mouse.move(middle + 50, y);
    await page.mouse.down();
    await page.mouse.move(middle + 80, y, { steps: 6 });
    await page.mouse.up();
    await expect.poll(() => kept(page)).toBeGreaterThan(erased);
    await atRest(page);
    await settled(page);
    await picture('draw');
    await page.keyboard.press('Control+z');
    await expect.poll(() => kept(page)).toBe(erased);
    await page.keyboard.press('Control+z');
    await expect.poll(() => kept(page)).toBe(start);
    await settled(page);
  });

  it('is at rest once the button is up, also where the answer came before', async () => {
    const { page } = studio;
    const box = await page.getByRole('slider', { name: 'Draw on k-space' }).boundingBox();
    if (box === null) throw new Error('no layer');
    const before = await atRest(page);
    await page.mouse.move(box.x + box.width / 2 + 50, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2 + 80, box.y + box.height / 2, { steps: 6 });
    await expect.poll(() => kept(page)).toBeGreaterThan(before);
    await settled(page);
    await page.mouse.up();
    await atRest(page);
    await page.keyboard.press('Control+z');
    await expect.poll(() => kept(page)).toBe(before);
    await settled(page);
  });

  it('works by keyboard: arrows move, Space toggles', async () => {
    const { page } = studio;
    const layer = page.getByRole('slider', { name: 'Draw on k-space' });
    await layer.focus();
    const at = Number(await layer.getAttribute('aria-valuenow'));
    await page.keyboard.press('Shift+ArrowRight');
    await page.keyboard.press('ArrowLeft');
    await expect.poll(async () => Number(await layer.getAttribute('aria-valuenow'))).toBe(at + 9);
    const before = await atRest(page);
    const was = await layer.getAttribute('aria-valuetext');
    await page.keyboard.press('Space');
    await expect.poll(() => layer.getAttribute('aria-valuetext')).not.toBe(was);
    await expect.poll(() => kept(page)).not.toBe(before);
    await settled(page);
  });

  it('says so when nothing is kept, and starts over', async () => {
    const { page } = studio;
    await page.getByRole('button', { name: 'Clear', exact: true }).click();
    await page.getByText('Nothing is kept yet.').waitFor();
    await page.getByRole('button', { name: 'Start over' }).click();
    await expect.poll(() => page.getByText('Nothing is kept yet.').count()).toBe(0);
    await settled(page);
  });

  it('saves the pattern and loads it again', async () => {
    const { page } = studio;
    const before = await atRest(page);
    await page.getByRole('button', { name: 'Save…' }).click();
    const download = page.waitForEvent('download');
    await page.getByRole('menuitem', { name: /CSV/ }).click();
    const path = await (await download).path();
    await page.getByRole('button', { name: 'Invert' }).click();
    await expect.poll(() => kept(page)).not.toBe(before);
    await atRest(page);
    const choosing = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Load…' }).first().click();
    const { readFile } = await import('node:fs/promises');
    await (await choosing).setFiles({ name: 'mine.csv', mimeType: 'text/csv', buffer: await readFile(path) });
    await page.getByText('mine.csv').waitFor();
    await expect.poll(() => kept(page)).toBe(before);
    await settled(page);
  });
});

describe('drawing lines and choosing another pattern', () => {
  it('does not bring back a drawing whose upload ends after the choice', async () => {
    const { page } = studio;
    const pattern = page.getByRole('combobox', { name: 'Sampling pattern' });
    const upload = /\/api\/patterns\?name=drawn\.npy/;
    const arrived = Promise.withResolvers<void>();
    const chosen = Promise.withResolvers<void>();
    await page.route(upload, async (route) => {
      arrived.resolve();
      await chosen.promise;
      await route.continue();
    });
    const answered = page.waitForResponse(upload);
    await page.getByRole('button', { name: 'Invert' }).click();
    await arrived.promise;
    await pattern.selectOption({ label: 'Random lines' });
    chosen.resolve();
    await (await answered).finished();
    await page.unroute(upload);
    await settled(page);
    expect(await pattern.inputValue()).toBe('random');
    expect(await page.getByText('drawn by hand').count()).toBe(0);
  });
});

describe('brushing', () => {
  it('shows what chosen lines contribute, live, and Escape clears', async () => {
    const { page } = studio;
    await preset(page, 'Lines and their part');
    await toBody(page);
    await page.keyboard.press('q');
    const layer = page.getByRole('slider', { name: 'Choose samples of k-space' });
    const box = await layer.boundingBox();
    if (box === null) throw new Error('no layer');
    const y = box.y + box.height / 2;
    await page.getByText(/Choose lines on the k-space pane/).waitFor();
    await page.mouse.move(box.x + box.width / 2 - 8, y);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2 + 8, y, { steps: 4 });
    await page.mouse.up();
    await page.getByRole('toolbar', { name: 'Chosen samples' }).getByText(/^Lines \d+ to \d+$/).waitFor();
    await expect.poll(() => litPixels(page, panes(page).nth(2))).toBeGreaterThan(40);
    await page.getByText('Energy selected').waitFor();
    await picture('brush');
    await page.keyboard.press('Escape');
    await page.getByText(/Choose lines on the k-space pane/).waitFor();
    await page.keyboard.press('w');
    await preset(page, 'Compare');
  });
});

describe('convergence, sweep, wall', () => {
  it('draws the residual of the method on a logarithmic axis', async () => {
    const { page } = studio;
    await choosePattern(page, 'Random lines');
    await chooseMethod(page, 'L1-wavelet');
    await page.getByLabel(/^Present result: L1-wavelet/).waitFor();
    await settled(page);
    const chart = page.getByRole('region', { name: 'Convergence' });
    await chart.waitFor();
    await expect.poll(() => chart.locator('tbody tr').count()).toBeGreaterThan(3);
  });

  it('sweeps the methods that were chosen, and saves the points', async () => {
    const { page } = studio;
    const section = page.getByRole('region', { name: 'Against R' });
    await section.getByText(/^Methods: 2$/).click();
    await section.getByText('SENSE', { exact: true }).click();
    await section.getByText(/^Methods: 3$/).click();
    await section.getByRole('button', { name: 'Sweep', exact: true }).click();
    await section.getByRole('button', { name: 'Stop' }).waitFor();
    await expect.poll(() => section.locator('tbody tr').count(), { timeout: 200_000 }).toBeGreaterThan(5);
    await section.getByRole('button', { name: 'Stop' }).click();
    await section.getByRole('button', { name: 'Sweep again' }).waitFor();
    const download = page.waitForEvent('download');
    await section.getByRole('button', { name: 'CSV' }).click();
    const { readFile } = await import('node:fs/promises');
    const text = await readFile(await (await download).path(), 'utf8');
    expect(text.split('\r\n')[0]).toBe('method,parameters,slice,R nominal,R achieved,PSNR (dB),SSIM,NMSE,reference,time (ms)');
    expect(text.trim().split('\r\n').length).toBeGreaterThan(5);
    await section.getByRole('button', { name: /^SENSE|^L1|^Zero/ }).first().click();
    await page.getByRole('button', { name: /^Back to R/ }).click();
  });

  it('reads all images of the wall at one crosshair, stored results among them', async () => {
    const { page } = studio;
    await toBody(page);
    await page.keyboard.press('p');
    await chooseMethod(page, 'Zero-filled');
    await page.getByLabel(/^Present result: Zero-filled/).waitFor();
    await page.getByRole('button', { name: /^Reconstruct (all|and keep)/ }).click();
    await page.getByText(/is in the library/).waitFor();
    await page.getByText('Wall', { exact: true }).click();
    await page.getByText(/^Stored results: 0 of/).click();
    await page.getByRole('checkbox', { name: /^Zero-filled/ }).first().check();
    await page.getByText(/^Stored results: 1 of/).click();
    await expect.poll(() => page.locator('.wall [role="application"]').count()).toBeGreaterThanOrEqual(4);
    await panes(page).first().click();
    const values = page.locator('dl[aria-label="Values at the crosshair"]');
    await expect.poll(async () => (await values.locator('dd').count()) - (await page.locator('.wall [role="application"]').count())).toBe(0);
    await picture('wall');
    await preset(page, 'Compare');
  });
});

describe('the page', () => {
  it('has nothing against it: accessibility, policy, errors', async () => {
    const { page } = studio;
    await preset(page, 'Coils');
    await page.getByRole('group', { name: 'Image of Coil images' }).waitFor();
    await page.keyboard.press('e');
    await page.getByRole('slider', { name: 'Draw on k-space' }).waitFor();
    await settled(page);
    await still(page);
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(' | ')}`)).toEqual([]);
    expect(await studio.violations()).toEqual([]);
    expect(studio.errors).toEqual([]);
  });
});

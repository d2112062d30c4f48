/** Volumes in three planes, cine, naming axes and the raw-data doctor, on the real host. */
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import AxeBuilder from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeNpy } from '../../../src/array/npy.ts';
import { ndArray } from '../../../src/array/nd-array.ts';
import { launchBrowser } from '../support/browser.ts';
import { type RunningHost, startStudioHost } from './support/host.ts';
import { type StudioPage, chooseFiles, chooseMethod, litPixels, openStudio, panes, settled, steady, still, toBody } from './support/studio.ts';

const PICTURES = fileURLToPath(new URL('../../../test-results/studio/', import.meta.url));

let host: RunningHost;
let browser: Browser;
let studio: StudioPage;

beforeAll(async () => {
  await mkdir(PICTURES, { recursive: true });
  host = await startStudioHost();
  browser = await launchBrowser();
  studio = await openStudio(browser, host, { width: 1280, height: 800, calm: true });
});
afterAll(async () => {
  await browser?.close();
  await host?.remove();
});

/** At both sizes and in both themes, and nothing against the page in any. */
async function look(name: string): Promise<void> {
  const { page } = studio;
  for (const theme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme: theme });
    for (const [width, height] of [[1920, 1080], [1280, 800]] as const) {
      await page.setViewportSize({ width, height });
      await still(page);
      await page.screenshot({ path: `${PICTURES}${name}-${width}-${theme}.png` });
    }
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${name}, ${theme}: ${id}: ${nodes.map((node) => node.target.join(' ')).join(' | ')}`)).toEqual([]);
  }
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await studio.violations()).toEqual([]);
  expect(studio.errors).toEqual([]);
}

const drop = (page: Page, name: string, bytes: Uint8Array) => chooseFiles(page, [{ name, mimeType: 'application/octet-stream', buffer: Buffer.from(bytes) }]);

/** A ball of its own brightness in each of `frames` images of `slices` slices: [frame, slice, row, column]. */
function balls(frames: number, slices: number, size: number): Uint8Array {
  const data = new Float32Array(frames * slices * size * size);
  for (let i = 0; i < data.length; i++) {
    const [column, row] = [i % size, Math.floor(i / size) % size];
    const slice = Math.floor(i / size ** 2) % slices;
    const frame = Math.floor(i / (size ** 2 * slices));
    const distance = Math.hypot(column - size / 2, row - size / 3, (slice - slices / 2) * (size / slices));
    data[i] = distance < size / 4 ? 1 + 0.2 * frame + 0.3 * Math.cos(column / 3) : 0.02;
  }
  return encodeNpy(ndArray('float32', [frames, slices, size, size], data));
}

describe('volume view', () => {
  it('shows the series in three planes, with the value at the crosshair', async () => {
    const { page } = studio;
    await page.getByRole('button', { name: /^Brain phantom(?!, small)/ }).click();
    await settled(page);
    await toBody(page);
    await page.keyboard.press('x');
    const pane = page.getByRole('region', { name: /Images of the file|Measured/ });
    const stage = pane.getByRole('application');
    await stage.and(page.locator('[aria-busy="false"]')).waitFor();
    await expect.poll(() => litPixels(page, stage)).toBeGreaterThan(200);
    const reading = pane.getByRole('status').last();
    await stage.focus();
    await page.keyboard.press('PageUp');
    await expect.poll(() => reading.innerText()).toMatch(/[RL] [\d.]+ +[AP] [\d.]+ +[SI] [\d.]+ mm|column \d+ +row \d+ +slice \d+/);
    const before = await reading.innerText();
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => reading.innerText()).not.toBe(before);
    await look('volume');
  });

  it('changes planes and window', async () => {
    const { page } = studio;
    const stage = page.locator('.volume .stage');
    const all = await steady(() => litPixels(page, stage));
    await page.getByText('Axial', { exact: true }).click();
    await expect.poll(() => litPixels(page, stage)).not.toBe(all);
    const lit = await steady(() => litPixels(page, stage));
    await page.getByRole('slider', { name: 'Black' }).focus();
    await page.keyboard.press('End');
    await expect.poll(() => litPixels(page, stage)).toBeLessThan(lit / 2);
    await page.getByRole('button', { name: 'Reset window' }).click();
    await expect.poll(() => litPixels(page, stage)).toBe(lit);
    await page.getByText('All', { exact: true }).first().click();
  });

  it('opens stored results from the library', async () => {
    const { page } = studio;
    await toBody(page);
    await page.keyboard.press('x');
    await settled(page);
    await chooseMethod(page, 'Zero-filled');
    await page.getByLabel(/^Present result: Zero-filled/).waitFor();
    await page.getByRole('button', { name: /^Reconstruct (all|and keep)/ }).click();
    await page.getByText(/is in the library/).waitFor();
    await page.keyboard.press('Alt+2');
    await page.getByText(/^Results \d/).click();
    await page.getByRole('button', { name: /in volume view$/ }).first().click();
    const stage = page.getByRole('region', { name: /^Zero-filled/ }).getByRole('application');
    await expect.poll(() => litPixels(page, stage)).toBeGreaterThan(200);
    await expect.poll(() => page.getByRole('combobox', { name: 'Volume', exact: true }).locator('option:checked').innerText()).toMatch(/^Zero-filled/);
  });
});

describe('cine', () => {
  it('plays a stored result beside its reference, and keeps them together', async () => {
    const { page } = studio;
    await toBody(page);
    await page.keyboard.press('n');
    const bar = page.getByRole('toolbar', { name: 'Cine' });
    await bar.waitFor();
    await expect.poll(() => bar.getByRole('combobox', { name: 'Show' }).locator('option:checked').innerText()).toMatch(/^Zero-filled/);
    await bar.getByRole('combobox', { name: 'Beside it' }).selectOption({ label: (await bar.getByRole('combobox', { name: 'Beside it' }).locator('option', { hasText: /Reference of/ }).first().innerText()).trim() });
    await expect.poll(() => panes(page).count()).toBe(2);
    for (let i = 0; i < 2; i++) await expect.poll(() => litPixels(page, panes(page).nth(i))).toBeGreaterThan(100);
    const place = bar.getByRole('slider', { name: 'Slice' });
    const seen = new Set<string | null>();
    await bar.getByRole('slider', { name: 'Speed' }).focus();
    await page.keyboard.press('End');
    await toBody(page);
    await page.keyboard.press('c');
    await bar.getByRole('button', { name: 'Pause' }).waitFor();
    await expect.poll(async () => seen.add(await place.getAttribute('aria-valuenow')).size, { interval: 30 }).toBeGreaterThan(3);
    await look('cine');
    await bar.getByRole('button', { name: 'Pause' }).click();
    await bar.getByRole('button', { name: 'Play' }).waitFor();
    const rest = await place.getAttribute('aria-valuenow');
    await page.waitForTimeout(300);
    expect(await place.getAttribute('aria-valuenow')).toBe(rest);
  });

  it('names the axes of a series, and plays along one of them', async () => {
    const { page } = studio;
    await drop(page, 'balls.npy', balls(3, 6, 32));
    await expect.poll(() => page.title()).toContain('balls.npy');
    const bar = page.getByRole('toolbar', { name: 'Cine' });
    await expect.poll(() => bar.getByRole('slider').count()).toBe(3);
    const names = await bar.getByRole('slider').evaluateAll((all) => all.map((one) => `${one.getAttribute('aria-label')} ${one.getAttribute('aria-valuemax')}`));
    expect(names.slice(0, 2).map((name) => name.split(' ')[1])).toEqual(['3', '6']);
    await bar.getByRole('combobox', { name: 'Along' }).selectOption({ index: 0 });
    const first = bar.getByRole('slider').nth(0);
    const second = bar.getByRole('slider').nth(1);
    const stays = await second.getAttribute('aria-valuenow');
    const from = await first.getAttribute('aria-valuenow');
    await bar.getByRole('button', { name: 'Next image' }).click();
    await expect.poll(() => first.getAttribute('aria-valuenow')).not.toBe(from);
    expect(await second.getAttribute('aria-valuenow')).toBe(stays);
    await toBody(page);
    await page.keyboard.press('x');
    const frames = page.locator('.volume .frames').getByRole('slider');
    await frames.waitFor();
    await expect.poll(() => frames.getAttribute('aria-valuemax')).toBe('3');
    await page.keyboard.press('x');
  });
});

describe('naming axes', () => {
  it('says what was assumed, previews another reading and opens it', async () => {
    const { page } = studio;
    await page.getByText(/This file does not name its axes: .*row, column assumed/).waitFor();
    const before = ((await (await page.request.get(`${host.origin}/api/recordings`)).json()) as unknown[]).length;
    await page.getByRole('button', { name: 'Change…' }).click();
    const dialog = page.getByRole('dialog', { name: 'What the axes stand for' });
    await dialog.getByRole('img', { name: 'The middle image, read so' }).waitFor();
    await dialog.getByLabel(/^Axis 1/).selectOption('row');
    await dialog.getByText('Only one axis can be the row.').waitFor();
    await expect.poll(() => dialog.getByRole('button', { name: 'Read it so' }).isDisabled()).toBe(true);
    await dialog.getByLabel(/^Axis 1/).selectOption('echo');
    await dialog.getByText(/read as echo, slice, row, column/).waitFor();
    await look('axes');
    await dialog.getByRole('button', { name: 'Read it so' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await page.getByRole('slider', { name: 'Echo' }).first().waitFor();
    await expect.poll(() => page.getByText(/This file does not name its axes/).count()).toBe(0);
    // What was read for looking alone is gone again.
    await expect.poll(async () => ((await (await page.request.get(`${host.origin}/api/recordings`)).json()) as unknown[]).length).toBe(before + 1);
  });

  it('works by keyboard, and Escape changes nothing', async () => {
    const { page } = studio;
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Search actions and recordings' }).fill('name the axes');
    await page.getByRole('option', { selected: true }).filter({ hasText: /axes/i }).waitFor();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'What the axes stand for' });
    await dialog.waitFor();
    await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe('SELECT');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    expect(await page.getByRole('slider', { name: 'Echo' }).count()).toBeGreaterThan(0);
  });
});

describe('raw-data doctor', () => {
  it('is calm where nothing contradicts, and copies its report', async () => {
    const { page, context } = studio;
    await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: host.origin });
    await page.getByRole('button', { name: /^Raw-data doctor/ }).click();
    await page.getByRole('heading', { name: 'Raw-data doctor' }).waitFor();
    await page.getByText(/Nothing contradicts the data/).waitFor();
    await page.getByRole('button', { name: 'Copy as text' }).click();
    await page.getByText('The report is on the clipboard.').waitFor();
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toMatch(/^balls\.npy \(npy\)[\s\S]*Nothing contradicts the data\.[\s\S]*Axes: echo 3, slice 6, row 32, column 32/);
    await page.getByRole('button', { name: 'Back to the images' }).click();
  });

  it('lists findings, applies a fix and takes it back', async () => {
    const { page } = studio;
    // k-space whose centre lies in the corner: transformed so, it gives a checkered image.
    const size = 64;
    const data = new Float32Array(2 * 4 * size * size);
    for (let coil = 0; coil < 4; coil++) {
      for (let row = 0; row < size; row++) {
        for (let column = 0; column < size; column++) {
          const [u, v] = [Math.min(row, size - row), Math.min(column, size - column)];
          const at = 2 * ((coil * size + row) * size + column);
          data[at] = 100 * Math.exp(-(u * u + v * v) / 8) * Math.cos(0.3 * coil + 0.8 * u);
          data[at + 1] = 40 * Math.exp(-(u * u + v * v) / 12) * Math.sin(0.3 * coil + v);
        }
      }
    }
    await drop(page, 'corner.npy', encodeNpy(ndArray('complex64', [4, size, size], data)));
    await expect.poll(() => page.title()).toContain('corner.npy');
    await page.keyboard.press('y');
    const apply = page.getByRole('button', { name: /^Apply: / });
    await apply.first().waitFor();
    await look('doctor');
    const name = (await apply.first().getAttribute('aria-label'))?.replace('Apply: ', '') ?? '';
    await apply.first().click();
    const undo = page.getByRole('button', { name: `Undo: ${name}` });
    await undo.waitFor();
    await page.getByText('Fix applied').waitFor();
    await undo.click();
    await page.getByRole('button', { name: `Apply: ${name}` }).waitFor();
    await expect.poll(() => page.getByText('Fix applied').count()).toBe(0);
    expect(studio.errors).toEqual([]);
  });
});

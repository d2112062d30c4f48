/** A network of one's own: added through the dialog, run, refused where it does not fit, measured, removed. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import AxeBuilder from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { halving, notFinite } from '../../support/networks.ts';
import { chooseMethod, openSample, openStudio, settled, still } from './support/studio.ts';
import { studioSuite } from './support/studio-suite.ts';

const PICTURES = fileURLToPath(new URL('../../../test-results/studio/', import.meta.url));

const suite = studioSuite({ calm: true });

beforeAll(async () => {
  await openSample(suite.page);
});

const go = (page: Page, name: 'MRI' | 'Models') => page.getByRole('navigation', { name: 'Workspaces' }).getByRole('button', { name, exact: true }).click();
const dialogOf = (page: Page) => page.getByRole('dialog', { name: 'Add a network' });
const picture = async (name: string): Promise<void> => {
  await still(suite.page);
  await suite.page.screenshot({ path: `${PICTURES}${name}.png` });
};
const clean = async (name: string): Promise<void> => {
  const { violations } = await new AxeBuilder({ page: suite.page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => node.target.join(' ')).join(' | ')}`), name).toEqual([]);
  expect(await suite.studio.violations(), name).toEqual([]);
};

async function choose(name: string, graph: Uint8Array): Promise<void> {
  const [chooser] = await Promise.all([suite.page.waitForEvent('filechooser'), dialogOf(suite.page).getByRole('button', { name: /Choose file|Another file/ }).click()]);
  await chooser.setFiles({ name, mimeType: 'application/octet-stream', buffer: Buffer.from(graph) });
}

describe('a network of one’s own', () => {
  it('is not offered as a method before there is one', async () => {
    const options = await suite.page.getByRole('combobox', { name: 'Method' }).locator('option').allTextContents();
    expect(options).not.toContain('Own network');
  });

  it('is refused with the reason when it is no graph, or gives no finite image', async () => {
    const { page } = suite.studio;
    await go(page, 'Models');
    await page.getByRole('button', { name: 'Add network…' }).click();
    await choose('notes.onnx', new TextEncoder().encode('not a graph'));
    await dialogOf(page).getByRole('alert').filter({ hasText: 'not an ONNX graph' }).waitFor();
    await choose('broken.onnx', notFinite());
    await dialogOf(page).getByRole('combobox', { name: 'Input x' }).waitFor();
    await dialogOf(page).getByRole('button', { name: 'Try and add' }).click();
    await dialogOf(page).getByRole('alert').filter({ hasText: 'not finite' }).waitFor();
    await picture('models-refused-1280-dark');
  });

  it('is added with its conditions, listed with its card', async () => {
    const { page } = suite.studio;
    await choose('Half of it.onnx', halving([1, 1, 'height', 'width']));
    await dialogOf(page).getByText('Half of it.onnx').waitFor();
    expect(await dialogOf(page).getByRole('combobox', { name: 'Input x' }).inputValue()).toBe('magnitude');
    await dialogOf(page).getByLabel('Acceleration').fill('2–3');
    await dialogOf(page).getByLabel('Matrix').fill('64–512');
    await picture('models-dialog-1280-dark');
    await clean('dialog');
    await dialogOf(page).getByRole('button', { name: 'Try and add' }).click();
    await page.getByRole('heading', { name: 'Half of it', exact: true }).waitFor();
    await page.getByText('has not measured how well it does').waitFor();
    await clean('models');
  });

  it('runs as a method, with its facts and a warning where it was trained for less', async () => {
    const { page } = suite.studio;
    await go(page, 'MRI');
    await chooseMethod(page, 'Own network');
    await settled(page);
    const conditions = page.getByRole('table', { name: 'Trained for, and this scan' });
    await conditions.getByRole('row', { name: /^R 2–3 .*outside/ }).waitFor();
    await page.getByText('The result may be wrong in ways that look right.').waitFor();
    await conditions.scrollIntoViewIfNeeded();
    await picture('own-network-1280-dark');
    await clean('MRI workspace');
  });

  it('is measured on the open slice, and the figure is kept', async () => {
    const { page } = suite.studio;
    await page.getByRole('button', { name: 'Card' }).click();
    await page.getByRole('heading', { name: 'Half of it', exact: true }).waitFor();
    await page.getByRole('button', { name: 'Measure' }).click();
    await page.getByRole('cell', { name: 'median of 5' }).waitFor();
    await picture('models-1280-dark');
    await page.reload();
    await go(page, 'Models');
    await page.getByRole('button', { name: /Half of it/ }).click();
    await page.getByRole('cell', { name: 'median of 5' }).waitFor();
  });

  it('that does not fit the open scan says so', async () => {
    const { page } = suite.studio;
    await page.getByRole('button', { name: 'Add network…' }).click();
    await choose('fixed.onnx', halving([1, 1, 64, 64]));
    await dialogOf(page).getByRole('button', { name: 'Try and add' }).click();
    await page.getByRole('heading', { name: 'fixed', exact: true }).waitFor();
    await go(page, 'MRI');
    await page.getByRole('button', { name: /^Brain phantom, small/ }).click();
    await settled(page);
    await chooseMethod(page, 'Own network');
    await page.getByRole('combobox', { name: 'Network' }).selectOption({ label: 'fixed' });
    await page.getByRole('alert').filter({ hasText: 'It takes 64 × 64 samples' }).first().waitFor();
    await page.getByRole('alert').filter({ hasText: 'It takes 64 × 64 samples' }).first().evaluate((alert) => alert.scrollIntoView({ block: 'nearest' }));
    await picture('own-network-misfit-1280-dark');
  });

  it('is removed, and the method goes with the last', async () => {
    const { page } = suite.studio;
    await go(page, 'Models');
    for (const title of ['fixed', 'Half of it']) {
      await page.getByRole('navigation', { name: 'Models' }).getByRole('button', { name: new RegExp(title) }).click();
      await page.getByRole('heading', { name: title, exact: true }).waitFor();
      await page.getByRole('button', { name: 'Remove…' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click();
      await page.getByRole('navigation', { name: 'Models' }).getByRole('button', { name: new RegExp(title) }).waitFor({ state: 'detached' });
    }
    await go(page, 'MRI');
    await settled(page);
    expect(await page.getByRole('combobox', { name: 'Method' }).locator('option').allTextContents()).not.toContain('Own network');
  });

  it('that is broken is listed with the reason', async () => {
    const folder = join(suite.host.folder, 'data', 'models', 'half-written');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'model.json'), '{"lacunaModel": 2}');
    const { page } = suite.studio;
    await go(page, 'Models');
    await page.getByText(/^model\.json: /).waitFor();
    await page.getByRole('button', { name: 'Remove half-written' }).click();
    await page.getByText(/^model\.json: /).waitFor({ state: 'detached' });
    expect(suite.studio.errors).toEqual([]);
  });
});

describe('pictures', () => {
  it.each([['dark', 1920, 1080], ['light', 1280, 800], ['light', 1920, 1080]] as const)('%s %i × %i', async (theme, width, height) => {
    const other = await openStudio(suite.browser, suite.host, { theme, width, height, calm: true, from: suite.studio });
    const { page } = other;
    await go(page, 'Models');
    await page.getByRole('navigation', { name: 'Models' }).waitFor();
    await still(page);
    await page.screenshot({ path: `${PICTURES}models-${width}-${theme}.png` });
    expect(other.errors).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth)).toBe(false);
    await go(page, 'MRI');
    await openSample(page, /^Brain phantom, small/);
    await page.getByRole('table', { name: 'Trained for, and this scan' }).scrollIntoViewIfNeeded();
    await still(page);
    await page.screenshot({ path: `${PICTURES}learned-panel-${width}-${theme}.png` });
    await other.context.close();
  });
});

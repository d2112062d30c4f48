/** MR thermometry in the studio: the heated phantom, its temperature and dose over the anatomy, and the curve of a region. */
import { fileURLToPath } from 'node:url';
import AxeBuilder from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { encodeNpy } from '../../../src/array/npy.ts';
import { randomComplex } from '../../support/random-array.ts';
import { chooseFiles, chooseMethod, ofMatrix, panes, settled } from './support/studio.ts';
import { studioSuite } from './support/studio-suite.ts';

const PICTURES = fileURLToPath(new URL('../../../test-results/studio/', import.meta.url));
/** All frames are reconstructed, and the machine may have other things to do. */
const LATER = { timeout: 120_000 };

const suite = studioSuite();

beforeAll(async () => {
  await suite.page.getByRole('button', { name: /^Heated thigh phantom/ }).click();
  await settled(suite.page);
});

const numberOf = async (page: Page, pane: number, label: string): Promise<number> => {
  const text = await panes(page).nth(pane).locator('xpath=ancestor::*[contains(@class,"view")][1]').locator('dl').innerText();
  const match = new RegExp(`${label}\\s+([\\d.−-]+)`).exec(text);
  return Number((match?.[1] ?? 'NaN').replace('−', '-'));
};

describe('temperature', () => {
  it('is a preset of panes for series that move', async () => {
    const { page } = suite.studio;
    await chooseMethod(page, 'Baseline and phase');
    await page.getByRole('combobox', { name: 'Panes', exact: true }).selectOption({ label: 'Temperature' });
    await expect.poll(() => page.getByRole('combobox', { name: 'Pane 3 shows' }).inputValue()).toBe('view:temperature');
  });

  // The series opens in its middle, one frame before the hottest.
  it('of a heated frame is right within half a degree, over the magnitude, with its scale', async () => {
    const { page } = suite.studio;
    await expect.poll(() => numberOf(page, 2, 'RMSE where heated'), LATER).toBeLessThan(0.5);
    await expect.poll(() => numberOf(page, 2, 'Maximum'), LATER).toBeGreaterThan(41);
    expect(await page.getByRole('img', { name: /^Colours from 37.* to 45.* °C/ }).count()).toBe(1);
    await expect.poll(() => numberOf(page, 3, 'Highest'), LATER).toBeGreaterThan(0.2);
  });

  it('of a region follows over time, with its dose', async () => {
    const { page } = suite.studio;
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

  it('is simulated on the phase of a file that was opened, and taken away again', async () => {
    const { page } = suite;
    const dialog = page.getByRole('dialog', { name: 'Simulate heating' });
    const heat = async (): Promise<void> => {
      await page.getByRole('button', { name: 'View', exact: true }).click();
      await page.getByRole('menuitem', { name: /^Simulate heating/ }).click();
      await dialog.getByRole('slider', { name: 'Peak rise' }).waitFor();
    };
    await chooseFiles(page, [{ name: 'scan.npy', mimeType: 'application/octet-stream', buffer: Buffer.from(encodeNpy(randomComplex([4, 32, 24], 3))) }]);
    await ofMatrix(page, '32 × 24');
    await chooseMethod(page, 'Zero-filled');
    await settled(page);
    await heat();
    // A bare array says nothing of the field.
    await dialog.getByRole('button', { name: 'Read it so' }).click();
    await dialog.getByRole('alert').filter({ hasText: 'does not state its field strength' }).waitFor();
    await dialog.getByRole('textbox', { name: 'Field strength, T' }).fill('strong');
    await dialog.getByRole('button', { name: 'Read it so' }).click();
    await dialog.getByRole('alert').filter({ hasText: 'number of tesla' }).waitFor();
    await dialog.getByRole('textbox', { name: 'Field strength, T' }).fill('1.5');
    await dialog.getByRole('textbox', { name: 'Echo times, ms' }).fill('12');
    await suite.pictures('heating-dialog');
    expect(await suite.violations('dialog[open]')).toEqual([]);
    await dialog.getByRole('button', { name: 'Read it so' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByText(/The heating is simulated: .* a Gaussian spot of 5 °C/).waitFor();
    await page.getByRole('slider', { name: 'Frame' }).waitFor();
    await page.getByRole('button', { name: 'Change the heating…' }).click();
    expect(await dialog.getByRole('textbox', { name: 'Field strength, T' }).inputValue()).toBe('1.5');
    await dialog.getByRole('button', { name: 'As measured' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('slider', { name: 'Frame' }).waitFor({ state: 'detached' });
  });

  it('passes the checks of accessibility, light too', async () => {
    const { page } = suite.studio;
    await settled(page);
    await page.emulateMedia({ colorScheme: 'light' });
    await page.screenshot({ path: `${PICTURES}thermometry-light.png` });
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target).join(', ')}`)).toEqual([]);
  });
});

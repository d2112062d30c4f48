/** Learned patterns in the picker: drawn, exact, nested while the slider moves, better than random lines. A picture goes to test-results/studio. */
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { chooseMethod, fact, openSample, settled, still } from './support/studio.ts';
import { studioSuite } from './support/studio-suite.ts';

const PICTURES = fileURLToPath(new URL('../../../test-results/studio/', import.meta.url));

const suite = studioSuite({ calm: true });

beforeAll(async () => {
  await openSample(suite.page);
});

const psnr = async (): Promise<number> => Number.parseFloat(await fact(suite.page, 'PSNR'));
const choosePattern = (label: string) => suite.page.getByRole('combobox', { name: 'Sampling pattern' }).selectOption({ label });

describe('learned lines', () => {
  it('stand under a heading of their own', async () => {
    const options = suite.page.getByRole('combobox', { name: 'Sampling pattern' }).locator('optgroup[label="Learned"] option');
    expect(await options.allInnerTexts()).toEqual(['Learned lines (DPS)', 'Learned points (DPS)']);
  });

  it('give a better image than random lines at the same acceleration, without an error on the way', async () => {
    const { page, errors } = suite.studio;
    await chooseMethod(page, 'SENSE');
    await page.getByLabel(/^Present result: SENSE/).waitFor();
    await settled(page);
    const random = await psnr();
    await choosePattern('Learned lines (DPS)');
    await expect.poll(psnr, { timeout: 90_000 }).not.toBe(random);
    await settled(page);
    expect(await psnr()).toBeGreaterThan(random + 1);
    await still(page);
    await page.screenshot({ path: `${PICTURES}learned-lines-dark.png` });
    await choosePattern('Learned points (DPS)');
    await settled(page);
    await page.screenshot({ path: `${PICTURES}learned-points-dark.png` });
    expect(errors).toEqual([]);
  });
});

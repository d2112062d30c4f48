/** From nothing to a live reconstruction: open the sample, move the slider, undo, leaf through slices. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { type RunningHost, startStudioHost } from './support/host.ts';
import { type StudioPage, fact, litPixels, ofMatrix, openStudio, panes, settled, toBody } from './support/studio.ts';

let host: RunningHost;
let browser: Browser;
let studio: StudioPage;

beforeAll(async () => {
  host = await startStudioHost();
  browser = await launchBrowser();
  studio = await openStudio(browser, host);
});
afterAll(async () => {
  await browser?.close();
  await host?.remove();
});

describe('opening', () => {
  it('greets with samples and shows no workspace that is not there', async () => {
    const { page } = studio;
    await page.getByRole('heading', { name: 'How few samples are enough?' }).waitFor();
    const tabs = page.getByRole('navigation', { name: 'Workspaces' }).getByRole('button');
    await expect.poll(() => tabs.allInnerTexts()).toEqual(['MRI', 'Library', 'Models', 'Settings']);
  });

  // How soon is a matter of `npm run bench`: here it is told, and depends on what else the machine does.
  it('shows an image of the sample brain at a click', async () => {
    const { page } = studio;
    const since = Date.now();
    await page.getByRole('button', { name: /^Brain phantom(?!, small)/ }).click();
    await panes(page).first().waitFor();
    await page.waitForFunction(() => document.querySelectorAll('.grid [role="application"] .empty').length < 4);
    await page.getByText('Lines kept').waitFor();
    console.log(`sample brain: first image after ${Date.now() - since} ms`);
    await settled(page);
  });

  it('fills the four panes: k-space, reconstruction, reference, error', async () => {
    const { page } = studio;
    await expect.poll(() => panes(page).count()).toBe(4);
    for (let i = 0; i < 4; i++) await expect.poll(() => litPixels(page, panes(page).nth(i))).toBeGreaterThan(40);
    expect(await fact(page, 'PSNR')).toMatch(/^\d+\.\d dB · \d+\.\d$/);
    await page.getByText(/fastMRI definition/).waitFor();
  });
});

describe('the acceleration slider', () => {
  let beforeDrag: string | null = null;

  it('ends on the last value, however fast it moves', async () => {
    const { page } = studio;
    const thumb = page.getByRole('slider', { name: 'Acceleration' });
    await thumb.focus();
    for (let i = 0; i < 20; i++) await page.keyboard.press('ArrowRight');
    const wanted = Number(await thumb.getAttribute('aria-valuenow'));
    expect(wanted).toBeGreaterThan(4);
    await settled(page);
    const receipt = page.getByRole('region', { name: 'Receipt' });
    await expect.poll(() => receipt.innerText()).toContain(`R ${wanted} `);
    await expect.poll(async () => Number(/achieved ([\d.]+)×/.exec(await page.locator('.left').innerText())?.[1])).toBeGreaterThan(1);
  });

  it('keeps drawing while it is dragged', async () => {
    const { page } = studio;
    const thumb = page.getByRole('slider', { name: 'Acceleration' });
    const box = await thumb.boundingBox();
    if (box === null) throw new Error('no slider');
    beforeDrag = await thumb.getAttribute('aria-valuenow');
    const kept = page.locator('.left').getByText('Lines kept').locator('..');
    const seen = new Set<string>();
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await page.mouse.move(x, y);
    await page.mouse.down();
    // To and fro without a rest: what is drawn is drawn while the slider moves.
    let moves = 0;
    await expect
      .poll(
        async () => {
          moves++;
          await page.mouse.move(x - 120 + 3 * Math.abs((moves % 80) - 40), y);
          return seen.add(await kept.innerText()).size;
        },
        { timeout: 120_000, interval: 20 },
      )
      .toBeGreaterThan(3);
    await page.mouse.move(x - 60, y);
    await page.mouse.up();
    await settled(page);
  });

  it('is undone as one step, and redone', async () => {
    const { page } = studio;
    const value = () => page.getByRole('slider', { name: 'Acceleration' }).getAttribute('aria-valuenow');
    const dragged = await value();
    expect(dragged).not.toBe(beforeDrag);
    await page.getByRole('slider', { name: 'Acceleration' }).focus();
    await page.keyboard.press('Control+z');
    await expect.poll(value).toBe(beforeDrag);
    await page.keyboard.press('Control+Shift+z');
    await expect.poll(value).toBe(dragged);
    await settled(page);
  });
});

describe('slices', () => {
  it('follow arrow keys, Home, End and the wheel', async () => {
    const { page } = studio;
    const slice = page.getByRole('slider', { name: 'Slice' });
    await toBody(page);
    const at = async () => Number(await slice.getAttribute('aria-valuenow'));
    const start = await at();
    await page.keyboard.press('ArrowDown');
    await expect.poll(at).toBe(start + 1);
    await page.keyboard.press('Home');
    await expect.poll(at).toBe(1);
    await page.keyboard.press('End');
    await expect.poll(at).toBe(Number(await slice.getAttribute('aria-valuemax')));
    await panes(page).nth(2).hover();
    await page.mouse.wheel(0, -120);
    await expect.poll(at).toBe(Number(await slice.getAttribute('aria-valuemax')) - 1);
    await settled(page);
  });

  it('leaves the page without errors and without violations of its policy', async () => {
    expect(studio.errors).toEqual([]);
    expect(await studio.violations()).toEqual([]);
  });
});

describe('the small sample', () => {
  it('opens beside it, from the palette', async () => {
    const { page } = studio;
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Search actions and recordings' }).fill('phantom small');
    await page.keyboard.press('Enter');
    await ofMatrix(page, '192 × 160');
    await settled(page);
    await page.getByRole('button', { name: 'Library' }).click();
    await expect.poll(() => page.locator('tbody tr').count()).toBe(2);
    await page.getByRole('button', { name: 'MRI' }).click();
    await ofMatrix(page, '192 × 160');
  });
});

// A second studio on the same library sees what the first one opened.
it('shows recent recordings on the next start', async () => {
  const again = await openStudio(browser, host, { from: studio });
  await again.page.getByRole('heading', { name: 'Recent' }).waitFor();
  await again.context.close();
});

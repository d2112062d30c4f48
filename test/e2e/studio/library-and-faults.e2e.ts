/** Export, library after a restart, cancel, broken files, a killed inference process. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JobSummary } from '../../../src/host/contract.ts';
import { ndArray } from '../../../src/array/nd-array.ts';
import { encodeNpy } from '../../../src/array/npy.ts';
import { launchBrowser } from '../support/browser.ts';
import { type RunningHost, startStudioHost } from './support/host.ts';
import { type StudioPage, chooseMethod, ofMatrix, openSample, openStudio, settled } from './support/studio.ts';

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

const jobs = async (): Promise<readonly JobSummary[]> =>
  (await (await studio.page.request.get(`${host.origin}/api/jobs`)).json()) as readonly JobSummary[];

describe('pattern file', () => {
  it('is loaded, drawn, and refused where it does not fit', async () => {
    const { page } = studio;
    const load = async (columns: number, every: number): Promise<void> => {
      const mask = Uint8Array.from({ length: columns }, (_, i) => (i % every === 0 || Math.abs(i - columns / 2) < 8 ? 1 : 0));
      const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.getByRole('button', { name: 'Load…' }).click()]);
      await chooser.setFiles({ name: `every-${every}.npy`, mimeType: 'application/x-npy', buffer: Buffer.from(encodeNpy(ndArray('uint8', [columns], mask))) });
    };
    await page.getByRole('combobox', { name: 'Sampling pattern' }).selectOption('file');
    await page.getByText('A .npy, .csv or .json with one value per line or per point').waitFor();
    await load(160, 4);
    await page.getByText('every-4.npy').waitFor();
    await page.getByText(/52 of 160/).waitFor();
    await settled(page);
    await load(99, 3);
    await page.getByRole('alert').filter({ hasText: /160/ }).waitFor();
    await page.getByRole('combobox', { name: 'Sampling pattern' }).selectOption('random');
    await page.getByRole('slider', { name: 'Acceleration' }).waitFor();
    await settled(page);
  });
});

describe('export', () => {
  it('writes each format with its receipt and offers the files', async () => {
    const { page } = studio;
    await chooseMethod(page, 'SENSE');
    await settled(page);
    await page.keyboard.press('Control+e');
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('combobox', { name: 'Format' }).waitFor();
    const formats = await dialog.getByRole('combobox', { name: 'Format' }).locator('option').allInnerTexts();
    expect(formats.length).toBeGreaterThanOrEqual(3);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    for (const format of formats) {
      await page.keyboard.press('Control+e');
      await dialog.getByRole('combobox', { name: 'Format' }).selectOption({ label: format });
      await dialog.getByRole('textbox', { name: 'Name' }).fill(`test ${format}`.replaceAll(/[^\w]+/g, '-'));
      await dialog.getByRole('button', { name: 'Export', exact: true }).click();
      await dialog.getByText('Written to').waitFor();
      const links = dialog.getByRole('list', { name: 'Written files' }).getByRole('link');
      const names = await links.allInnerTexts();
      expect(names.some((name) => name.endsWith('.lacuna.json'))).toBe(true);
      for (const link of await links.all()) {
        const reply = await page.request.get(new URL((await link.getAttribute('href')) ?? '', host.origin).href);
        expect(reply.status()).toBe(200);
        expect((await reply.body()).length).toBeGreaterThan(100);
      }
      await dialog.getByRole('button', { name: 'Done' }).click();
      await dialog.waitFor({ state: 'detached' });
    }
    const written = await readdir(join(host.folder, 'exports'), { recursive: true });
    expect(written.filter((name) => name.endsWith('.lacuna.json')).length).toBeGreaterThanOrEqual(formats.length);
    const receipt = written.find((name) => name.endsWith('.lacuna.json')) as string;
    expect(JSON.parse(await readFile(join(host.folder, 'exports', receipt), 'utf8'))).toMatchObject({ pipeline: { method: { name: 'sense' } } });
  });
});

describe('jobs', () => {
  it('reconstruct the volume into the library', async () => {
    const { page } = studio;
    await page.getByRole('button', { name: /^Reconstruct all/ }).click();
    await page.getByText(/is in the library/).waitFor();
    await page.getByRole('button', { name: 'Library', exact: true }).click();
    await page.getByText(/^Results/).click();
    await page.getByRole('cell', { name: '1–3' }).waitFor();
    await page.getByRole('button', { name: 'MRI', exact: true }).click();
  });

  it('are cancelled at once', async () => {
    const { page } = studio;
    // Eight slices of 320 × 320: a job that is still running when it is cancelled, also on a fast machine.
    await page.getByRole('button', { name: 'File', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Open the sample brain' }).click();
    await ofMatrix(page, '320 × 320');
    await chooseMethod(page, 'L1-wavelet');
    await page.getByRole('slider', { name: 'Iterations' }).focus();
    await page.keyboard.press('End');
    await page.getByRole('button', { name: /^Reconstruct all/ }).click();
    const cancel = page.getByRole('button', { name: /^Cancel L1-wavelet/ });
    await cancel.waitFor();
    const since = Date.now();
    await cancel.click();
    await cancel.waitFor({ state: 'detached' });
    console.log(`cancelled after ${Date.now() - since} ms`);
    await expect.poll(async () => (await jobs())[0]?.state).toBe('cancelled');
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Search actions and recordings' }).fill('brain-small-t1 recording');
    await page.keyboard.press('Enter');
    await ofMatrix(page, '192 × 160');
    await chooseMethod(page, 'SENSE');
    await page.getByLabel(/^Present result: SENSE/).waitFor();
    await settled(page);
  });
});

describe('faults', () => {
  it('name the file that cannot be read, with details, and leave the open scan alone', async () => {
    const { page } = studio;
    const transfer = await page.evaluateHandle(() => {
      const data = new DataTransfer();
      data.items.add(new File([new Uint8Array(300).fill(7)], 'broken-scan.h5'));
      return data;
    });
    await page.dispatchEvent('body', 'dragenter', { dataTransfer: transfer });
    await page.getByText('Drop to open').waitFor();
    await page.dispatchEvent('body', 'drop', { dataTransfer: transfer });
    const alert = page.getByRole('alert').filter({ hasText: 'broken-scan.h5' });
    await alert.waitFor();
    await expect.poll(() => page.getByText('Drop to open').count()).toBe(0);
    await alert.getByText('Details').click();
    expect(await alert.innerText()).toMatch(/Code: input\./);
    await alert.getByRole('button', { name: 'Put away' }).click();
    await ofMatrix(page, '192 × 160');
  });

  it('of the inference process fail one job, and the studio goes on', async (context) => {
    const { page } = studio;
    const models = (await (await page.request.get(`${host.origin}/api/models`)).json()) as readonly unknown[];
    if (models.length === 0 || host.inferPid === null) {
      context.skip('no model package is installed, so nothing runs in the inference process');
      return;
    }
    // Eight slices: the job is still running when the process is killed.
    await page.getByRole('button', { name: 'File', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Open the sample brain' }).click();
    await ofMatrix(page, '320 × 320');
    await chooseMethod(page, 'Unrolled network');
    await page.getByLabel(/^Present result: Unrolled network/).waitFor();
    await settled(page);
    const failedBefore = (await jobs()).filter((job) => job.state === 'failed').length;
    const failures = async (): Promise<number> => (await jobs()).filter((job) => job.state === 'failed').length - failedBefore;
    const isRunning = async (): Promise<boolean> => (await jobs()).some((job) => (job.state === 'running' || job.state === 'queued') && job.request.purpose === 'run');
    // Killed between two slices' runs it is restarted and nothing fails; so again until a run is hit.
    let killed: number | null = null;
    await expect
      .poll(
        async () => {
          if ((await failures()) > 0) return 1;
          if (!(await isRunning())) {
            await page.getByRole('button', { name: /^Reconstruct all/ }).click();
            await page.getByRole('button', { name: /^Cancel Unrolled/ }).waitFor();
          }
          const pid = host.inferNow();
          if (pid !== null && pid !== killed) process.kill(pid, 'SIGKILL');
          killed = pid;
          return failures();
        },
        { timeout: 120_000, interval: 400 },
      )
      .toBe(1);
    await page.getByRole('alert').filter({ hasText: /inference/i }).first().waitFor();
    await page.getByRole('button', { name: 'Put away' }).first().click();
    // The next reconstruction starts the process again; after several kills only when a minute has passed.
    const thumb = page.getByRole('slider', { name: 'Acceleration' });
    await expect
      .poll(
        async () => {
          await thumb.focus();
          await page.keyboard.press('ArrowRight');
          const wanted = await thumb.getAttribute('aria-valuenow');
          await settled(page);
          return page.getByLabel(`Present result: Unrolled network · ${wanted}×`).count();
        },
        { timeout: 150_000, interval: 1000 },
      )
      .toBe(1);
  });

  it('of the host are announced, and the studio picks up when it is back', async () => {
    const { page } = studio;
    await page.route('**/api/**', (route) => route.abort('connectionrefused'));
    await page.getByRole('slider', { name: 'Acceleration' }).focus();
    await page.keyboard.press('ArrowRight');
    await page.getByText(/host does not answer/).waitFor();
    await page.getByRole('button', { name: 'Try now' }).click();
    await page.getByText(/host does not answer/).waitFor();
    await page.unroute('**/api/**');
    // It tries by itself.
    await page.getByText(/host does not answer/).waitFor({ state: 'detached' });
    await settled(page);
  });
});

describe('restart', () => {
  it('finds recordings, results, jobs and settings again, and opens a result', async () => {
    const { page } = studio;
    await page.getByRole('button', { name: 'Settings', exact: true }).click();
    await page.getByText('Light', { exact: true }).click();
    await expect.poll(async () => ((await (await page.request.get(`${host.origin}/api/settings`)).json()) as { theme: string }).theme).toBe('light');
    expect(studio.errors.filter((error) => !error.includes('ERR_CONNECTION'))).toEqual([]);
    const { folder } = host;
    await host.stop();
    host = await startStudioHost(folder);
    studio = await openStudio(browser, host);
    const again = studio.page;
    await expect.poll(() => again.evaluate(() => document.documentElement.dataset['theme'])).toBe('light');
    await again.getByRole('button', { name: 'Library', exact: true }).click();
    await again.getByRole('button', { name: 'brain-small-t1', exact: true }).waitFor();
    await again.getByText(/^Jobs/).click();
    await again.getByText('cancelled', { exact: true }).waitFor();
    await again.getByText(/^Results/).click();
    await again.getByRole('button', { name: /^Open SENSE/ }).first().click();
    await settled(again);
    await expect.poll(() => again.getByRole('combobox', { name: 'Method' }).inputValue()).toBe('sense');
    expect(studio.errors).toEqual([]);
  });
});

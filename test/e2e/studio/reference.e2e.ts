/** What results are held against: chosen in the quality panel, named wherever a number stands, and carried by receipts. */
import { readFile } from 'node:fs/promises';
import type { JobEvent, JobRequest, RecordingSummary, ResultSummary } from '../../../src/host/contract.ts';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { chooseMethod, fact, openSample, settled, toBody } from './support/studio.ts';
import { studioSuite } from './support/studio-suite.ts';

/** The machine may have other things to do. */
const SOON = { timeout: 60_000 };
const suite = studioSuite();
const psnr = async (page: Page): Promise<number> => Number.parseFloat(await fact(page, 'PSNR'));
const chooser = (page: Page) => page.getByRole('region', { name: 'Quality' }).getByRole('combobox', { name: 'Reference' });
const contract = (page: Page, text: RegExp) => page.getByRole('region', { name: 'Quality' }).getByText(text);
const COMBINED = /Reference: .* combined with uncropped ESPIRiT maps/;
const RSS = /Reference: root-sum-of-squares/;

async function choose(page: Page, label: string): Promise<void> {
  await chooser(page).selectOption({ label });
  await settled(page);
}
const newest = async (page: Page): Promise<ResultSummary> => {
  const [result] = (await (await page.request.get(`${suite.host.origin}/api/results`)).json()) as readonly ResultSummary[];
  if (result === undefined) throw new Error('nothing is stored');
  return result;
};

describe('the reference', () => {
  it('is the combined coil images to begin with, and says so beside the numbers, the image and the receipt', async () => {
    const { page } = suite;
    await openSample(page);
    await chooseMethod(page, 'SENSE');
    await page.getByLabel(/^Present result: SENSE/).waitFor();
    await settled(page);
    expect(await chooser(page).inputValue()).toBe('combined');
    await contract(page, COMBINED).waitFor();
    await page.getByText('fully sampled, coils combined').waitFor();
    await page.getByText(/scored against the combined coils/).waitFor();
  });

  it('changes numbers and names together, and back again to the same numbers', async () => {
    const { page } = suite;
    const combined = await psnr(page);
    await choose(page, 'Root-sum-of-squares');
    await contract(page, RSS).waitFor(SOON);
    await page.getByText('fully sampled, root-sum-of-squares').waitFor();
    await page.getByText(/scored against the root-sum-of-squares/).waitFor();
    expect(await psnr(page)).not.toBe(combined);
    await toBody(page);
    await page.keyboard.press('Control+z');
    await contract(page, COMBINED).waitFor(SOON);
    await settled(page);
    expect(await psnr(page)).toBe(combined);
    await suite.pictures('reference');
    expect(await suite.violations('aside.right')).toEqual([]);
  });

  it('begins the trail of the slider anew', async () => {
    const { page } = suite;
    const trail = page.getByRole('region', { name: 'As you drag' });
    await page.getByRole('slider', { name: 'Acceleration' }).focus();
    await page.keyboard.press('PageUp');
    await trail.getByText('Against the combined coils.').waitFor(SOON);
    await settled(page);
    await choose(page, 'Root-sum-of-squares');
    await expect.poll(() => trail.count(), SOON).toBe(0);
  });

  it('goes into sweeps, their note and their table', async () => {
    const { page } = suite;
    const sweep = page.getByRole('region', { name: 'Against R' });
    await sweep.getByRole('button', { name: /^Sweep/ }).click();
    await sweep.getByText(/against the root-sum-of-squares/).waitFor(SOON);
    await sweep.getByRole('button', { name: 'Sweep again' }).waitFor(SOON);
    const [download] = await Promise.all([page.waitForEvent('download'), sweep.getByRole('button', { name: 'CSV' }).click()]);
    const rows = (await readFile((await download.path()) ?? '', 'utf8')).trimEnd().split('\r\n');
    expect(rows[0]).toContain(',NMSE,reference,time (ms)');
    expect(rows.length).toBeGreaterThan(2);
    expect(rows.slice(1).every((row) => row.includes(',root-sum-of-squares,'))).toBe(true);
    // Points keep the reference that they were asked for with.
    await choose(page, 'Combined coils');
    await sweep.getByText(/against the root-sum-of-squares/).waitFor();
  });

  it('is kept with a stored result, shown in the library, and taken up again with it', async () => {
    const { page } = suite;
    await page.getByRole('button', { name: /^Reconstruct (all|and keep)/ }).click();
    await page.getByText(/is in the library/).waitFor(SOON);
    const stored = await newest(page);
    expect(stored.metrics?.reference).toBe('combined');
    expect(stored.receipt).toMatchObject({ pipeline: { metric: { name: 'fastmri', params: { reference: 'combined' } } }, metrics: { reference: 'combined' } });
    await choose(page, 'Root-sum-of-squares');
    await page.getByRole('button', { name: 'Library', exact: true }).click();
    await page.getByText(/^Results \d+$/).click();
    await page.getByRole('cell', { name: 'combined', exact: true }).first().waitFor();
    await suite.pictures('reference-library');
    await page.getByRole('button', { name: `Open ${stored.title}`, exact: true }).click();
    await settled(page);
    expect(await chooser(page).inputValue()).toBe('combined');
  });

  it('is the root-sum-of-squares in requests and results that do not say', async () => {
    const { page } = suite;
    const [recording] = (await (await page.request.get(`${suite.host.origin}/api/recordings`)).json()) as readonly RecordingSummary[];
    const request: JobRequest = {
      recording: recording?.id ?? '', series: recording?.series[0]?.id ?? '', slices: [0, 1], purpose: 'run',
      pattern: { name: 'random', params: {} }, method: { name: 'zero-filled', params: {} },
    };
    const reply = await page.request.post(`${suite.host.origin}/api/jobs`, { data: request, headers: { origin: suite.host.origin } });
    const events = (await reply.text()).trimEnd().split('\n').map((line) => JSON.parse(line) as JobEvent);
    expect(events.at(-1)).toMatchObject({ type: 'done', result: { metrics: { reference: 'root-sum-of-squares' } } });
  });

  it('leaves the page without errors', async () => {
    expect(suite.studio.errors).toEqual([]);
    expect(await suite.studio.violations()).toEqual([]);
  });
});

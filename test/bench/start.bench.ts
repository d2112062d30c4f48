/** How long until the studio can be used, and until a large file is open. One JSON line a figure. */
import { spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { openPath } from '../../src/formats/registry.ts';
import { CHROMIUM_FLAGS, findChromium } from '../e2e/support/browser.ts';
import { fixturePath } from '../support/format-fixtures.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'lacuna-bench-'));
const print = (figure: string, ms: number, more: Record<string, unknown>) =>
  process.stdout.write(`${JSON.stringify({ figure, value: Math.round(ms), unit: 'ms', ...more })}\n`);

await benchStart();
await benchLargeFile();
rmSync(folder, { recursive: true, force: true });

/** From the command to the address, and from an open browser to the first page on which something can be clicked. */
async function benchStart(): Promise<void> {
  const executablePath = findChromium();
  if (executablePath === null) {
    print('window usable after start', Number.NaN, { skipped: 'no Chromium' });
    return;
  }
  const browser = await chromium.launch({ executablePath, args: CHROMIUM_FLAGS });
  const began = performance.now();
  const studio = spawn(process.execPath, [join(ROOT, 'build/lacuna.mjs'), 'serve', '--no-open', '--json', '--data', folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  const url = await new Promise<string>((resolve) => {
    let text = '';
    studio.stdout.on('data', (chunk) => {
      text += chunk;
      if (text.includes('\n')) resolve((JSON.parse(text) as { url: string }).url);
    });
  });
  const served = performance.now() - began;
  const page = await browser.newPage();
  await page.goto(url);
  await page.getByRole('button', { name: /Open file/ }).waitFor();
  const usable = performance.now() - began;
  print('window usable after start', usable, { served: Math.round(served), bar: '≤ 2000 ms', met: usable <= 2000, shell: 'browser' });
  await browser.close();
  studio.kill('SIGTERM');
  await new Promise((resolve) => studio.on('exit', resolve));
}

/** A fastMRI file of 1 GiB, most of it a hole: it is told by a fingerprint, and one slice is read. */
async function benchLargeFile(): Promise<void> {
  const path = join(folder, 'large.h5');
  copyFileSync(fixturePath('hdf5/large_head.bin'), path);
  truncateSync(path, 1_075_206_160);
  const before = process.memoryUsage().rss;
  const began = performance.now();
  const recording = await openPath(path);
  const opened = performance.now() - began;
  await recording.series[0]?.read(0);
  const read = performance.now() - began - opened;
  const grown = Math.round((process.memoryUsage().rss - before) / 2 ** 20);
  print('1 GB HDF5 file opened', opened, { slice: Math.round(read), memoryMiB: grown, bar: 'not held in memory', met: grown < 256 });
  await recording.close();
}

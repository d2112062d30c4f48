/** Finds and starts the Chromium of this machine, drawing WebGL in software so that pictures do not depend on a GPU. */
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';

const CANDIDATES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

export const CHROMIUM_FLAGS = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  // Drawing in software on a busy machine looks like a hung GPU, which would be ended with all its contexts.
  '--disable-gpu-watchdog',
];

/** LACUNA_CHROMIUM, then the system's Chromium or Chrome, then Playwright's own. Null where there is none. */
export function findChromium(): string | null {
  const chosen = process.env['LACUNA_CHROMIUM'];
  if (chosen !== undefined && chosen !== '') {
    if (!existsSync(chosen)) throw new Error(`LACUNA_CHROMIUM names ${chosen}, which does not exist`);
    return chosen;
  }
  return [...CANDIDATES, chromium.executablePath()].find((path) => path !== '' && existsSync(path)) ?? null;
}

export async function launchBrowser(extraFlags: readonly string[] = []): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === null) {
    throw new Error('No Chromium found. Install one (Debian: apt-get install chromium) or set LACUNA_CHROMIUM to its path.');
  }
  return chromium.launch({ executablePath, headless: true, args: [...CHROMIUM_FLAGS, ...extraFlags] });
}

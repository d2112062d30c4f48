/** A Chromium for the browser tests: named, the system's, Playwright's, or Debian's installed with apt where that is allowed. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const SYSTEM = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** Path of the executable, or null and the command that would help. */
export function findChromium({ install }) {
  const named = process.env.LACUNA_CHROMIUM;
  if (named) return existsSync(named) ? { path: named, advice: '' } : { path: null, advice: `LACUNA_CHROMIUM names ${named}, which is not there.` };
  const found = SYSTEM.find((path) => existsSync(path)) ?? playwrights();
  if (found !== undefined) return { path: found, advice: '' };
  if (install && process.platform === 'linux' && process.getuid?.() === 0 && aptInstall()) return { path: '/usr/bin/chromium', advice: '' };
  return { path: null, advice: 'The browser tests need Chromium: run `sudo apt-get install chromium`, or `npx playwright-core install chromium`.' };
}

function playwrights() {
  const folder = process.env.PLAYWRIGHT_BROWSERS_PATH ?? join(homedir(), '.cache', 'ms-playwright');
  if (!existsSync(folder)) return undefined;
  return readdirSync(folder)
    .filter((name) => name.startsWith('chromium-'))
    .sort()
    .reverse()
    .flatMap((name) => ['chrome-linux', 'chrome-linux64'].map((inner) => join(folder, name, inner, 'chrome')))
    .find((path) => existsSync(path));
}

function aptInstall() {
  process.stderr.write('Installing Chromium for the browser tests …\n');
  const quiet = { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
  if (spawnSync('apt-get', ['update', '-q'], quiet).status !== 0) return false;
  return spawnSync('apt-get', ['install', '-y', '-q', '--no-install-recommends', 'chromium'], quiet).status === 0 && existsSync('/usr/bin/chromium');
}

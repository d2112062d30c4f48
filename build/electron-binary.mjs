/** Finds Electron's executable: ELECTRON_OVERRIDE_DIST_PATH, what was downloaded before, or a download with a time limit. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { NODE, ROOT, say } from './bootstrap.mjs';

const PACKAGE = join(ROOT, 'node_modules', 'electron');
const PLATFORM_NAME = { win32: 'electron.exe', darwin: 'Electron.app/Contents/MacOS/Electron' }[process.platform] ?? 'electron';

/** Path of the executable, or null and the reason. `download` false only looks. */
export async function findElectron({ download, limitSeconds = 90 } = { download: true }) {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (override) {
    const path = join(override, PLATFORM_NAME);
    return existsSync(path) ? { path, reason: '' } : { path: null, reason: `ELECTRON_OVERRIDE_DIST_PATH holds no ${PLATFORM_NAME}` };
  }
  const installed = installedPath();
  if (installed !== null) return { path: installed, reason: '' };
  if (!download || process.env.ELECTRON_SKIP_BINARY_DOWNLOAD) return { path: null, reason: 'its binary is not here' };
  if (!existsSync(join(PACKAGE, 'install.js'))) return { path: null, reason: 'its package is not installed' };
  const reason = await downloadBinary(limitSeconds);
  const path = installedPath();
  return path === null ? { path: null, reason } : { path, reason: '' };
}

function installedPath() {
  try {
    const path = join(PACKAGE, 'dist', readFileSync(join(PACKAGE, 'path.txt'), 'utf8'));
    return existsSync(path) ? path : null;
  } catch {
    return null;
  }
}

/** Resolves with the reason why there is no binary; an unreachable host answers at once, a slow one is given up at the limit. */
function downloadBinary(limitSeconds) {
  say(`Downloading Electron (at most ${limitSeconds} s; the studio opens in a browser otherwise) …`);
  return new Promise((resolve) => {
    const child = spawn(NODE, [join(PACKAGE, 'install.js')], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ELECTRON_GET_USE_PROXY: '1' } });
    let output = '';
    const hear = (chunk) => {
      output += chunk;
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    const began = Date.now();
    const timer = setInterval(() => {
      const elapsed = (Date.now() - began) / 1000;
      say(`  ${Math.round(elapsed)} of at most ${limitSeconds} s`);
      if (elapsed >= limitSeconds) child.kill();
    }, 5000);
    const finish = (reason) => {
      clearInterval(timer);
      resolve(reason);
    };
    child.on('error', (error) => finish(error.message));
    child.on('exit', (code, signal) => {
      if (signal !== null) finish('the download took too long');
      else finish(code === 0 ? '' : `the download failed (${firstError(output)})`);
    });
  });
}

function firstError(output) {
  return (/(?:Error|error): ([^\n]{1,120})/.exec(output)?.[1] ?? 'no connection').trim();
}

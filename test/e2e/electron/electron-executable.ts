/** Electron's executable where there is one: ELECTRON_OVERRIDE_DIST_PATH, or what the package downloaded earlier. Never downloads. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PACKAGE = fileURLToPath(new URL('../../../node_modules/electron', import.meta.url));
const NAME =
  process.platform === 'win32' ? 'electron.exe' : process.platform === 'darwin' ? 'Electron.app/Contents/MacOS/Electron' : 'electron';

export function findElectron(): string | null {
  const override = process.env['ELECTRON_OVERRIDE_DIST_PATH'];
  if (override !== undefined && override !== '') return existing(join(override, NAME));
  const named = join(PACKAGE, 'path.txt');
  return existsSync(named) ? existing(join(PACKAGE, 'dist', readFileSync(named, 'utf8').trim())) : null;
}

const existing = (path: string): string | null => (existsSync(path) ? path : null);

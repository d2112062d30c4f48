/** `npm run build`: what `npm start` builds, without starting. `--desktop` builds Electron's bundles too. */
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled, NODE, ROOT, run } from './bootstrap.mjs';

ensureInstalled();
ensureBuilt();
if (process.argv.includes('--desktop')) process.exit(run([NODE, join(ROOT, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js'), 'build', '--logLevel', 'warn']));

/** `npm run package`: installers of this platform in release/. Needs Electron's binaries, which electron-builder downloads. */
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled, NODE, ROOT, run } from './bootstrap.mjs';

ensureInstalled();
ensureBuilt();
const tool = (...path) => [NODE, join(ROOT, 'node_modules', ...path)];
const built = run([...tool('electron-vite', 'bin', 'electron-vite.js'), 'build', '--logLevel', 'warn']);
process.exit(built === 0 ? run([...tool('electron-builder', 'cli.js'), '--config', 'build/electron-builder.yml', ...process.argv.slice(2)]) : built);

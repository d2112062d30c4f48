/** `npm run demo`: the main job without a window. */
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled, NODE, ROOT, run } from './bootstrap.mjs';

ensureInstalled();
ensureBuilt();
process.exit(run([NODE, join(ROOT, 'src', 'cli', 'demo.ts'), ...process.argv.slice(2)]));

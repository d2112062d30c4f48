/** `npm run tour`: takes the pictures of the README again. */
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled, NODE, ROOT, run } from './bootstrap.mjs';

ensureInstalled();
ensureBuilt();
process.exit(run([NODE, join(ROOT, 'test', 'e2e', 'tour.ts')]));

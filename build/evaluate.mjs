/** `npm run evaluate`: reconstruction quality on the development test data, through the product's pipeline. */
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled, NODE, ROOT, run } from './bootstrap.mjs';

ensureInstalled();
ensureBuilt();
process.exit(run([NODE, join(ROOT, 'test', 'evaluation', 'mri.ts')]));

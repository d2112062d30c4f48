/** `npm run models:evaluate`: what the cards of the models state, measured again through the product's pipeline. */
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled, NODE, ROOT, run } from './bootstrap.mjs';

ensureInstalled();
ensureBuilt();
process.exit(run([NODE, join(ROOT, 'test', 'evaluation', 'mri.ts'), ...process.argv.slice(2)]));

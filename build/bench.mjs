/**
 * `npm run bench`: every file under test/bench prints one JSON line a figure. Names on the command line choose some of them;
 * `growth` runs only by name, and redraws docs/cost-growth.svg.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled, environment, NODE, ROOT, run, say } from './bootstrap.mjs';

ensureInstalled();
ensureBuilt();
const wanted = process.argv.slice(2);
const folder = join(ROOT, 'test', 'bench');
const files = readdirSync(folder).filter((name) => name.endsWith('.bench.ts') && (wanted.length === 0 ? !name.startsWith('growth') : wanted.some((w) => name.startsWith(w))));
if (files.length === 0) {
  say(`No bench is named ${wanted.join(', ')}.`);
  process.exit(2);
}
let failed = 0;
for (const file of files.sort()) if (run([NODE, join(folder, file)], { env: environment({ LACUNA_PLOT: join(ROOT, 'docs', 'cost-growth.svg') }) }) !== 0) failed++;
process.exit(failed === 0 ? 0 : 1);

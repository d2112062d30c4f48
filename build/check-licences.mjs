/** No GPL code in the resolved tree; LGPL and MPL only in tools that are not shipped. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './bootstrap.mjs';

const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'));
/** Packages whose package.json names no licence; what their files say, read by hand. */
const KNOWN = { h5wasm: 'NIST-PD-fallback' };
const refused = [];
let counted = 0;
for (const [path, entry] of Object.entries(lock.packages)) {
  if (path === '') continue;
  counted++;
  const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
  const licence = KNOWN[name] ?? (typeof entry.license === 'string' ? entry.license : readLicence(path));
  if (acceptable(licence, entry.dev === true)) continue;
  refused.push(`${name}@${entry.version}: ${licence}`);
}
process.stdout.write(`${counted} packages, ${refused.length} refused\n`);
for (const line of refused) process.stdout.write(`  ${line}\n`);
process.exit(refused.length === 0 ? 0 : 1);

/** One of the alternatives of an OR expression is enough. */
function acceptable(licence, dev) {
  return licence
    .replace(/[()]/g, '')
    .split(/\s+OR\s+/i)
    .some((choice) => !/\bA?GPL/i.test(choice) && !/UNKNOWN|UNLICENSED/i.test(choice) && (dev || !/LGPL|MPL|EUPL|CDDL|EPL/i.test(choice)));
}

function readLicence(path) {
  try {
    const manifest = JSON.parse(readFileSync(join(ROOT, path, 'package.json'), 'utf8'));
    const { license, licenses } = manifest;
    if (typeof license === 'string') return license;
    if (typeof license?.type === 'string') return license.type;
    if (Array.isArray(licenses)) return licenses.map((l) => l.type).join(' OR ');
  } catch {
    return 'not installed on this platform: MIT';
  }
  return 'UNKNOWN';
}

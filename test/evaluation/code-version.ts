/** Names the sources that decide a result by their content, so that results kept on disk are not taken for those of other code. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

export const ROOT = resolve(import.meta.dirname, '..', '..');
/** Only these compute; the rest of the studio carries numbers about. */
const NUMERIC = /^src\/(array|random|transform|operators|algorithms|sampling|mri|metrics)\/|^src\/pipeline\/(measure|show-complex)\.ts$|^src\/pipeline\/steps\//;
const IMPORT = /^(?:import|export)\s+(?!type\b)[^;]*?from\s+'(\.{1,2}\/[^']+)'/gm;
const KERNELS = 'src/transform/wasm';

/** SHA-256 over `roots` (paths from the root of the repository), all numeric code they import while running, the kernels, and `data` files. */
export function codeVersion(roots: readonly string[], data: readonly string[] = []): string {
  const files = new Set<string>();
  const visit = (file: string): void => {
    if (files.has(file) || !NUMERIC.test(file)) return;
    files.add(file);
    for (const [, target = ''] of readFileSync(join(ROOT, file), 'utf8').matchAll(IMPORT)) visit(relative(ROOT, resolve(ROOT, dirname(file), target)));
  };
  for (const root of roots) {
    if (!existsSync(join(ROOT, root))) throw new Error(`${root} is not there`);
    visit(root);
  }
  for (const name of readdirSync(join(ROOT, KERNELS))) if (name.endsWith('.ts') && !name.endsWith('.d.ts')) files.add(`${KERNELS}/${name}`);
  for (const file of data) files.add(file);
  const hash = createHash('sha256');
  for (const file of [...files].sort()) hash.update(`${file}\0`).update(readFileSync(join(ROOT, file))).update('\0');
  return hash.digest('hex').slice(0, 16);
}

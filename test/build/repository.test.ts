/** The checks themselves are checked: each must catch a planted error. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { VERSION } from '../../src/version.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const planted: string[] = [];
afterEach(() => {
  for (const path of planted.splice(0)) rmSync(path, { recursive: true, force: true });
});

function plant(folder: string, name: string, text: string): string {
  const path = join(mkdtempSync(join(ROOT, folder, 'planted-')), name);
  planted.push(join(path, '..'));
  writeFileSync(path, text);
  return path;
}
function tool(...args: string[]) {
  return spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' });
}

describe('the repository', () => {
  it('has one version', () => {
    expect(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).version).toBe(VERSION);
  });

  it('names no download address in the lock file', () => {
    expect(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')).not.toMatch(/"resolved"/);
  });

  it('finds a type error planted in a component', () => {
    const path = plant('renderer', 'Planted.svelte', '<script lang="ts">\n  const wrong: number = "text";\n</script>\n\n<p>{wrong}</p>\n');
    const config = join(path, '..', 'tsconfig.json');
    writeFileSync(config, JSON.stringify({ extends: '../tsconfig.json', include: ['*.svelte'] }));
    const found = tool('node_modules/svelte-check/bin/svelte-check', '--tsconfig', config, '--output', 'machine');
    expect(found.status).not.toBe(0);
    expect(found.stdout).toMatch(/Planted\.svelte.*not assignable/s);
  }, 90_000);

  it('finds an import that runs the wrong way', () => {
    const path = plant('src/array', 'planted.ts', "import { VERSION } from '../../version.ts';\nimport { allSteps } from '../../pipeline/registry.ts';\nexport const both = [VERSION, allSteps];\n");
    const found = tool('node_modules/dependency-cruiser/bin/dependency-cruiser.mjs', '--config', 'build/dependency-rules.cjs', relative(ROOT, path));
    expect(found.status).not.toBe(0);
    expect(found.stdout).toMatch(/src-array/);
  }, 90_000);

  it('finds an unused import and an any', () => {
    const path = plant('src/array', 'planted.ts', "import { VERSION } from '../../version.ts';\nexport const loose = (x: any) => x;\n");
    const found = tool('node_modules/@biomejs/biome/bin/biome', 'lint', '--error-on-warnings', path);
    expect(found.status).not.toBe(0);
    expect(`${found.stdout}${found.stderr}`).toMatch(/noExplicitAny[\s\S]*noUnusedImports|noUnusedImports[\s\S]*noExplicitAny/);
  });
});

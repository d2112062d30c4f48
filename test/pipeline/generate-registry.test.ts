import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';

const script = fileURLToPath(new URL('../../build/generate-registry.mjs', import.meta.url));
let root = '';

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'lacuna-registry-'));
  mkdirSync(join(root, 'build'));
  copyFileSync(script, join(root, 'build/generate-registry.mjs'));
});
afterEach(() => rmSync(root, { recursive: true }));

function addStep(kind: string, file: string, text = 'export default {};\n'): void {
  mkdirSync(join(root, 'src/pipeline/steps', kind), { recursive: true });
  writeFileSync(join(root, 'src/pipeline/steps', kind, file), text);
}
const run = (...flags: string[]) =>
  spawnSync(process.execPath, [join(root, 'build/generate-registry.mjs'), ...flags], { encoding: 'utf8' });
const generated = () => readFileSync(join(root, 'src/pipeline/registry.generated.ts'), 'utf8');

it('writes one import a step file, by kind and then by name', () => {
  addStep('pattern', 'random.ts');
  addStep('pattern', 'poisson-disc.ts');
  addStep('method', 'l1-wavelet.ts');
  expect(run().status).toBe(0);
  expect(generated().match(/^import \w+ from.*$/gm)).toEqual([
    "import patternPoissonDisc from './steps/pattern/poisson-disc.ts';",
    "import patternRandom from './steps/pattern/random.ts';",
    "import methodL1Wavelet from './steps/method/l1-wavelet.ts';",
  ]);
});

it('--check tells a stale file from a current one, and writes nothing', () => {
  addStep('pattern', 'random.ts');
  run();
  expect(run('--check').status).toBe(0);
  addStep('pattern', 'full.ts');
  const before = generated();
  const check = run('--check');
  expect(check.status).toBe(1);
  expect(check.stderr).toContain('run `npm run generate`');
  expect(generated()).toBe(before);
});

it('refuses a file without a default export, by name', () => {
  addStep('pattern', 'helper.ts', 'export const x = 1;\n');
  const failed = run();
  expect(failed.status).not.toBe(0);
  expect(failed.stderr).toContain('src/pipeline/steps/pattern/helper.ts has no default export');
});

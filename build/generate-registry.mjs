/**
 * Writes src/pipeline/registry.generated.ts: one static import for every step file src/pipeline/steps/<kind>/<name>.ts.
 * The list is generated, not read at run time, so that the bundler and the type checker see every step.
 *
 *   node build/generate-registry.mjs           write the file (only when it changes)
 *   node build/generate-registry.mjs --check   exit 1 when it is stale, without writing
 */
import { readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const KINDS = ['sample', 'acquire', 'prepare', 'pattern', 'method', 'view', 'metric', 'export'];
const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const STEPS = join(ROOT, 'src/pipeline/steps');
const TARGET = join(ROOT, 'src/pipeline/registry.generated.ts');

/** Names of the step files of one kind, in code-unit order (the same on every machine, unlike locale order). */
function stepNames(kind) {
  return listed(join(STEPS, kind))
    .filter((file) => file.endsWith('.ts'))
    .map((file) => file.slice(0, -'.ts'.length))
    .sort();
}

function listed(folder) {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (error.code === 'ENOENT') return [];
    throw error;
  }
}

function assertStepFile(kind, name) {
  const text = readFileSync(join(STEPS, kind, `${name}.ts`), 'utf8');
  if (!/^export default /m.test(text)) {
    throw new Error(`src/pipeline/steps/${kind}/${name}.ts has no default export: a file there is one step; helpers live elsewhere`);
  }
}

/** `l1-wavelet` of kind method → `methodL1Wavelet`. */
function identifier(kind, name) {
  return [kind, ...name.split(/[^A-Za-z0-9]+/)]
    .map((word, i) => (i === 0 ? word : word.slice(0, 1).toUpperCase() + word.slice(1)))
    .join('');
}

function registrySource() {
  const entries = KINDS.flatMap((kind) =>
    stepNames(kind).map((name) => {
      assertStepFile(kind, name);
      return { id: identifier(kind, name), path: `./steps/${kind}/${name}.ts` };
    }),
  );
  return [
    '// Written by build/generate-registry.mjs (`npm run generate`). Do not edit: add a file under src/pipeline/steps/<kind>/.',
    "import type { Step } from './step.ts';",
    ...entries.map(({ id, path }) => `import ${id} from '${path}';`),
    '',
    'export const steps: readonly Step[] = [',
    ...entries.map(({ id }) => `  ${id},`),
    '];',
    '',
  ].join('\n');
}

function current() {
  try {
    return readFileSync(TARGET, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return '';
    throw error;
  }
}

const wanted = registrySource();
if (current() === wanted) process.exit(0);
if (process.argv.includes('--check')) {
  process.stderr.write('src/pipeline/registry.generated.ts is stale: run `npm run generate`\n');
  process.exit(1);
}
const temporary = `${TARGET}.${process.pid}.tmp`;
writeFileSync(temporary, wanted);
renameSync(temporary, TARGET);
process.stdout.write(`wrote ${wanted.match(/^import \w+ from/gm)?.length ?? 0} steps to src/pipeline/registry.generated.ts\n`);

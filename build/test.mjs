/**
 * `npm test`: sets everything up, then runs every suite and adds them up. Words on the command line choose suites
 * (`npm test unit e2e`). The last line is `N passed, N failed` (with `, N skipped`); the exit code is 0 when nothing failed.
 */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled, environment, NODE, ROOT, run, say } from './bootstrap.mjs';

ensureInstalled();
ensureBuilt();
const { findChromium } = await import('./find-chromium.mjs');

const REPORTS = join(ROOT, 'test-results');
const bin = (...path) => [NODE, join(ROOT, 'node_modules', ...path)];
const vitest = bin('vitest', 'vitest.mjs');
const total = { passed: 0, failed: 0, skipped: 0 };
/** What failed, told again at the end: the log above it is long. */
const failures = [];

/** A check is one command that passes or fails as a whole. */
const CHECKS = [
  ['types', [...bin('typescript', 'bin', 'tsc'), '-p', '.']],
  ['types of the renderer', [...bin('svelte-check', 'bin', 'svelte-check'), '--tsconfig', 'renderer/tsconfig.json', '--fail-on-warnings']],
  ['types of the browser tests', [...bin('svelte-check', 'bin', 'svelte-check'), '--workspace', 'test', '--tsconfig', './e2e/tsconfig.json', '--fail-on-warnings']],
  ['lint', [...bin('@biomejs', 'biome', 'bin', 'biome'), 'lint', '--error-on-warnings']],
  ['imports run one way', [...bin('dependency-cruiser', 'bin', 'dependency-cruiser.mjs'), '--config', 'build/dependency-rules.cjs', 'src', 'electron', 'renderer']],
  ['step registry is up to date', [NODE, 'build/generate-registry.mjs', '--check']],
  ['licences', [NODE, 'build/check-licences.mjs']],
];
const SUITES = {
  unit: ['vitest.config.ts'],
  conformance: ['vitest.conformance.config.ts'],
  e2e: ['vitest.e2e.config.ts'],
};

const wanted = process.argv.slice(2);
const chosen = (name) => wanted.length === 0 || wanted.includes(name);
mkdirSync(REPORTS, { recursive: true });

if (chosen('checks')) {
  for (const [name, command] of CHECKS) {
    const ok = run(command) === 0;
    total[ok ? 'passed' : 'failed']++;
    if (!ok) failures.push(name);
    say(`${ok ? 'ok' : 'FAILED'}: ${name}`);
  }
}
for (const [name, [config]] of Object.entries(SUITES)) {
  if (!chosen(name)) continue;
  const extra = {};
  if (name === 'e2e') {
    const chromium = findChromium({ install: true });
    if (chromium.path === null) {
      failures.push(chromium.advice);
      total.failed++;
      continue;
    }
    extra.LACUNA_CHROMIUM = chromium.path;
  }
  suite(name, config, extra);
}
for (const failure of failures) say(`\nFAILED: ${failure}`);
say('');
process.stdout.write(`${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}\n`);
process.exit(total.failed === 0 ? 0 : 1);

function suite(name, config, extra) {
  say(`\n── ${name} ──`);
  const report = join(REPORTS, `${name}.json`);
  rmSync(report, { force: true });
  const status = run([...vitest, 'run', '--config', config, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`], { env: environment(extra) });
  let counted;
  try {
    counted = JSON.parse(readFileSync(report, 'utf8'));
  } catch {
    failures.push(`${name} ended without a report`);
    total.failed++;
    return;
  }
  total.passed += counted.numPassedTests;
  total.failed += counted.numFailedTests;
  total.skipped += counted.numPendingTests + counted.numTodoTests;
  for (const file of counted.testResults) {
    if (file.status === 'failed' && file.message) failures.push(`${file.name}: ${file.message}`);
    for (const test of file.assertionResults.filter((each) => each.status === 'failed')) {
      failures.push(`${file.name} › ${test.fullName}\n${test.failureMessages.join('\n')}`);
    }
  }
  // A file that cannot be loaded, or an error outside any test, fails the run without failing a test.
  if (status !== 0 && counted.numFailedTests === 0) {
    total.failed++;
    failures.push(`${name}: an error outside any test, or a file that could not be loaded`);
  }
}

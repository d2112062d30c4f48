/** Other people's programs for the conformance tests, and the real data; what is missing is said, not hidden. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** LACUNA_PYTHON names another interpreter than python3. */
export const PYTHON = process.env['LACUNA_PYTHON'] ?? 'python3';
export const TEST_DATA = process.env['LACUNA_TEST_DATA'] ?? fileURLToPath(new URL('../../../shared/data', import.meta.url));

export const hasPython = (...modules: string[]): boolean => spawnSync(PYTHON, ['-c', `import ${modules.join(', ')}`]).status === 0;
export const hasTool = (name: string): boolean => spawnSync(name, ['--version']).error === undefined;
export const hasData = (path: string): boolean => existsSync(`${TEST_DATA}/${path}`);

/** True where nothing is missing; else says on the console what is skipped and why. */
export function present(what: string, needs: Readonly<Record<string, boolean>>): boolean {
  const missing = Object.entries(needs)
    .filter(([, there]) => !there)
    .map(([name]) => name);
  if (missing.length > 0) process.stderr.write(`Skipped: ${what}, since there is no ${missing.join(' and no ')}.\n`);
  return missing.length === 0;
}

/** Standard output of a program that must succeed. */
export function run(command: string, args: readonly string[]): string {
  const done = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (done.status !== 0) throw new Error(`${command} ended with ${done.status ?? done.error}: ${done.stderr}`);
  return done.stdout;
}

export const runPython = (...args: string[]): string => run(PYTHON, args);

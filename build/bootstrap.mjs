/**
 * Set-up that every script shares: install when the lock file changed, build when a source changed. Runs on any
 * Node ≥ 20 with nothing installed; everything after it runs on the Node 24 that the `node` package brings.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const STAMPS = join(ROOT, 'node_modules', '.lacuna');
/** Where Node keeps stripped and compiled sources between runs. */
export const COMPILE_CACHE = join(STAMPS, 'compile');

export const NODE = join(ROOT, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');

/** Installs when the lock file is not the one that was installed last. Exits with a message where that fails. */
export function ensureInstalled() {
  const lock = hashFiles([join(ROOT, 'package-lock.json')]);
  if (readStamp('lock') === lock && existsSync(NODE)) return;
  say('Installing dependencies (once, and after the lock file changed) …');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const done = spawnSync(npm, ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
    // onnxruntime-node's install script only fetches CUDA files, from a host that may be out of reach.
    env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip', ELECTRON_SKIP_BINARY_DOWNLOAD: '1' },
  });
  if (done.status !== 0) fail('npm ci failed; see above. Node ≥ 20, npm and the npm registry are needed.');
  if (!existsSync(NODE)) fail('The node package brought no Node 24; delete node_modules and try again.');
  writeStamp('lock', lock);
}

/** Builds the generated registry, the WASM kernels and the renderer where their sources changed. */
export function ensureBuilt() {
  step('generate', ['src/pipeline/steps', 'build/generate-registry.mjs'], [NODE, 'build/generate-registry.mjs'], 'src/pipeline/registry.generated.ts');
  step('wasm', ['src/transform/wasm', 'build/build-wasm.mjs'], [NODE, 'build/build-wasm.mjs'], 'src/transform/wasm/kernels.generated.wasm');
  step(
    'renderer',
    ['renderer', 'src/array', 'src/host/contract.ts', 'src/errors.ts', 'package-lock.json'],
    [NODE, 'node_modules/vite/bin/vite.js', 'build', '--config', 'renderer/vite.config.ts', '--logLevel', 'warn'],
    'out/renderer/index.html',
  );
}

/** Runs `command` with Node 24 first on the path; resolves with its exit code through the returned status. */
export function run(command, options = {}) {
  const [program, ...args] = command;
  const done = spawnSync(program, args, { cwd: ROOT, stdio: 'inherit', env: environment(), ...options });
  return done.status ?? 1;
}

/** The environment of child processes: `node` is Node 24, tools of node_modules are on the path. */
export function environment(extra = {}) {
  const separator = process.platform === 'win32' ? ';' : ':';
  const path = [dirname(NODE), join(ROOT, 'node_modules', '.bin'), process.env.PATH ?? ''].join(separator);
  return { NODE_COMPILE_CACHE: COMPILE_CACHE, ...process.env, PATH: path, ...extra };
}

export function say(line) {
  process.stderr.write(`${line}\n`);
}

export function fail(message) {
  say(message);
  process.exit(1);
}

function step(name, sources, command, product) {
  const hash = hashFiles(sources.flatMap((source) => walk(join(ROOT, source))));
  if (readStamp(name) === hash && existsSync(join(ROOT, product))) return;
  say(`Building: ${name} …`);
  if (run(command) !== 0) fail(`Building ${name} failed; see above.`);
  writeStamp(name, hash);
}

function walk(path) {
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return path.includes('.generated.') ? [] : [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => walk(join(path, name)));
}

function hashFiles(files) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(file.slice(ROOT.length)).update('\0').update(readFileSync(file));
  return hash.digest('hex');
}

function readStamp(name) {
  try {
    return readFileSync(join(STAMPS, name), 'utf8');
  } catch {
    return null;
  }
}

function writeStamp(name, value) {
  mkdirSync(STAMPS, { recursive: true });
  writeFileSync(join(STAMPS, name), value);
}

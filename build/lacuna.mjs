#!/usr/bin/env node
/** The `lacuna` command. The sources run on Node ≥ 24 as they are; an older Node hands over to the one in node_modules. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { COMPILE_CACHE, ensureBuilt, ensureInstalled, environment, NODE, ROOT } from './bootstrap.mjs';

if (!existsSync(NODE)) ensureInstalled();
if (!existsSync(`${ROOT}/src/transform/wasm/kernels.generated.wasm`)) ensureBuilt();

if (Number(process.versions.node.split('.')[0]) >= 24) {
  // Stripped and compiled sources are kept, which halves the start; in node_modules, where only the owner writes.
  process.env.NODE_COMPILE_CACHE ??= COMPILE_CACHE;
  nodeModule.enableCompileCache(process.env.NODE_COMPILE_CACHE);
  const { main } = await import('../src/cli/main.ts');
  process.exitCode = await main(process.argv.slice(2));
} else {
  const child = spawn(NODE, [`${ROOT}/src/cli/main.ts`, ...process.argv.slice(2)], { stdio: 'inherit', env: environment() });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code) => process.exit(code ?? 4));
}

/** The Node side of the numeric kernels, and the only Node code of the numerics: reading the module, counting and starting threads. */
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { LacunaError } from '../errors.ts';

const MODULE_URL = new URL('./wasm/kernels.generated.wasm', import.meta.url);

/** Throws `io.read` naming the build command where the module has not been built. */
export function compileKernels(url = MODULE_URL): WebAssembly.Module {
  try {
    return new WebAssembly.Module(readFileSync(url));
  } catch (cause) {
    throw new LacunaError('io.read', 'The numeric kernels are not built; run `node build/build-wasm.mjs`.', {
      file: 'kernels.generated.wasm',
      cause,
    });
  }
}

/** Threads that can run at once here. */
export const threadsAvailable = (): number => availableParallelism();

/** All a helper does happens inside the module, so its script is a line and needs no file that a bundler could lose. */
const HELPER = `
const { workerData: { module, memory, thread } } = require('node:worker_threads');
const { help, fail } = new WebAssembly.Instance(module, { env: { memory } }).exports;
try { help(thread); } catch { fail(); }`;

/** Starts threads 1 … count. They sleep when idle, keep no process alive, and end with the thread that started them. */
export function startHelpers(count: number, module: WebAssembly.Module, memory: WebAssembly.Memory): () => Promise<void> {
  const workers = Array.from({ length: count }, (_, i) => {
    const worker = new Worker(HELPER, { eval: true, workerData: { module, memory, thread: i + 1 }, env: {}, execArgv: [] });
    // A helper that cannot start only leaves more tasks to the others.
    worker.on('error', () => undefined);
    worker.unref();
    return worker;
  });
  return async () => {
    await Promise.all(workers.map((worker) => worker.terminate()));
  };
}

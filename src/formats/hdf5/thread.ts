/**
 * The one HDF5 thread of this process and its queue. Requests run one at a time; one that takes too long, or leaves the
 * library broken, costs the thread: it is ended, and the next request starts another.
 */
import { Worker } from 'node:worker_threads';
import { LacunaError } from '../../errors.ts';
import type { OperationName, Operations, Reply, Request } from './protocol.ts';

/** Starting the thread compiles 3 MB of WebAssembly: 0.1 s alone, more on a busy machine. */
const START_LIMIT_MS = 30_000;

export type Outcome<K extends OperationName> =
  | { readonly ok: true; readonly value: Operations[K]['reply'] }
  | { readonly ok: false; readonly reason: 'library' | 'memory' | 'limit' | 'time' | 'crash'; readonly message: string };

/** A file as the thread knows it; it is opened there when it is first asked about, and again after the thread was lost. */
export interface ThreadFile {
  readonly id: number;
  readonly path: string;
  /** Bytes that the library's heap may grow to. */
  readonly heapLimit: number;
}

class Hdf5Thread {
  #worker: Worker | null = null;
  /** Files open on the present thread. */
  readonly #open = new Set<number>();
  #last: Promise<unknown> = Promise.resolve();

  /** Runs after everything asked for before. */
  run<K extends Exclude<OperationName, 'open' | 'close'>>(op: K, file: ThreadFile, args: Operations[K]['args'], limitMs: number): Promise<Outcome<K>> {
    return this.#enqueue(async () => {
      const opened = await this.#ensureOpen(file, limitMs);
      return opened.ok ? this.#perform({ op, file: file.id, args } as unknown as Request, limitMs) : opened;
    }) as Promise<Outcome<K>>;
  }

  open(file: ThreadFile, limitMs: number): Promise<Outcome<'open'>> {
    return this.#enqueue(() => this.#ensureOpen(file, limitMs));
  }

  async close(file: ThreadFile, limitMs: number): Promise<void> {
    await this.#enqueue(async () => {
      if (this.#open.delete(file.id)) await this.#perform({ op: 'close', file: file.id, args: {} }, limitMs);
    });
  }

  #enqueue<T>(action: () => Promise<T>): Promise<T> {
    const result = this.#last.then(action);
    this.#last = result.catch(() => undefined);
    return result;
  }

  async #ensureOpen(file: ThreadFile, limitMs: number): Promise<Outcome<'open'>> {
    if (this.#open.has(file.id)) return { ok: true, value: null };
    const outcome = await this.#perform({ op: 'open', file: file.id, args: { path: file.path, heapLimit: file.heapLimit } }, limitMs);
    if (!outcome.ok) return outcome;
    this.#open.add(file.id);
    return { ok: true, value: null };
  }

  async #perform(request: Request, limitMs: number): Promise<Outcome<OperationName>> {
    const worker = this.#worker ?? (await this.#start());
    worker.ref();
    try {
      const reply = await exchange(worker, request, limitMs);
      if (reply === 'time' || reply === 'crash') {
        await this.#end();
        return { ok: false, reason: reply, message: reply === 'time' ? `no answer within ${Math.round(limitMs)} ms` : 'the thread ended' };
      }
      if (!reply.ok && reply.fatal) await this.#end();
      return reply;
    } finally {
      // An idle thread must not keep the process alive.
      worker.unref();
    }
  }

  async #start(): Promise<Worker> {
    // A bundle carries the thread as a file of its own beside it.
    const entry = import.meta.url.endsWith('.ts') ? './worker.ts' : './hdf5-worker.js';
    // What the library prints must not reach the process's stdout. The pipes are not read: reading would keep the process alive.
    const worker = new Worker(new URL(entry, import.meta.url), { name: 'hdf5', stdout: true, stderr: true, execArgv: [] });
    const ready = await exchange(worker, null, START_LIMIT_MS);
    if (ready === 'time' || ready === 'crash') {
      await worker.terminate();
      throw new LacunaError('internal', 'The HDF5 library could not be started.');
    }
    worker.on('error', () => undefined);
    worker.on('exit', () => {
      if (this.#worker === worker) this.#forget();
    });
    this.#worker = worker;
    return worker;
  }

  async #end(): Promise<void> {
    const worker = this.#worker;
    this.#forget();
    await worker?.terminate();
  }

  #forget(): void {
    this.#worker = null;
    this.#open.clear();
  }
}

/** Sends `request` (null: only waits) and gives the next message of the thread. */
function exchange(worker: Worker, request: Request | null, limitMs: number): Promise<Reply | 'time' | 'crash'> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => settle('time'), limitMs);
    const onMessage = (reply: Reply) => settle(reply);
    const onEnd = () => settle('crash');
    function settle(outcome: Reply | 'time' | 'crash') {
      clearTimeout(timer);
      worker.off('message', onMessage).off('error', onEnd).off('exit', onEnd);
      resolve(outcome);
    }
    worker.on('message', onMessage).on('error', onEnd).on('exit', onEnd);
    if (request !== null) worker.postMessage(request);
  });
}

export const hdf5Thread = new Hdf5Thread();

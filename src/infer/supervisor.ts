/**
 * Keeps one disposable process: started on demand, restarted after it ends, given up after too many crashes, released when
 * idle, stopped within a budget. It knows nothing of what the process does nor of how it is started (that is the adapter's).
 */
import type { ErrorCode } from '../errors.ts';
import { LacunaError } from '../errors.ts';

export interface ExitReport {
  readonly code: number | null;
  readonly signal: string | null;
  /** The last it wrote to stderr, where that was kept. */
  readonly stderr?: string;
}

/** One started process. `E` says where it can be reached. */
export interface ChildHandle<E> {
  readonly pid: number | undefined;
  /** Settles once it can be used, or cannot be started. */
  readonly ready: Promise<E>;
  readonly exited: Promise<ExitReport>;
  /** Asks it to end. */
  stop(): void;
  /** Ends it at once, in the middle of whatever it does. */
  kill(): void;
}

export interface ProcessAdapter<E> {
  spawn(): ChildHandle<E>;
}

export interface SupervisorOptions {
  /** As named to people: `The inference process`. */
  readonly title: string;
  /** Code of the error thrown where it cannot be started. */
  readonly unavailable: ErrorCode;
  /** Circuit breaker: this many unintended ends within the window, and it is not started until the window has passed. */
  readonly breaker?: { readonly crashes: number; readonly windowMs: number };
  readonly startTimeoutMs?: number;
  /** How long stop() waits before it kills. */
  readonly stopBudgetMs?: number;
  /** Stopped after so long without a hold; never when absent. */
  readonly idleMs?: number;
  /** Start the next generation as soon as one has ended, instead of on the next demand. */
  readonly restartAtOnce?: boolean;
}

export interface Generation<E> {
  readonly number: number;
  readonly pid: number | undefined;
  readonly endpoint: E;
  readonly exited: Promise<ExitReport>;
}

interface Current<E> {
  readonly number: number;
  readonly child: ChildHandle<E>;
  readonly started: Promise<Generation<E>>;
  /** Set before we end it ourselves: such an end is no crash. */
  intended: boolean;
}

const DEFAULTS = { breaker: { crashes: 3, windowMs: 60_000 }, startTimeoutMs: 60_000, stopBudgetMs: 2_000 };

export class Supervisor<E> {
  readonly #adapter: ProcessAdapter<E>;
  readonly #options: SupervisorOptions & typeof DEFAULTS;
  #current: Current<E> | null = null;
  #generations = 0;
  #crashes: { readonly at: number; readonly how: string }[] = [];
  #stopped = false;
  #holds = 0;
  #idleTimer: NodeJS.Timeout | undefined;

  constructor(adapter: ProcessAdapter<E>, options: SupervisorOptions) {
    this.#adapter = adapter;
    this.#options = { ...DEFAULTS, ...options };
  }

  /** The running generation, started if need be. Throws `options.unavailable` with the reason. */
  async ensure(): Promise<Generation<E>> {
    while (this.#current?.intended === true) await this.#current.child.exited;
    if (this.#current !== null) return this.#current.started;
    if (this.#stopped) throw this.#refuse('it was stopped');
    const reason = this.brokenBecause();
    if (reason !== null) throw this.#refuse(reason);
    return this.#launch();
  }

  /** Why it is not started again for the time being; null while it may be. */
  brokenBecause(): string | null {
    const { crashes, windowMs } = this.#options.breaker;
    const since = performance.now() - windowMs;
    this.#crashes = this.#crashes.filter((crash) => crash.at > since);
    if (this.#crashes.length < crashes) return null;
    const last = this.#crashes.at(-1)?.how ?? '';
    return `it ended ${this.#crashes.length} times within ${windowMs / 1000} s, last ${last}`;
  }

  get pid(): number | undefined {
    return this.#current?.child.pid;
  }

  /** Keeps the process from being released as idle until the returned function is called. */
  hold(): () => void {
    this.#holds += 1;
    clearTimeout(this.#idleTimer);
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#holds -= 1;
      this.#armIdle();
    };
  }

  /** Ends that generation at once; does nothing when it is no longer the running one. Resolves when it is gone. */
  async kill(generation: number): Promise<void> {
    const current = this.#current;
    if (current === null || current.number !== generation) return;
    current.intended = true;
    current.child.kill();
    await current.child.exited;
  }

  /** Ends the process for good: politely, then by force when the stop budget is spent. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#idleTimer);
    await this.#release();
  }

  async #release(): Promise<void> {
    const current = this.#current;
    if (current === null) return;
    current.intended = true;
    current.child.stop();
    const timer = setTimeout(() => current.child.kill(), this.#options.stopBudgetMs);
    await current.child.exited;
    clearTimeout(timer);
  }

  #launch(): Promise<Generation<E>> {
    const number = ++this.#generations;
    let child: ChildHandle<E>;
    try {
      child = this.#adapter.spawn();
    } catch (cause) {
      this.#countCrash(messageOf(cause));
      return Promise.reject(this.#refuse(messageOf(cause), cause));
    }
    const current: Current<E> = { number, child, started: this.#awaitReady(number, child), intended: false };
    // Whoever asked sees the rejection; a restart that nobody waits for must not count as unhandled.
    current.started.catch(() => undefined);
    this.#current = current;
    void child.exited.then((exit) => this.#ended(current, exit));
    return current.started;
  }

  async #awaitReady(number: number, child: ChildHandle<E>): Promise<Generation<E>> {
    const { promise: late, cancel } = timeout(this.#options.startTimeoutMs);
    try {
      const endpoint = await Promise.race([
        child.ready,
        child.exited.then((exit) => Promise.reject(new Error(`it ended while starting, ${describeExit(exit)}`))),
        late.then(() => Promise.reject(new Error(`it was not ready within ${this.#options.startTimeoutMs / 1000} s`))),
      ]);
      this.#armIdle();
      return { number, pid: child.pid, endpoint, exited: child.exited };
    } catch (cause) {
      child.kill();
      throw this.#refuse(messageOf(cause), cause);
    } finally {
      cancel();
    }
  }

  #ended(current: Current<E>, exit: ExitReport): void {
    if (this.#current === current) this.#current = null;
    if (!current.intended) this.#countCrash(describeExit(exit));
    const mayRestart = this.#options.restartAtOnce === true && !this.#stopped && this.#holds > 0;
    if (mayRestart && this.#current === null && this.brokenBecause() === null) void this.#launch().catch(() => undefined);
  }

  #countCrash(how: string): void {
    this.#crashes.push({ at: performance.now(), how });
  }

  #armIdle(): void {
    clearTimeout(this.#idleTimer);
    if (this.#options.idleMs === undefined || this.#holds > 0) return;
    this.#idleTimer = setTimeout(() => void this.#release(), this.#options.idleMs);
    this.#idleTimer.unref();
  }

  #refuse(reason: string, cause?: unknown): LacunaError {
    return new LacunaError(this.#options.unavailable, `${this.#options.title} cannot be started: ${reason}.`, { cause });
  }
}

/** `with exit code 3`, `by signal SIGKILL`; with the last line of stderr where there is one. */
export function describeExit(exit: ExitReport): string {
  const how = exit.signal === null ? `with exit code ${exit.code ?? 'unknown'}` : `by signal ${exit.signal}`;
  const last = exit.stderr?.trim().split('\n').at(-1);
  return last === undefined || last === '' ? how : `${how} (${last.slice(0, 200)})`;
}

function timeout(ms: number): { promise: Promise<void>; cancel: () => void } {
  let timer: NodeJS.Timeout | undefined;
  const promise = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  return { promise, cancel: () => clearTimeout(timer) };
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

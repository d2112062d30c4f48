/**
 * InferPort over the socket. Requests run one after the other (the process blocks while it runs one), so that ending the
 * process in mid-run fails exactly the request that was running; those behind it go to the next generation.
 */
import { availableParallelism } from 'node:os';
import { basename } from 'node:path';
import type { CancelSignal } from '../algorithms/status.ts';
import type { NdArray } from '../array/nd-array.ts';
import { deserializeError, LacunaError } from '../errors.ts';
import { ConnectionLost, InferConnection } from './connection.ts';
import type { Answer, Outgoing } from './connection.ts';
import { isWithin } from './difference.ts';
import type { Difference } from './difference.ts';
import type { InferPort, InferRequest, InferResult, ProviderName, ProviderReport, VerificationCase } from './port.ts';
import { probeProviders } from './probe-providers.ts';
import { describeExit, Supervisor } from './supervisor.ts';
import type { Generation, ProcessAdapter } from './supervisor.ts';

export interface InferOptions {
  /** How processes are started here. */
  readonly adapter: ProcessAdapter<string>;
  /** intraOpNumThreads of every session; default: the cores this process may use. */
  readonly threads?: number;
  /** Where probe answers are kept between starts. */
  readonly cacheFolder?: string;
  /** A run that takes longer is ended as hung; never when absent. */
  readonly timeoutMs?: number;
  /** How long a cancelled run may still finish by itself before its process is ended; default `DRAIN_MS`. */
  readonly drainMs?: number;
  /** The process is released, with its memory, after so long without a request. */
  readonly idleMs?: number;
}

type Verdict = { readonly usable: true; readonly difference: Difference } | { readonly usable: false; readonly reason: string };

/** How often a cancel flag is looked at. */
const POLL_MS = 10;
/**
 * A cancelled run may finish by itself for so long before the process is ended: restarting costs more than the tail of a
 * short run, and while a slider moves every run is cancelled by the next. The caller is answered at once all the same.
 */
const DRAIN_MS = 80;
/** A lost connection usually means that the process is ending; so long its own exit report is waited for. */
const EXIT_GRACE_MS = 500;
const DEFAULT_TOLERANCE: Difference = { maxAbs: 1e-3, nrmse: 1e-4 };

export class InferClient implements InferPort {
  readonly #supervisor: Supervisor<string>;
  readonly #options: InferOptions;
  readonly #verdicts = new Map<string, Verdict>();
  #threads: number;
  #connection: { readonly generation: number; readonly socket: InferConnection } | null = null;
  #turn: Promise<unknown> = Promise.resolve();
  #reports: Promise<readonly ProviderReport[]> | null = null;
  #memoryBytes: number | null = null;

  constructor(options: InferOptions) {
    this.#options = options;
    this.#threads = options.threads ?? availableParallelism();
    this.#supervisor = new Supervisor(options.adapter, {
      title: 'The inference process',
      unavailable: 'infer.unavailable',
      restartAtOnce: true,
      ...(options.idleMs === undefined ? {} : { idleMs: options.idleMs }),
    });
  }

  /** Process id while it runs. */
  get pid(): number | undefined {
    return this.#supervisor.pid;
  }

  /** Resident memory of the process after its last reply; null while none runs. */
  get memoryBytes(): number | null {
    return this.#supervisor.pid === undefined ? null : this.#memoryBytes;
  }

  /** Applies from the next request on. */
  setThreads(threads: number): void {
    this.#threads = threads;
  }

  /** Starts the process before it is needed. Throws infer.unavailable. */
  async warmUp(): Promise<void> {
    await this.#supervisor.ensure();
  }

  providers(): Promise<readonly ProviderReport[]> {
    const { adapter, cacheFolder } = this.#options;
    this.#reports ??= probeProviders({ adapter, threads: this.#threads, ...(cacheFolder === undefined ? {} : { cacheFolder }) });
    return this.#reports;
  }

  async run(request: InferRequest, signal: CancelSignal = NEVER_CANCELLED): Promise<InferResult> {
    throwIfCancelled(signal);
    const { provider, difference } = await this.#choose(request, signal);
    const { reply, outputs } = await this.#exchange(
      { ...this.#graph(request, provider), type: 'run', ...wanted(request) },
      request,
      signal,
    );
    if (reply.type !== 'ran') throw unexpected(reply.type);
    return {
      outputs: outputs as Record<string, NdArray<'float32'>>,
      provider,
      ms: reply.ms,
      threads: this.#threads,
      ...(difference === undefined ? {} : { verification: difference }),
    };
  }

  /** Ends the process for good. */
  async dispose(): Promise<void> {
    this.#connection?.socket.close();
    await this.#supervisor.stop();
  }

  /** The provider to run on, with its difference from CPU. A provider asked for by name is used or refused, never replaced. */
  async #choose(request: InferRequest, signal: CancelSignal): Promise<{ provider: ProviderName; difference?: Difference }> {
    if (request.provider === 'cpu') return { provider: 'cpu' };
    const reports = await this.providers();
    if (request.provider !== 'auto') {
      const report = reports.find(({ name }) => name === request.provider);
      if (report?.state !== 'verified') {
        throw new LacunaError('infer.unavailable', report?.reason ?? `${request.provider} does not exist on this system.`, {
          field: 'provider',
        });
      }
      const verdict = await this.#verify(request, report.name, signal);
      if (!verdict.usable) throw new LacunaError('infer.unavailable', verdict.reason, { field: 'provider' });
      return { provider: report.name, difference: verdict.difference };
    }
    for (const { name, preferred } of reports) {
      if (preferred !== true || name === 'cpu') continue;
      const verdict = await this.#verify(request, name, signal);
      if (verdict.usable) return { provider: name, difference: verdict.difference };
    }
    return { provider: 'cpu' };
  }

  /** Compares the provider with CPU for this graph, once. Refusals and crashes are verdicts too; only cancelling throws. */
  async #verify(request: InferRequest, provider: ProviderName, signal: CancelSignal): Promise<Verdict> {
    const key = `${request.sha256} ${provider}`;
    const known = this.#verdicts.get(key);
    if (known !== undefined) return known;
    const about = request.verification ?? { inputs: request.inputs, tolerance: DEFAULT_TOLERANCE };
    const verdict = await this.#compare(request, provider, about, signal);
    this.#verdicts.set(key, verdict);
    return verdict;
  }

  async #compare(request: InferRequest, provider: ProviderName, about: VerificationCase, signal: CancelSignal): Promise<Verdict> {
    const file = basename(request.path);
    try {
      const question = { ...request, inputs: about.inputs };
      const { reply } = await this.#exchange({ ...this.#graph(request, provider), type: 'verify' }, question, signal);
      if (reply.type !== 'verified') throw unexpected(reply.type);
      const { difference } = reply;
      if (isWithin(difference, about.tolerance)) return { usable: true, difference };
      const found = `max ${difference.maxAbs.toPrecision(2)}, NRMSE ${difference.nrmse.toPrecision(2)}`;
      const allowed = `${about.tolerance.maxAbs} and ${about.tolerance.nrmse}`;
      return { usable: false, reason: `${provider} differs from CPU on ${file} (${found}; allowed ${allowed}).` };
    } catch (error) {
      const isItsFault = error instanceof LacunaError && (error.code === 'infer.crashed' || error.code === 'infer.failed');
      if (!isItsFault) throw error;
      return { usable: false, reason: `${provider} cannot run ${file}: ${error.message}` };
    }
  }

  #graph(request: InferRequest, provider: ProviderName): { path: string; sha256: string; provider: ProviderName; threads: number } {
    return { path: request.path, sha256: request.sha256, provider, threads: this.#threads };
  }

  /** Waits for its turn, then asks. Leaves the queue at once when cancelled. */
  async #exchange(header: Outgoing, request: InferRequest, signal: CancelSignal): Promise<Answer> {
    const release = this.#supervisor.hold();
    const cancel = watchCancel(signal);
    const asked = this.#turn.then(() => this.#ask(header, request, signal, cancel.happened));
    this.#turn = asked.then(
      (turn) => turn.over,
      () => undefined,
    );
    void this.#turn.then(release);
    try {
      const turn = await Promise.race([asked, cancel.happened.then((): never => throwCancelled())]);
      return await turn.answer;
    } finally {
      cancel.stop();
    }
  }

  /** `answer` is for the caller; `over` settles when the process is free for the next request. */
  async #ask(
    header: Outgoing,
    request: InferRequest,
    signal: CancelSignal,
    cancelled: Promise<void>,
  ): Promise<{ answer: Promise<Answer>; over: Promise<unknown> }> {
    throwIfCancelled(signal);
    const generation = await this.#supervisor.ensure();
    const socket = await this.#connect(generation);
    const pending = socket.request(header, request.inputs, request.stable);
    const settled = pending.then(
      () => undefined,
      () => undefined,
    );
    const answer = Promise.race([
      pending.then((got) => this.#read(got)),
      cancelled.then((): never => throwCancelled()),
      this.#limit(settled, request),
    ]).catch((error: unknown) => this.#explain(error, generation, request));
    const over = answer.then(
      () => undefined,
      () => this.#free(settled, generation),
    );
    return { answer, over };
  }

  #read(answer: Answer): Answer {
    this.#memoryBytes = answer.reply.rss;
    if (answer.reply.type === 'failed') throw deserializeError(answer.reply.error);
    return answer;
  }

  /** After a failure or a cancel: lets the run finish for a moment, else ends the process. */
  async #free(settled: Promise<undefined>, generation: Generation<string>): Promise<void> {
    const finished = await Promise.race([settled.then(() => true), delay(this.#options.drainMs ?? DRAIN_MS).then(() => false)]);
    if (!finished) await this.#supervisor.kill(generation.number);
  }

  /** Rejects when the run takes longer than allowed; never settles otherwise. */
  #limit(settled: Promise<undefined>, request: InferRequest): Promise<never> {
    const { timeoutMs } = this.#options;
    if (timeoutMs === undefined) return new Promise(() => undefined);
    return new Promise((_, reject) => {
      const late = () =>
        reject(new LacunaError('infer.failed', `${basename(request.path)} ran longer than ${timeoutMs / 1000} s and was ended.`));
      const timer = setTimeout(late, timeoutMs);
      void settled.then(() => clearTimeout(timer));
    });
  }

  async #explain(error: unknown, generation: Generation<string>, request: InferRequest): Promise<never> {
    if (!(error instanceof ConnectionLost)) throw error;
    const gone = await Promise.race([generation.exited.then(() => true), delay(EXIT_GRACE_MS).then(() => false)]);
    // Still there, but out of step: it cannot be used any more.
    if (!gone) await this.#supervisor.kill(generation.number);
    const how = describeExit(await generation.exited);
    const broken = this.#supervisor.brokenBecause();
    const next = broken === null ? 'it has been restarted' : `it is not started again for now: ${broken}`;
    throw new LacunaError('infer.crashed', `The inference process ended while running ${basename(request.path)}, ${how}; ${next}.`, {
      file: basename(request.path),
      cause: error,
    });
  }

  async #connect(generation: Generation<string>): Promise<InferConnection> {
    const open = this.#connection;
    if (open !== null && open.generation === generation.number && !open.socket.closed) return open.socket;
    open?.socket.close();
    const socket = await InferConnection.open(generation.endpoint);
    this.#connection = { generation: generation.number, socket };
    return socket;
  }
}

function wanted(request: InferRequest): { outputs?: string[] } {
  return request.outputs === undefined ? {} : { outputs: [...request.outputs] };
}

const NEVER_CANCELLED: CancelSignal = { cancelled: false };

function throwIfCancelled(signal: CancelSignal): void {
  if (signal.cancelled) throwCancelled();
}

function watchCancel(signal: CancelSignal): { happened: Promise<void>; stop: () => void } {
  if (signal === NEVER_CANCELLED) return { happened: new Promise(() => undefined), stop: () => undefined };
  let timer: NodeJS.Timeout | undefined;
  const happened = new Promise<void>((resolve) => {
    timer = setInterval(() => {
      if (signal.cancelled) resolve();
    }, POLL_MS);
  });
  return { happened, stop: () => clearInterval(timer) };
}

function throwCancelled(): never {
  throw new LacunaError('job.cancelled', 'The job was cancelled.');
}

function unexpected(type: string): LacunaError {
  return new LacunaError('internal', `infer socket: a reply of type ${type} does not fit the request`);
}

const delay = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

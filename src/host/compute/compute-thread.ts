/**
 * The host's side of a compute thread. Cancelling sets a shared flag that algorithms read between steps; a thread that
 * has not answered within the grace time is ended and replaced, so that a cancel takes effect within 200 ms.
 */
import { Worker } from 'node:worker_threads';
import { deserializeError, LacunaError, serializeError, toLacunaError } from '../../errors.ts';
import type { GpuProvider } from '../../infer/gpu-choice.ts';
import type { InferPort } from '../../infer/port.ts';
import type { LoadedModel } from '../../models/load.ts';
import type { RunEvent } from '../../pipeline/run-event.ts';
import type { SamplingPattern } from '../../sampling/pattern.ts';
import type { ViewImage } from '../../pipeline/step.ts';
import type { ComputeOutcome, FromWorker, LookTask, PatternTask, RunTask, ToWorker, ViewStatus, ViewTask, WorkerTask } from './messages.ts';

const GRACE_MS = 150;

export interface ComputeServices {
  readonly infer: InferPort;
  loadModel(id: string): Promise<LoadedModel>;
  /** Where graph twins run for a document that asks for that provider. */
  gpuFor?(provider: RunTask['document']['provider']): GpuProvider | null;
}

export interface ComputeRun<T = ComputeOutcome> {
  /** Settles once the thread is done with the task, or has been replaced. */
  readonly outcome: Promise<T>;
  cancel(how: 'soft' | 'hard'): void;
}

type Given<T extends WorkerTask> = Omit<T, 'type' | 'id' | 'cancel' | 'gpu'>;

interface PendingTask {
  readonly message: WorkerTask;
  readonly onEvent: (event: RunEvent) => void;
  readonly onStatus: (status: ViewStatus) => void;
  readonly resolve: (value: never) => void;
  readonly reject: (error: LacunaError) => void;
}

export class ComputeThread {
  readonly #services: ComputeServices;
  readonly #entry: URL;
  /** In the order in which the thread takes them: the first is the one that it works on. */
  readonly #pending = new Map<number, PendingTask>();
  #worker: Worker | null = null;
  #nextId = 1;

  constructor(services: ComputeServices, entry: URL = defaultEntry()) {
    this.#services = services;
    this.#entry = entry;
  }

  /** Starts the thread ahead of the first task. */
  warm(): void {
    this.#started();
  }

  /**
   * `cancel('hard')` replaces the thread if it has not answered after the grace time; 'soft' only sets the flag. Tasks that
   * wait behind the cancelled one go to the new thread.
   */
  run(task: Given<RunTask>, onEvent: (event: RunEvent) => void): ComputeRun {
    return this.#cancellable((id, cancel) => this.#submit({ ...task, type: 'run', id, cancel, gpu: this.#gpuFor(task) }, { onEvent }));
  }

  /** Cancelled as `run` is. */
  view(task: Given<ViewTask>, onStatus: (status: ViewStatus) => void): ComputeRun<ViewImage> {
    return this.#cancellable((id, cancel) => this.#submit({ ...task, type: 'view', id, cancel, gpu: this.#gpuFor(task) }, { onStatus }));
  }

  /** Cancelled as `run` is. */
  pattern(task: Given<PatternTask>): ComputeRun<SamplingPattern> {
    return this.#cancellable((id, cancel) => this.#submit({ ...task, type: 'pattern', id, cancel, gpu: this.#gpuFor(task) }));
  }

  #gpuFor({ document }: Pick<RunTask, 'document'>): GpuProvider | null {
    return this.#services.gpuFor?.(document.provider) ?? null;
  }

  #cancellable<T>(submit: (id: number, cancel: SharedArrayBuffer) => Promise<T>): ComputeRun<T> {
    const cancel = new SharedArrayBuffer(4);
    const id = this.#nextId++;
    return {
      outcome: submit(id, cancel),
      cancel: (how) => {
        Atomics.store(new Int32Array(cancel), 0, 1);
        if (how === 'hard') setTimeout(() => this.#endIfPending(id), GRACE_MS).unref();
      },
    };
  }

  look(task: Omit<LookTask, 'type' | 'id'>): Promise<Extract<FromWorker, { type: 'looked' }>['image']> {
    return this.#submit({ ...task, type: 'look', id: this.#nextId++ });
  }

  forget(input: RunTask['input']): void {
    this.#worker?.postMessage({ type: 'forget', input } satisfies ToWorker);
  }

  async close(): Promise<void> {
    const worker = this.#worker;
    this.#worker = null;
    await worker?.terminate();
    this.#failAll(new LacunaError('job.interrupted', 'The studio is closing.'));
  }

  #submit<T>(message: WorkerTask, hear: Partial<Pick<PendingTask, 'onEvent' | 'onStatus'>> = {}): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const { onEvent = () => {}, onStatus = () => {} } = hear;
      this.#pending.set(message.id, { message, onEvent, onStatus, resolve: resolve as (value: never) => void, reject });
      this.#started().postMessage(message satisfies ToWorker);
    });
  }

  #started(): Worker {
    if (this.#worker !== null) return this.#worker;
    const worker = new Worker(this.#entry);
    worker.on('message', (message: FromWorker) => this.#receive(worker, message));
    worker.on('error', (cause) => this.#lost(worker, toLacunaError(cause)));
    worker.on('exit', () => this.#lost(worker, new LacunaError('job.interrupted', 'The compute thread ended while the job ran.')));
    this.#worker = worker;
    return worker;
  }

  #receive(worker: Worker, message: FromWorker): void {
    if (message.type === 'infer') {
      void this.#infer(worker, message);
      return;
    }
    if (message.type === 'model') {
      void this.#model(worker, message.call, message.id);
      return;
    }
    const task = this.#pending.get(message.id);
    if (task === undefined) return;
    if (message.type === 'event') {
      task.onEvent(message.event);
      return;
    }
    if (message.type === 'status') {
      task.onStatus(message.status);
      return;
    }
    this.#pending.delete(message.id);
    if (message.type === 'failed') task.reject(deserializeError(message.error));
    else task.resolve(resultOf(message) as never);
  }

  async #infer(worker: Worker, { call, request, cancel }: Extract<FromWorker, { type: 'infer' }>): Promise<void> {
    const flag = cancel === null ? null : new Int32Array(cancel);
    const signal = {
      get cancelled() {
        return flag !== null && Atomics.load(flag, 0) !== 0;
      },
    };
    try {
      const result = await this.#services.infer.run(request, signal);
      // The arrays are handed over, not copied: nothing here looks at them.
      const buffers = new Set(Object.values(result.outputs).map(({ data }) => data.buffer as ArrayBuffer));
      worker.postMessage({ type: 'infer-reply', call, result } satisfies ToWorker, [...buffers]);
    } catch (error) {
      worker.postMessage({ type: 'infer-reply', call, error: serializeError(error) } satisfies ToWorker);
    }
  }

  async #model(worker: Worker, call: number, id: string): Promise<void> {
    try {
      worker.postMessage({ type: 'model-reply', call, result: await this.#services.loadModel(id) } satisfies ToWorker);
    } catch (error) {
      worker.postMessage({ type: 'model-reply', call, error: serializeError(error) } satisfies ToWorker);
    }
  }

  #endIfPending(id: number): void {
    const task = this.#pending.get(id);
    if (task === undefined) return;
    const worker = this.#worker;
    const underWay = this.#first() === task;
    this.#pending.delete(id);
    task.reject(new LacunaError('job.cancelled', 'The job was cancelled.'));
    // A task that still waits meets its flag when its turn comes; the thread works on another's.
    if (!underWay || worker === null) return;
    this.#worker = null;
    void worker.terminate();
    this.#resubmit();
  }

  /** The thread ended by itself: that is the fault of the task it was on, and of no other. */
  #lost(worker: Worker, error: LacunaError): void {
    if (this.#worker !== worker) return;
    this.#worker = null;
    const task = this.#first();
    if (task === undefined) return;
    this.#pending.delete(task.message.id);
    task.reject(error);
    this.#resubmit();
  }

  #first(): PendingTask | undefined {
    return this.#pending.values().next().value;
  }

  #resubmit(): void {
    for (const { message } of this.#pending.values()) this.#started().postMessage(message satisfies ToWorker);
  }

  #failAll(error: LacunaError): void {
    const tasks = [...this.#pending.values()];
    this.#pending.clear();
    for (const task of tasks) task.reject(error);
  }
}

function resultOf(message: Extract<FromWorker, { type: 'done' | 'viewed' | 'pattern' | 'looked' }>) {
  switch (message.type) {
    case 'done':
      return message.outcome;
    case 'viewed':
      return message.view;
    case 'pattern':
      return message.pattern;
    case 'looked':
      return message.image;
  }
}

/** The worker's source beside this one, or its bundle in a packaged studio. */
function defaultEntry(): URL {
  return import.meta.url.endsWith('.ts') ? new URL('./worker.ts', import.meta.url) : new URL('./compute-worker.js', import.meta.url);
}

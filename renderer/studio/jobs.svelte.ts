/** Stored runs (purpose `run`) that this window follows: progress, time left, cancel, outcome. */
import { LacunaError, deserializeError } from '../../src/errors.ts';
import type { JobEvent, JobRequest, ResultSummary } from '../../src/host/contract.ts';
import type { Client } from '../api/client.ts';

export interface RunningJob {
  /** Given by the host; empty until it has answered. */
  readonly id: string;
  readonly key: number;
  readonly title: string;
  readonly fraction: number;
  readonly secondsLeft: number | null;
  readonly memoryForecastBytes: number | null;
}

export class JobTracker {
  running = $state.raw<readonly RunningJob[]>([]);
  readonly #client: Client;
  readonly #onChange: () => void;
  #next = 1;
  readonly #cancelled = new Set<number>();

  constructor(client: Client, onChange: () => void) {
    this.#client = client;
    this.#onChange = onChange;
  }

  /** Runs to the end. Throws what the job failed with; `job.cancelled` when it was cancelled here. */
  start(title: string, request: JobRequest): Promise<ResultSummary | null> {
    return this.#follow(title, '', this.#client.startJob(request));
  }

  /** Follows a job that is running already, say after the page was reloaded. */
  attach(title: string, id: string): Promise<ResultSummary | null> {
    return this.#follow(title, id, this.#client.jobEvents(id));
  }

  async cancel(key: number): Promise<void> {
    const job = this.running.find((other) => other.key === key);
    if (job === undefined) return;
    this.#cancelled.add(key);
    if (job.id !== '') await this.#client.cancelJob(job.id);
  }

  async #follow(title: string, id: string, events: AsyncIterable<JobEvent>): Promise<ResultSummary | null> {
    const key = this.#next++;
    this.running = [...this.running, { id, key, title, fraction: 0, secondsLeft: null, memoryForecastBytes: null }];
    try {
      for await (const event of events) {
        if (event.type === 'started') {
          this.#update(key, { id: event.job, memoryForecastBytes: event.memoryForecastBytes });
          // Cancel may have been pressed before the job had a name.
          if (this.#cancelled.has(key)) await this.#client.cancelJob(event.job);
        } else if (event.type === 'progress') {
          this.#update(key, { fraction: event.fraction, secondsLeft: event.secondsLeft ?? null });
        } else if (event.type === 'failed') {
          throw deserializeError(event.error);
        } else if (event.type === 'done') {
          return event.result ?? null;
        }
      }
      if (this.#cancelled.has(key)) throw new LacunaError('job.cancelled', `${title} was cancelled.`);
      throw new LacunaError('job.interrupted', `${title} ended without a result; the library shows what became of it.`);
    } finally {
      this.running = this.running.filter((other) => other.key !== key);
      this.#cancelled.delete(key);
      this.#onChange();
    }
  }

  #update(key: number, part: Partial<RunningJob>): void {
    this.running = this.running.map((job) => (job.key === key ? { ...job, ...part } : job));
  }
}

/**
 * Jobs. A *preview* is one slice for the screen: nothing is stored, and a newer one of the same channel replaces the one
 * before it. A *run* is stored in the library with its result. Runs and previews have a compute thread each, so that
 * sliders stay live while a volume is reconstructed.
 */
import { randomUUID } from 'node:crypto';
import { LacunaError, serializeError } from '../errors.ts';
import type { Library } from '../library/library.ts';
import type { LoadedModel } from '../models/load.ts';
import type { PipelineDocument } from '../pipeline/document.ts';
import { modelOf } from '../pipeline/learned/model-of.ts';
import { findStep } from '../pipeline/registry.ts';
import type { RunEvent } from '../pipeline/run-event.ts';
import type { ArrayStore } from './array-store.ts';
import type { ComputeThread } from './compute/compute-thread.ts';
import { identityOf } from './compute/messages.ts';
import type { JobEvent, JobRequest, JobSummary, RecordingSummary } from './contract.ts';
import { EventLog } from './event-log.ts';
import { jobTitle } from './job-title.ts';
import { memoryForecast, refuseBeyondMemory } from './memory-forecast.ts';
import type { ModelTimes } from './model-times.ts';
import type { PatternFiles } from './pattern-files.ts';
import type { RecordingService } from './recording-service.ts';
import { requestDocument } from './request-document.ts';
import type { ResultService } from './result-service.ts';
import { wireEvent } from './wire-event.ts';

const PARTIAL_EVERY_MS = 250;

interface Running {
  readonly id: string;
  readonly log: EventLog<JobEvent>;
  readonly channel: string | undefined;
  readonly purpose: JobRequest['purpose'];
  cancel: (reason: LacunaError) => void;
}

export interface JobServices {
  readonly library: Library;
  readonly recordings: RecordingService;
  readonly results: ResultService;
  readonly arrays: ArrayStore;
  readonly patternFiles: PatternFiles;
  readonly previewThread: ComputeThread;
  readonly runThread: ComputeThread;
  readonly times: ModelTimes;
  loadModel(id: string): Promise<LoadedModel>;
}

export class JobManager {
  readonly #services: JobServices;
  readonly #running = new Map<string, Running>();
  /** Event streams of jobs that ended lately, for clients that come late. */
  readonly #ended = new Map<string, EventLog<JobEvent>>();
  #runQueue: Promise<unknown> = Promise.resolve();
  #previewQueue: Promise<unknown> = Promise.resolve();

  constructor(services: JobServices) {
    this.#services = services;
  }

  /** Starts the job and returns its events. Throws usage.* when the request cannot be served. */
  start(request: JobRequest): { id: string; events: EventLog<JobEvent> } {
    const document = requestDocument(request, this.#services.recordings.get(request.recording).summary);
    if (request.purpose === 'preview' && request.channel !== undefined) this.#supersede(request.channel);
    const id = randomUUID();
    if (request.purpose === 'run') this.#services.library.putJob(this.#summary(id, request, 'queued', 0));
    const log = new EventLog<JobEvent>();
    const job: Running = {
      id,
      log,
      channel: request.channel,
      purpose: request.purpose,
      // A job that waits ends at once; #execute puts its own way of cancelling here.
      cancel: (reason) => this.#fail(job, request, reason),
    };
    this.#running.set(id, job);
    const body = async () => {
      if (!log.ended) await this.#execute(job, request, document);
    };
    const queue = request.purpose === 'run' ? this.#runQueue : this.#previewQueue;
    const finished = queue.then(body).catch((error) => this.#fail(job, request, error));
    if (request.purpose === 'run') this.#runQueue = finished;
    else this.#previewQueue = finished;
    void finished.then(() => this.#retire(job));
    return { id, events: log };
  }

  /** Takes effect within 200 ms: the stream ends with `failed` (job.cancelled). */
  cancel(id: string, reason = new LacunaError('job.cancelled', 'The job was cancelled.')): void {
    const job = this.#running.get(id);
    if (job === undefined) {
      if (this.#ended.has(id) || this.#services.library.getJob(id) !== null) return;
      throw new LacunaError('usage.not-found', 'There is no such job.', { field: id });
    }
    job.cancel(reason);
  }

  /** The stream of a running job or of one that ended lately. Throws usage.not-found. */
  events(id: string): EventLog<JobEvent> {
    const log = this.#running.get(id)?.log ?? this.#ended.get(id);
    if (log === undefined) throw new LacunaError('usage.not-found', 'There is no such job, or it ended long ago.', { field: id });
    return log;
  }

  list(): readonly JobSummary[] {
    return this.#services.library.listJobs();
  }

  /** Ends every job; `drained` resolves once the compute threads are done with them. */
  close(): void {
    for (const job of this.#running.values()) job.cancel(new LacunaError('job.interrupted', 'The studio is closing.'));
  }

  async drained(): Promise<void> {
    await Promise.all([this.#runQueue, this.#previewQueue]);
  }

  async #execute(job: Running, request: JobRequest, document: PipelineDocument): Promise<void> {
    const services = this.#services;
    const { log } = job;
    const { input, summary } = services.recordings.get(request.recording);
    const preview = request.purpose === 'preview';
    const began = performance.now();
    const memory = memoryForecast(request, summary);
    log.push({ type: 'started', job: job.id, at: new Date().toISOString(), memoryForecastBytes: memory });
    refuseBeyondMemory(memory);
    if (!preview) services.library.putJob(this.#summary(job.id, request, 'running', 0));

    let savedAt = performance.now();
    const onEvent = (event: RunEvent) => {
      if (log.ended) return;
      log.push(wireEvent(event, services.arrays));
      if (event.type === 'slice') void this.#noteTime(request, summary, event);
      if (!preview && event.type === 'progress' && performance.now() - savedAt > 1000) {
        savedAt = performance.now();
        this.#record(() => this.#summary(job.id, request, 'running', event.fraction));
      }
    };
    const thread = preview ? services.previewThread : services.runThread;
    const task = thread.run(
      {
        input,
        recording: identityOf(summary),
        document,
        hashInput: !preview,
        shownOnly: preview,
        show: { kspace: preview, zeroFilled: preview, sliceMetrics: preview, partialEveryMs: PARTIAL_EVERY_MS },
        killInferOnCancel: !preview,
        patternFiles: services.patternFiles.of(document.pattern),
      },
      onEvent,
    );
    job.cancel = (reason) => {
      // A superseded preview only needs the flag: its thread goes on to the next one as soon as it looks.
      task.cancel(reason.code === 'job.superseded' ? 'soft' : 'hard');
      this.#fail(job, request, reason);
    };
    // A cancelled job has told its clients by now; the queue goes on when the thread has left it.
    const { inputSha256, ...outcome } = await task.outcome;
    if (inputSha256 !== undefined) services.recordings.learnHash(summary.id, inputSha256);
    if (log.ended) return;
    const result = inputSha256 === undefined ? undefined : await services.results.save({ request, document: named(document, inputSha256), outcome, recording: summary });
    if (result !== undefined && log.ended) {
      await services.results.remove(result.id);
      return;
    }
    if (result !== undefined) services.library.putJob({ ...this.#summary(job.id, request, 'done', 1), endedAt: new Date().toISOString(), result: result.id });
    log.push({ type: 'done', ms: performance.now() - began, ...(result === undefined ? {} : { result }) });
    log.end();
  }

  /** Of learned methods; a model that cannot be loaded any more has no figures to keep. */
  async #noteTime(request: JobRequest, { series }: RecordingSummary, event: Extract<RunEvent, { type: 'slice' }>): Promise<void> {
    const id = modelOf(findStep('method', request.method.name), request.method.params);
    const shape = series.find((each) => each.id === request.series);
    if (id === undefined || shape === undefined) return;
    const model = await this.#services.loadModel(id).catch(() => null);
    if (model === null) return;
    const { rows, columns, coils } = shape;
    this.#services.times.note({ model: id, version: model.manifest.version, provider: event.estimate.provider, rows, columns, coils, ms: event.ms });
  }

  #fail(job: Running, request: JobRequest, thrown: unknown): void {
    if (job.log.ended) return;
    const error = serializeError(thrown);
    if (request.purpose === 'run') {
      const state: JobSummary['state'] = error.code === 'job.cancelled' ? 'cancelled' : error.code === 'job.interrupted' ? 'interrupted' : 'failed';
      this.#record(() => {
        const known = this.#services.library.getJob(job.id) ?? this.#summary(job.id, request, state, 0);
        return { ...known, state, endedAt: new Date().toISOString(), error };
      });
    }
    job.log.push({ type: 'failed', error });
    job.log.end();
  }

  /** A catalogue that cannot be written, as on a full disk, keeps no job from ending: the stream still says what became of it. */
  #record(make: () => JobSummary): void {
    try {
      this.#services.library.putJob(make());
    } catch {
      // The next start finds the job as it was last recorded, and marks it interrupted.
    }
  }

  #retire(job: Running): void {
    this.#running.delete(job.id);
    if (job.purpose === 'preview') return;
    this.#ended.set(job.id, job.log);
    for (const id of this.#ended.keys()) {
      if (this.#ended.size <= 20) break;
      this.#ended.delete(id);
    }
  }

  #supersede(channel: string): void {
    for (const job of this.#running.values()) {
      if (job.channel === channel) job.cancel(new LacunaError('job.superseded', 'A newer preview took its place.'));
    }
  }

  #summary(id: string, request: JobRequest, state: JobSummary['state'], fraction: number): JobSummary {
    const known = this.#services.library.getJob(id);
    const createdAt = known?.createdAt ?? new Date().toISOString();
    return { id, state, title: jobTitle(request), createdAt, fraction, request };
  }
}

/** The document with the hash of the content that was read. */
function named(document: PipelineDocument, sha256: string): PipelineDocument {
  return { ...document, input: { ...document.input, sha256 } };
}

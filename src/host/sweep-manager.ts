/** R-sweeps: several methods over several accelerations on one slice, streamed point by point. */
import { randomUUID } from 'node:crypto';
import { subArray } from '../array/nd-array.ts';
import { LacunaError, serializeError } from '../errors.ts';
import type { RunOutcome } from '../pipeline/run-event.ts';
import type { ArrayStore } from './array-store.ts';
import type { ComputeRun, ComputeThread } from './compute/compute-thread.ts';
import { identityOf } from './compute/messages.ts';
import type { SweepEvent, SweepRequest } from './contract.ts';
import { EventLog } from './event-log.ts';
import type { PatternFiles } from './pattern-files.ts';
import type { RecordingService } from './recording-service.ts';
import { requestDocument } from './request-document.ts';

const MOST_POINTS = 200;

interface RunningSweep {
  readonly channel: string | undefined;
  stopped: boolean;
  current: ComputeRun | null;
}

export class SweepManager {
  readonly #thread: ComputeThread;
  readonly #recordings: RecordingService;
  readonly #arrays: ArrayStore;
  readonly #patternFiles: PatternFiles;
  readonly #running = new Map<string, RunningSweep>();

  constructor(services: { thread: ComputeThread; patternFiles: PatternFiles; recordings: RecordingService; arrays: ArrayStore }) {
    this.#thread = services.thread;
    this.#patternFiles = services.patternFiles;
    this.#recordings = services.recordings;
    this.#arrays = services.arrays;
  }

  /** A newer sweep of the same channel stops the one before it. Throws usage.too-large beyond 200 points. */
  start(request: SweepRequest): { id: string; events: EventLog<SweepEvent> } {
    if (request.accelerations.length * request.methods.length > MOST_POINTS) {
      throw new LacunaError('usage.too-large', `A sweep may have at most ${MOST_POINTS} points.`, { field: 'accelerations' });
    }
    for (const [id, sweep] of this.#running) if (request.channel !== undefined && sweep.channel === request.channel) this.cancel(id);
    const id = randomUUID();
    const sweep: RunningSweep = { channel: request.channel, stopped: false, current: null };
    this.#running.set(id, sweep);
    const events = new EventLog<SweepEvent>();
    events.push({ type: 'started', job: id });
    void this.#execute(request, sweep, events)
      .then(
        () => events.push({ type: 'done' }),
        (error) => events.push({ type: 'failed', error: serializeError(error) }),
      )
      .then(() => {
        events.end();
        this.#running.delete(id);
      });
    return { id, events };
  }

  /** True where there was such a sweep. */
  cancel(id: string): boolean {
    const sweep = this.#running.get(id);
    if (sweep === undefined) return false;
    sweep.stopped = true;
    sweep.current?.cancel('hard');
    return true;
  }

  async #execute(request: SweepRequest, sweep: RunningSweep, events: EventLog<SweepEvent>): Promise<void> {
    const { input, summary } = this.#recordings.get(request.recording);
    for (const acceleration of request.accelerations) {
      for (const method of request.methods) {
        if (sweep.stopped) throw new LacunaError('job.cancelled', 'The sweep was stopped.');
        const { series, slice, acquire, prepare, metric } = request;
        const pattern = { ...request.pattern, params: { ...request.pattern.params, acceleration } };
        const asked = { series, slices: [slice, slice + 1] as const, ...(acquire === undefined ? {} : { acquire }), ...(prepare === undefined ? {} : { prepare }), pattern, method, ...(metric === undefined ? {} : { metric }) };
        const document = requestDocument(asked, summary);
        const run = this.#thread.run(
          {
            input,
            recording: identityOf(summary),
            document,
            hashInput: false,
            shownOnly: false,
            show: { kspace: false, zeroFilled: false, sliceMetrics: false, partialEveryMs: null },
            killInferOnCancel: true,
            patternFiles: this.#patternFiles.of(pattern),
          },
          () => {},
        );
        sweep.current = run;
        try {
          events.push(this.#point(method, await run.outcome));
        } catch (error) {
          if (!(error instanceof LacunaError) || error.code !== 'usage.unsupported' || error.field === 'recording') throw error;
          events.push({ type: 'left-out', method, acceleration, reason: error.message });
        }
      }
    }
  }

  #point(method: SweepRequest['methods'][number], outcome: RunOutcome): SweepEvent {
    if (outcome.metrics === undefined) {
      throw new LacunaError('usage.unsupported', 'A sweep needs a fully sampled reference; this recording has none.', { field: 'recording' });
    }
    const { nominal, achieved } = outcome.pattern;
    return { type: 'point', method, nominal, achieved, metrics: outcome.metrics, ms: outcome.ms, image: this.#arrays.put(subArray(outcome.volume, 0)) };
  }
}

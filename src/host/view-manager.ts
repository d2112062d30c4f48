/**
 * Views: what there is to see of a measurement or a reconstruction besides the image. They have compute threads of their
 * own, so that sliders stay live: one for views that follow the pointer, one for those that run the method.
 */
import { randomUUID } from 'node:crypto';
import { LacunaError, serializeError } from '../errors.ts';
import { findStep } from '../pipeline/registry.ts';
import { viewKey } from '../pipeline/run-view.ts';
import type { ViewImage } from '../pipeline/step.ts';
import type { ArrayStore } from './array-store.ts';
import type { ComputeRun, ComputeThread } from './compute/compute-thread.ts';
import { identityOf } from './compute/messages.ts';
import type { ViewEvent, ViewRequest } from './contract.ts';
import { EventLog } from './event-log.ts';
import { memoryForecast, refuseBeyondMemory } from './memory-forecast.ts';
import type { PatternFiles } from './pattern-files.ts';
import type { RecordingService } from './recording-service.ts';
import { requestDocument } from './request-document.ts';
import { type MadeView, ViewMemo } from './view-memo.ts';

export interface ViewServices {
  readonly recordings: RecordingService;
  readonly arrays: ArrayStore;
  readonly patternFiles: PatternFiles;
  /** For views of recording, pattern and measurement. */
  readonly quickThread: ComputeThread;
  /** For views that reconstruct, some of them many times. */
  readonly slowThread: ComputeThread;
}

interface RunningView {
  readonly log: EventLog<ViewEvent>;
  readonly channel: string | undefined;
  run: ComputeRun<ViewImage> | null;
}

export class ViewManager {
  readonly #services: ViewServices;
  readonly #memo: ViewMemo;
  readonly #running = new Map<string, RunningView>();

  constructor(services: ViewServices) {
    this.#services = services;
    this.#memo = new ViewMemo(services.arrays);
  }

  /** A newer view of the same channel ends the one before it. Throws usage.* when the request cannot be served. */
  start(request: ViewRequest): { id: string; events: EventLog<ViewEvent> } {
    const { recordings } = this.#services;
    const { summary } = recordings.get(request.recording);
    const step = findStep('view', request.view.name);
    refuseBeyondMemory(memoryForecast({ ...request, slices: [0, 1] }, summary));
    const document = requestDocument(request, summary);
    const key = viewKey(document, request.view);
    if (request.channel !== undefined) this.#supersede(request.channel);
    const id = randomUUID();
    const log = new EventLog<ViewEvent>();
    log.push({ type: 'started', job: id });
    const known = this.#memo.get(key);
    if (known !== null) {
      log.push(known);
      log.end();
      return { id, events: log };
    }
    const view: RunningView = { log, channel: request.channel, run: null };
    this.#running.set(id, view);
    const thread = step.of === 'estimate' ? this.#services.slowThread : this.#services.quickThread;
    void this.#execute(view, request, document, thread)
      .then(
        (made) => {
          this.#memo.put(key, made);
          log.push(made);
        },
        (error) => log.push({ type: 'failed', error: serializeError(error) }),
      )
      .then(() => {
        log.end();
        this.#running.delete(id);
      });
    return { id, events: log };
  }

  /** The stream ends at once; the thread is free within 200 ms. True where there was such a view. */
  cancel(id: string, error = new LacunaError('job.cancelled', 'The view was cancelled.')): boolean {
    const view = this.#running.get(id);
    if (view === undefined) return false;
    // A superseded view only needs the flag: its thread goes on to the next one as soon as it looks.
    view.run?.cancel(error.code === 'job.superseded' ? 'soft' : 'hard');
    view.log.push({ type: 'failed', error: serializeError(error) });
    view.log.end();
    this.#running.delete(id);
    return true;
  }

  close(): void {
    for (const id of [...this.#running.keys()]) this.cancel(id, new LacunaError('job.interrupted', 'The studio is closing.'));
  }

  #supersede(channel: string): void {
    for (const [id, view] of this.#running) {
      if (view.channel === channel) this.cancel(id, new LacunaError('job.superseded', 'A newer view took its place.'));
    }
  }

  async #execute(view: RunningView, request: ViewRequest, document: ReturnType<typeof requestDocument>, thread: ComputeThread): Promise<MadeView> {
    const { recordings, patternFiles, arrays } = this.#services;
    const { input, summary } = recordings.get(request.recording);
    const began = performance.now();
    view.run = thread.view(
      {
        input,
        recording: identityOf(summary),
        document,
        view: request.view,
        killInferOnCancel: false,
        patternFiles: patternFiles.of(document.pattern),
      },
      ({ iteration, iterations }) => view.log.push({ type: 'progress', iteration, iterations, fraction: Math.min(1, iteration / Math.max(1, iterations)) }),
    );
    const { images, underlay, ...facts } = await view.run.outcome;
    const under = underlay === undefined ? {} : { underlay: { ...underlay, images: arrays.put(underlay.images) } };
    return { type: 'view', ...facts, ...under, images: arrays.put(images), ms: performance.now() - began };
  }
}

/** Drives the live preview: state machine (live-state.ts) on one side, frames, timers and the host on the other. */
import type { Client } from '../../api/client.ts';
import { asLacunaError, isQuiet } from '../../api/problem.ts';
import type { NdArray } from '../../../src/array/nd-array.ts';
import { serializeError } from '../../../src/errors.ts';
import type { ArrayLink, JobEvent, JobRequest, PatternSummary } from '../../../src/host/contract.ts';
import type { TrajectoryPoints } from '../../viewers/mask/trajectory-path.ts';
import { INITIAL, isBusy, isOutdated, isStale, reduce, type LiveInput, type LiveState } from './live-state.ts';

export class LiveLoop {
  state = $state.raw<LiveState>(INITIAL);
  /** A wish waits for the next frame, or is being prepared: what is on screen is no longer what was asked for. */
  #due = $state(false);
  busy = $derived(this.#due || isBusy(this.state));
  stale = $derived(isStale(this.state));
  outdated = $derived(isOutdated(this.state));
  /** Generation that the person stopped. */
  stopped = $state<number | null>(null);
  /** Milliseconds from the start of the latest finished request to its image on screen. */
  roundTrip = $state<number | null>(null);

  readonly #client: Client;
  readonly #channel: string;
  readonly #aborts = new Map<number, AbortController>();
  #wish: JobRequest | null = null;
  #frame: number | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #wishedAt = 0;

  constructor(client: Client, channel: string) {
    this.#client = client;
    this.#channel = channel;
  }

  /** Asks for a preview; of many within one animation frame only the last is sent. */
  want(request: Omit<JobRequest, 'purpose' | 'channel'>): void {
    this.#wish = { ...request, purpose: 'preview', channel: this.#channel };
    this.#due = true;
    if (this.#frame !== null) return;
    this.#wishedAt = performance.now();
    const send = (): void => {
      this.#frame = null;
      const wish = this.#wish;
      this.#wish = null;
      this.#due = false;
      if (wish !== null) this.#feed({ type: 'want', request: wish, now: performance.now() });
    };
    // A hidden window gets no frames.
    if (document.visibilityState === 'hidden') queueMicrotask(send);
    else this.#frame = requestAnimationFrame(send);
  }

  /** A wish will follow once something else is done: busy until `want` or `forgo`. */
  announce(): void {
    this.#due = true;
  }

  forgo(): void {
    if (this.#wish === null) this.#due = false;
  }

  /** Ends what runs; what is on screen stays. A new wish begins anew. */
  stop(): void {
    const { running } = this.state;
    if (running === null) return;
    this.#wish = null;
    this.stopped = running.generation;
    this.#aborts.get(running.generation)?.abort();
  }

  clear(): void {
    this.#wish = null;
    this.#feed({ type: 'clear' });
  }

  dispose(): void {
    if (this.#frame !== null) cancelAnimationFrame(this.#frame);
    if (this.#timer !== null) clearTimeout(this.#timer);
    for (const abort of this.#aborts.values()) abort.abort();
    this.#aborts.clear();
  }

  #feed(input: LiveInput): void {
    const { state, effects } = reduce(this.state, input);
    this.state = state;
    let wake: number | null = null;
    for (const effect of effects) {
      if (effect.type === 'start') void this.#run(effect.generation, effect.request);
      else if (effect.type === 'abort') this.#aborts.get(effect.generation)?.abort();
      else wake = wake === null ? effect.at : Math.min(wake, effect.at);
    }
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (wake !== null) {
      const delay = Math.max(0, wake - performance.now());
      this.#timer = setTimeout(() => this.#feed({ type: 'tick', now: performance.now() }), delay);
    }
  }

  async #run(generation: number, request: JobRequest): Promise<void> {
    const abort = new AbortController();
    this.#aborts.set(generation, abort);
    const since = this.#wishedAt;
    try {
      for await (const event of this.#client.startJob(request, abort.signal)) {
        const link = linkOf(event);
        const array: NdArray | null = link === null ? null : await this.#client.array(link, abort.signal);
        if (abort.signal.aborted) return;
        const trajectory = event.type === 'pattern' ? await this.#trajectory(event.pattern, abort.signal) : null;
        if (abort.signal.aborted) return;
        this.#feed({ type: 'event', generation, event, array, ...(trajectory === null ? {} : { trajectory }), now: performance.now() });
        if (event.type === 'slice') this.roundTrip = performance.now() - since;
      }
      this.#feed({ type: 'ended', generation, error: null, now: performance.now() });
    } catch (cause) {
      const error = isQuiet(cause) ? null : serializeError(asLacunaError(cause));
      this.#feed({ type: 'ended', generation, error, now: performance.now() });
    } finally {
      this.#aborts.delete(generation);
    }
  }

  async #trajectory({ trajectory }: PatternSummary, signal: AbortSignal): Promise<TrajectoryPoints | null> {
    if (trajectory === undefined) return null;
    const points = await this.#client.array(trajectory.points, signal);
    return points.dtype === 'float32' ? { points: points as NdArray<'float32'>, matrix: trajectory.matrix } : null;
  }
}

function linkOf(event: JobEvent): ArrayLink | null {
  switch (event.type) {
    case 'pattern':
      return event.pattern.mask;
    case 'kspace':
      return event.kspace;
    case 'reference':
    case 'zero-filled':
    case 'slice':
      return event.image;
    case 'progress':
      return event.image ?? null;
    default:
      return null;
  }
}

/** One pane that shows a view step: asks when what it depends on has changed, latest wish wins, and keeps what it got. */
import type { Client } from '../../api/client.ts';
import { asLacunaError, isQuiet } from '../../api/problem.ts';
import { type NdArray, ndArray } from '../../../src/array/nd-array.ts';
import { type SerializedError, serializeError } from '../../../src/errors.ts';
import type { StepDescription, ViewEvent, ViewRequest } from '../../../src/host/contract.ts';
import type { PaneImage, ValueWindow } from '../../viewers/image/types.ts';
import type { Turn, Turns } from './turns.ts';
import { autoWindow, windowOf } from '../../viewers/image/window-level.ts';

export type MadeView = Extract<ViewEvent, { type: 'view' }>;

/** A running view is let finish this long before a newer wish replaces it, so that the picture follows a drag. ms. */
const GRACE = 400;
/** Wishes within this time are one; views that reconstruct wait until a slider rests. ms. */
const WAIT = { quick: 16, slow: 300 } as const;

/** Equal keys, equal view: the request without what the view does not look at. */
export function dependence(step: Pick<StepDescription, 'of'>, request: Omit<ViewRequest, 'channel'>): string {
  const { recording, series, slices, acquire, prepare, pattern, method, provider, view } = request;
  const always = { recording, series, slice: slices[0], acquire, prepare, view };
  if (step.of === 'recording') return JSON.stringify(always);
  return JSON.stringify(step.of === 'estimate' ? { ...always, pattern, method, provider } : { ...always, pattern });
}

type Shown = Pick<StepDescription, 'of'> & Partial<Pick<StepDescription, 'params'>>;

interface Wish {
  /** What waiting for a turn goes by; null: quick, needs none. */
  readonly cost: number | null;
  readonly key: string;
  readonly request: ViewRequest;
}

export class ViewPaneState {
  made = $state.raw<{ readonly key: string; readonly view: MadeView; readonly images: NdArray; readonly underlay: NdArray | null } | null>(null);
  progress = $state.raw<{ readonly iteration: number; readonly iterations: number; readonly fraction: number; readonly secondsLeft?: number } | null>(null);
  /** Another pane reconstructs first. */
  waiting = $state(false);
  error = $state.raw<SerializedError | null>(null);
  busy = $state(false);
  /** The person stopped it; it is not asked for again until something changes. */
  cancelled = $state(false);
  #index = $state(0);
  /** A window that was dragged; null follows the view. */
  #dragged = $state.raw<ValueWindow | null>(null);
  /** Key of what is wanted now. */
  #key = $state('');

  readonly #client: Client;
  readonly #channel: string;
  readonly #turns: Turns | null;
  #abort: AbortController | null = null;
  #startedAt = 0;
  #wish: Wish | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;

  /** `turns`: shared by panes whose views reconstruct. */
  constructor(client: Client, channel: string, turns: Turns | null = null) {
    this.#client = client;
    this.#channel = channel;
    this.#turns = turns;
  }

  readonly count = $derived.by(() => this.made?.view.labels.length ?? 0);
  readonly index = $derived.by(() => Math.min(this.#index, Math.max(0, this.count - 1)));
  readonly stale = $derived.by(() => this.made !== null && this.made.key !== this.#key);
  readonly image: PaneImage | null = $derived.by(() => (this.made === null ? null : imageAt(this.made.images, this.index)));
  /** What lies under the image on show, where the view has such. */
  readonly underlay: PaneImage | null = $derived.by(() => (this.made?.underlay == null ? null : imageAt(this.made.underlay, this.index)));
  readonly #home: ValueWindow = $derived.by(() => {
    if (this.made === null) return { centre: 0.5, width: 1 };
    const { range, colormap } = this.made.view;
    if (range !== undefined) return windowOf(range[0], range[1]);
    const whole = autoWindow(realValues(this.made.images), 0.002, 0.998);
    return colormap === 'grey' && this.made.view.space === 'image' ? windowOf(0, whole.centre + whole.width / 2) : whole;
  });

  get window(): ValueWindow {
    return this.#dragged ?? this.#home;
  }
  set window(window: ValueWindow) {
    this.#dragged = window;
  }

  step(by: number): void {
    this.#index = Math.min(Math.max(0, this.count - 1), Math.max(0, this.index + by));
  }
  show(index: number): void {
    this.#index = index;
    this.step(0);
  }

  /** Another view, other parameters, another series: nothing of the old picture belongs to the new one. */
  clear(): void {
    this.#stop();
    this.made = null;
    this.error = null;
    this.cancelled = false;
    this.#dragged = null;
    this.#key = '';
    this.#index = 0;
  }

  want(step: Shown, request: Omit<ViewRequest, 'channel'>): void {
    const key = dependence(step, request);
    if (key === this.#key) return;
    this.#key = key;
    this.cancelled = false;
    if (this.made?.key === key) {
      this.#stop();
      return;
    }
    this.#wish = { key, cost: step.of === 'estimate' ? costOf(step, request.view.params) : null, request: { ...request, channel: this.#channel } };
    const patience = this.#abort === null ? 0 : Math.max(0, this.#startedAt + GRACE - performance.now());
    this.#later(Math.max(step.of === 'estimate' ? WAIT.slow : WAIT.quick, patience));
  }

  cancel(): void {
    this.#stop();
    this.cancelled = true;
  }

  again(step: Shown, request: Omit<ViewRequest, 'channel'>): void {
    this.#key = '';
    this.want(step, request);
  }

  dispose(): void {
    this.#stop();
  }

  #stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#wish = null;
    this.#abort?.abort();
    this.#abort = null;
    this.busy = false;
    this.waiting = false;
    this.progress = null;
  }

  #later(ms: number): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.busy = true;
    this.#timer = setTimeout(() => this.#start(), ms);
  }

  #start(): void {
    this.#timer = null;
    const wish = this.#wish;
    this.#wish = null;
    if (wish === null) return;
    this.#abort?.abort();
    const abort = new AbortController();
    this.#abort = abort;
    this.#startedAt = performance.now();
    this.progress = null;
    void this.#run(wish, abort);
  }

  async #run({ key, request, cost }: Wish, abort: AbortController): Promise<void> {
    const mine = (): boolean => this.#abort === abort;
    let turn: Turn | null = null;
    try {
      if (cost !== null && this.#turns !== null) {
        this.waiting = true;
        turn = await this.#turns.take(cost, abort.signal);
        if (!mine()) return;
        this.waiting = false;
        this.#startedAt = performance.now();
      }
      for await (const event of this.#client.view(request, abort.signal)) {
        const images = event.type === 'view' ? await this.#client.array(event.images, abort.signal) : null;
        const underlay = event.type === 'view' && event.underlay !== undefined ? await this.#client.array(event.underlay.images, abort.signal) : null;
        if (!mine()) return;
        if (event.type === 'progress') this.progress = withTimeLeft(event, (performance.now() - this.#startedAt) / 1000);
        else if (event.type === 'failed') this.#fail(event.error);
        else if (event.type === 'view' && images !== null) {
          this.made = { key, view: event, images, underlay };
          this.error = null;
        }
      }
    } catch (cause) {
      if (mine() && !isQuiet(cause)) this.#fail(serializeError(asLacunaError(cause)));
    } finally {
      turn?.done();
      if (mine()) {
        this.#abort = null;
        this.waiting = false;
        this.progress = null;
        this.busy = this.#timer !== null;
        // A newer wish waited for this one: no need to wait any longer.
        if (this.#wish !== null) this.#later(0);
      }
    }
  }

  #fail(error: SerializedError): void {
    if (error.code === 'job.superseded' || error.code === 'job.cancelled') return;
    this.error = error;
    this.made = null;
  }
}

/** How many reconstructions a view says it makes: those that repeat it with new noise have a parameter for how often. */
export function costOf(step: Shown, params: Readonly<Record<string, unknown>>): number {
  const known = step.params?.properties ?? {};
  const name = Object.keys(known).find((key) => /replica|repeat/i.test(key));
  return name === undefined ? 1 : Number(params[name] ?? known[name]?.default ?? 1);
}

type ViewProgress = Extract<ViewEvent, { type: 'progress' }>;
/** The host says how much is done; from the time it took so far follows the rest. Silent in the first second, when that would be a guess. */
export function withTimeLeft(event: ViewProgress, seconds: number): ViewProgress & { readonly secondsLeft?: number } {
  return seconds < 1 || event.fraction <= 0.02 ? event : { ...event, secondsLeft: (seconds * (1 - event.fraction)) / event.fraction };
}

/** Image `index` of [n, row, column]; shares memory. */
function imageAt(images: NdArray, index: number): PaneImage | null {
  const [, rows = 0, columns = 0] = images.shape;
  const size = rows * columns;
  if (images.dtype === 'float32') return ndArray('float32', [rows, columns], (images.data as Float32Array).subarray(index * size, (index + 1) * size));
  if (images.dtype === 'complex64') return ndArray('complex64', [rows, columns], (images.data as Float32Array).subarray(2 * index * size, 2 * (index + 1) * size));
  return null;
}

/** Values for a window; magnitudes of complex ones. */
function realValues(images: NdArray): Float32Array {
  const data = images.data as Float32Array;
  if (images.dtype !== 'complex64') return data;
  return Float32Array.from({ length: data.length / 2 }, (_, i) => Math.hypot(data[2 * i] as number, data[2 * i + 1] as number));
}

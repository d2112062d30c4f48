/**
 * What the live preview shows, as a pure state machine: inputs in, new state and effects out. No clock, no fetch.
 *
 * Two promises. (1) Latest value wins: what is shown never goes back to an older request, nor within a request from a
 * later stage (zero-filled → partial images → the method's image) to an earlier one, in whatever order answers arrive.
 * (2) No starvation: while a slider moves, a running request is let finish for a short grace, so the picture keeps
 * moving; after that the newest value replaces it. On a machine where no request gets as far as an image in that time,
 * the patience grows until one does.
 */
import type { NdArray } from '../../../src/array/nd-array.ts';
import type { SerializedError } from '../../../src/errors.ts';
import type { JobEvent, JobRequest, PatternSummary } from '../../../src/host/contract.ts';
import type { TrajectoryPoints } from '../../viewers/mask/trajectory-path.ts';
import type { SeenConditions } from '../../../src/mri/measurement.ts';
import type { MetricReport } from '../../../src/pipeline/step.ts';
import type { ReferenceName } from './reference-words.ts';

/** A running request that has shown its first image may be replaced after this many ms; one that has not, after `PATIENCE` … */
export const GRACE = 150;
export const PATIENCE = 600;
/** … which doubles with every request replaced without an image, up to this. */
export const LONGEST_PATIENCE = 4 * PATIENCE;
/** A method expected within this time is waited for; the zero-filled image would only flicker in between. ms. */
export const HOLD = 120;

export type Image = NdArray<'float32'> | NdArray<'complex64'>;

/** A value and the request it belongs to. */
export interface Slot<T> {
  readonly generation: number;
  readonly value: T;
}
export interface ZeroFilled {
  readonly slice: number;
  readonly image: Image;
  readonly ms: number;
  readonly metrics?: MetricReport;
}
export interface Estimate {
  readonly slice: number;
  readonly image: Image;
  /** 0 zero-filled, then the iteration of a partial image, Infinity for the method's own image. */
  readonly stage: number;
  readonly method: JobRequest['method'];
  readonly ms?: number;
  readonly provider?: string;
  readonly metrics?: MetricReport;
  readonly dataResidual?: number;
  readonly notes: readonly string[];
  readonly seen?: SeenConditions;
  /** Residual after every iteration. */
  readonly curve?: readonly number[];
  readonly verification?: { readonly maxAbs: number; readonly nrmse: number };
}
export type Reference =
  | { readonly kind: 'image'; readonly slice: number; readonly image: Image; readonly dataRange: number; readonly of: ReferenceName | null }
  | { readonly kind: 'none'; readonly reason: string };
export interface Progress {
  readonly iteration: number;
  readonly iterations: number;
  readonly fraction: number;
  readonly secondsLeft?: number;
}

/** Figures of a finished slice; they follow its image. Null: no reference, or the method is zero-filled itself. */
export interface Scores {
  readonly estimate: MetricReport | null;
  readonly zeroFilled: MetricReport | null;
  readonly dataResidual: number | null;
}

interface Run {
  readonly generation: number;
  readonly request: JobRequest;
  readonly startedAt: number;
  readonly sawImage: boolean;
}

export interface LiveState {
  /** Generation of the newest request started. */
  readonly latest: number;
  readonly running: Run | null;
  /** Newest wish not yet started. */
  readonly wanted: JobRequest | null;
  readonly request: Slot<JobRequest> | null;
  readonly pattern: Slot<{ readonly summary: PatternSummary; readonly mask: Uint8Array; readonly trajectory?: TrajectoryPoints }> | null;
  readonly kspace: Slot<Image> | null;
  readonly reference: Slot<Reference> | null;
  readonly zeroFilled: Slot<ZeroFilled> | null;
  readonly estimate: Slot<Estimate> | null;
  /** The last ones that came: while a slider moves, they are of the image before. */
  readonly scores: Slot<Scores> | null;
  readonly progress: Slot<Progress> | null;
  /** Residuals of the iterations so far, while a method runs. */
  readonly residuals: Slot<readonly { readonly iteration: number; readonly residual: number }[]> | null;
  readonly error: Slot<SerializedError> | null;
  /** Zero-filled image held back until this time, because the method's own is expected sooner. */
  readonly holdUntil: number | null;
  /** How long a request may go without an image before a newer wish replaces it, ms. */
  readonly patience: number;
  /** How long each method took last, ms, by name. */
  readonly pace: Readonly<Record<string, number>>;
}

export const INITIAL: LiveState = {
  latest: 0,
  running: null,
  wanted: null,
  request: null,
  pattern: null,
  kspace: null,
  reference: null,
  zeroFilled: null,
  estimate: null,
  scores: null,
  progress: null,
  residuals: null,
  error: null,
  holdUntil: null,
  patience: PATIENCE,
  pace: {},
};

export type LiveInput =
  | { readonly type: 'want'; readonly request: JobRequest; readonly now: number }
  | { readonly type: 'tick'; readonly now: number }
  /** `array` is what the event links to, already fetched; null where it links to nothing. */
  | { readonly type: 'event'; readonly generation: number; readonly event: JobEvent; readonly array: NdArray | null; readonly trajectory?: TrajectoryPoints; readonly now: number }
  | { readonly type: 'ended'; readonly generation: number; readonly error: SerializedError | null; readonly now: number }
  /** Another recording or series was opened: nothing of before may be shown any more. */
  | { readonly type: 'clear' };

export type LiveEffect =
  | { readonly type: 'start'; readonly generation: number; readonly request: JobRequest }
  | { readonly type: 'abort'; readonly generation: number }
  /** Send a tick at this time. */
  | { readonly type: 'wake'; readonly at: number };

export interface LiveStep {
  readonly state: LiveState;
  readonly effects: readonly LiveEffect[];
}

export function reduce(state: LiveState, input: LiveInput): LiveStep {
  switch (input.type) {
    case 'want':
      return startIfDue({ ...state, wanted: input.request }, input.now);
    case 'tick':
      return startIfDue(releaseHold(state, input.now), input.now);
    case 'event':
      return startIfDue(take(state, input), input.now);
    case 'ended':
      return startIfDue(end(state, input.generation, input.error), input.now);
    case 'clear': {
      const effects: LiveEffect[] = state.running === null ? [] : [{ type: 'abort', generation: state.running.generation }];
      // `latest` moves on, so that answers still under way count as old.
      return { state: { ...INITIAL, latest: state.latest + 1, patience: state.patience, pace: state.pace }, effects };
    }
  }
}

function startIfDue(state: LiveState, now: number): LiveStep {
  const effects: LiveEffect[] = [];
  if (state.holdUntil !== null) effects.push({ type: 'wake', at: state.holdUntil });
  if (state.wanted === null) return { state, effects };
  const { running } = state;
  let { patience } = state;
  if (running !== null) {
    const due = running.startedAt + (running.sawImage ? GRACE : patience);
    if (now < due) return { state, effects: [...effects, { type: 'wake', at: due }] };
    effects.push({ type: 'abort', generation: running.generation });
    if (!running.sawImage) patience = Math.min(LONGEST_PATIENCE, 2 * patience);
  }
  const generation = state.latest + 1;
  const request = state.wanted;
  effects.push({ type: 'start', generation, request });
  return {
    state: { ...state, latest: generation, wanted: null, patience, running: { generation, request, startedAt: now, sawImage: false } },
    effects,
  };
}

function take(state: LiveState, { generation, event, array, trajectory, now }: Extract<LiveInput, { type: 'event' }>): LiveState {
  const run = state.running;
  // Answers of a replaced request are dropped whole: parts of two requests side by side would not belong together.
  if (run === null || run.generation !== generation) return state;
  const slot = <T>(value: T): Slot<T> => ({ generation, value });
  const request = run.request;
  const image = isImage(array) ? array : null;
  switch (event.type) {
    case 'started':
    case 'done':
      return state;
    case 'pattern':
      return array?.data instanceof Uint8Array
        ? { ...state, request: slot(request), pattern: slot({ summary: event.pattern, mask: array.data, ...(trajectory === undefined ? {} : { trajectory }) }) }
        : state;
    case 'kspace':
      return image === null ? state : { ...state, kspace: slot(image) };
    case 'reference':
      return image === null
        ? state
        : { ...state, reference: slot({ kind: 'image', slice: event.slice, image, dataRange: event.dataRange, of: event.of ?? null }) };
    case 'no-reference':
      return { ...state, reference: slot({ kind: 'none', reason: event.reason }) };
    case 'zero-filled': {
      if (image === null) return state;
      const zeroFilled = slot({
        slice: event.slice, image, ms: event.ms,
      });
      const patience = Math.max(PATIENCE, Math.min(state.patience, 2 * (now - run.startedAt)));
      const next = { ...state, zeroFilled, patience, running: { ...run, sawImage: true } };
      const expected = state.pace[request.method.name];
      const holds = expected !== undefined && expected <= HOLD && state.estimate !== null;
      return holds ? { ...next, holdUntil: now + HOLD } : show(next, generation, fromZeroFilled(zeroFilled.value, request));
    }
    case 'progress': {
      const progress = slot({
        iteration: event.iteration, iterations: event.iterations, fraction: event.fraction,
        ...(event.secondsLeft === undefined ? {} : { secondsLeft: event.secondsLeft }),
      });
      const residuals = event.residual === undefined ? state.residuals : slot(appended(state.residuals, generation, { iteration: event.iteration, residual: event.residual }));
      const next = { ...state, progress, residuals };
      if (image === null) return next;
      const stage = 1 + event.iteration;
      return show(next, generation, { slice: event.slice, image, stage, method: request.method, notes: [] });
    }
    case 'slice': {
      if (image === null) return state;
      const { slice, ms, provider, notes, seen, curve, verification } = event;
      const paced = { ...state, progress: null, error: null, pace: { ...state.pace, [request.method.name]: ms } };
      return show({ ...paced, request: slot(request) }, generation, {
        slice, image, stage: Infinity, method: request.method, ms, provider, notes,
        ...(seen === undefined ? {} : { seen }),
        ...(curve === undefined ? {} : { curve }),
        ...(verification === undefined ? {} : { verification }),
      });
    }
    case 'scores': {
      const { zeroFilled, estimate } = state;
      const { estimate: own, zeroFilled: plain, dataResidual } = event;
      const figures = { ...(own === undefined ? {} : { metrics: own }), ...(dataResidual === undefined ? {} : { dataResidual }) };
      return {
        ...state,
        scores: slot({ estimate: own ?? null, zeroFilled: plain ?? null, dataResidual: dataResidual ?? null }),
        zeroFilled: plain === undefined || zeroFilled?.generation !== generation ? zeroFilled : slot({ ...zeroFilled.value, metrics: plain }),
        estimate: estimate?.generation !== generation ? estimate : slot({ ...estimate.value, ...figures }),
      };
    }
    case 'failed': {
      const asked = event.error.code === 'job.superseded' || event.error.code === 'job.cancelled';
      return end(state, generation, asked ? null : event.error);
    }
  }
}

type Residuals = NonNullable<LiveState['residuals']>;
function appended(before: Residuals | null, generation: number, point: Residuals['value'][number]): Residuals['value'] {
  const known = before?.generation === generation ? before.value : [];
  return [...known.filter(({ iteration }) => iteration < point.iteration), point];
}

/** Puts `estimate` on screen unless something newer, or of a later stage, is there. */
function show(state: LiveState, generation: number, estimate: Estimate): LiveState {
  const shown = state.estimate;
  if (shown !== null && (shown.generation > generation || (shown.generation === generation && shown.value.stage > estimate.stage))) {
    return state;
  }
  return { ...state, estimate: { generation, value: estimate }, holdUntil: null };
}

function releaseHold(state: LiveState, now: number): LiveState {
  if (state.holdUntil === null || now < state.holdUntil) return state;
  const { zeroFilled, running } = state;
  const next = { ...state, holdUntil: null };
  if (zeroFilled === null || running === null || zeroFilled.generation !== running.generation) return next;
  return show(next, zeroFilled.generation, fromZeroFilled(zeroFilled.value, running.request));
}

function end(state: LiveState, generation: number, error: SerializedError | null): LiveState {
  if (state.running === null || state.running.generation !== generation) return state;
  const over = { ...state, running: null, progress: null, holdUntil: null };
  return error === null ? over : { ...over, error: { generation, value: error } };
}

function fromZeroFilled(zeroFilled: ZeroFilled, request: JobRequest): Estimate {
  return { slice: zeroFilled.slice, image: zeroFilled.image, stage: 0, method: request.method, notes: [] };
}

function isImage(array: NdArray | null): array is Image & NdArray {
  return array !== null && (array.dtype === 'float32' || array.dtype === 'complex64') && array.shape.length === 2;
}

/** A request is wanted or under way. */
export function isBusy(state: LiveState): boolean {
  return state.running !== null || state.wanted !== null;
}

/** What the reconstruction pane shows was made with earlier settings. */
export function isOutdated(state: LiveState): boolean {
  return state.estimate !== null && (state.wanted !== null || state.estimate.generation < state.latest);
}

/** What the reconstruction pane shows is not (yet) what the controls say. */
export function isStale(state: LiveState): boolean {
  if (state.estimate === null) return false;
  if (state.wanted !== null || state.error?.generation === state.latest) return true;
  return state.estimate.generation < state.latest || state.estimate.value.stage !== Infinity;
}

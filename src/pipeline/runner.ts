/**
 * Runs a pipeline document on an open recording: k-space → pattern → method → metrics, slice by slice.
 * The same code serves the CLI, the host's jobs and its previews; only what is asked to be shown differs.
 */
import { magnitude, type NdArray, zeros } from '../array/nd-array.ts';
import { type CancelSignal, throwIfCancelled } from '../algorithms/status.ts';
import { LacunaError } from '../errors.ts';
import type { InferPort } from '../infer/port.ts';
import type { LoadedModel } from '../models/load.ts';
import { type MriEstimate, type MriMeasurement, residualOf } from '../mri/measurement.ts';
import type { PipelineDocument, StepCall } from './document.ts';
import { framesOf } from '../array/frames.ts';
import { measure } from './measure.ts';
import { checkParams, findStep } from './registry.ts';
import { estimateInSeries, FramePatterns } from './run-frames.ts';
import type { Image, RunEvent, RunOutcome } from './run-event.ts';
import { checkAccepts, isNonCartesian } from './sampling-fit.ts';
import { isFullySampled, maximum, type SliceCache } from './slice-cache.ts';
import type { GpuTwins, MethodContext, MethodStatus, MetricReport, MetricStep, ReferenceKind } from './step.ts';

export interface RunEnvironment {
  /** Slices of the k-space series that the document names (see asKspace). */
  readonly slices: SliceCache;
  readonly infer: InferPort;
  loadModel(id: string): Promise<LoadedModel>;
  readonly signal: CancelSignal;
  readonly cache: Map<string, unknown>;
  readonly gpu?: GpuTwins;
  readPatternFile?(name: string): Promise<NdArray>;
  /** What to show on the way; a batch run wants none of it. */
  readonly show: {
    readonly kspace: boolean;
    readonly zeroFilled: boolean;
    readonly sliceMetrics: boolean;
    /** Milliseconds between partial images; null for none. */
    readonly partialEveryMs: number | null;
  };
}

const DEFAULT_METRIC: StepCall = { name: 'fastmri', params: {} };

export async function* runPipeline(document: PipelineDocument, env: RunEnvironment): AsyncGenerator<RunEvent, RunOutcome> {
  const { series } = env.slices;
  const [start, end] = document.slices;
  if (end <= start || end > series.slices) {
    throw new LacunaError('usage.invalid', `Slices ${start}:${end} are not within 0:${series.slices}.`, { field: 'slices' });
  }
  const step = findStep('method', document.method.name);
  const params = checkParams(step, document.method.params);
  const metric = metricOf(document.metric ?? DEFAULT_METRIC, env.slices);

  const frames = framesOf(series);
  const patterns = new FramePatterns(document, env.slices, frames, env);
  const pattern = await patterns.of(start);
  const trajectory = pattern.trajectory ?? series.trajectory;
  yield { type: 'pattern', pattern, ...(trajectory === undefined ? {} : { trajectory }) };
  checkAccepts(step, isNonCartesian(series, pattern), 'method');
  const refusal = step.refuses?.({ pattern, coils: series.coils, nonCartesian: isNonCartesian(series, pattern), frames: frames?.count ?? 1 }) ?? null;
  if (refusal !== null) throw new LacunaError('usage.unsupported', refusal, { field: 'method' });

  const estimates: Image[] = [];
  const references: NdArray<'float32'>[] = [];
  const notes = new Set<string>();
  const curves: (readonly number[])[] = [];
  let provider = '';
  let methodMs = 0;
  const clock = new RunClock(start, end);

  for (let slice = start; slice < end; slice++) {
    throwIfCancelled(env.signal);
    const kspace = await env.slices.kspace(slice);
    if (env.show.kspace) yield { type: 'kspace', image: await env.slices.kspaceView(slice) };
    const measurement = measure(kspace, await patterns.of(slice), series);

    // Pictures go before a reference that takes longer than they do.
    const late = env.show.zeroFilled && env.slices.takesLong(slice, metric.kind);
    let compared = late ? NOT_COMPARED : yield* lookUpReference(slice, env.slices, metric, slice === start);
    const score = (image: Image): MetricReport | undefined =>
      compared.reference === null ? undefined : scoreVolume(metric, [compared.reference], [image], compared.dataRange).metrics;

    throwIfCancelled(env.signal);
    let began = performance.now();
    const steps =
      frames !== null && step.runFrames !== undefined
        ? estimateInSeries(step, params, slice, { document, frames, patterns, slices: env.slices, context: methodContext(env) })
        : step.run(measurement, params, methodContext(env));
    // A network is set going in its own process before the zero-filled image is made in this one.
    const begun = step.model === undefined ? null : await steps.next();

    let filled: Image | null = null;
    if (env.show.zeroFilled && step.name !== 'zero-filled') {
      throwIfCancelled(env.signal);
      const since = performance.now();
      const image = (await drain(zeroFilled(measurement, env))).image as NdArray<'float32'>;
      filled = image;
      yield { type: 'zero-filled', slice, image, ms: performance.now() - since };
    }

    throwIfCancelled(env.signal);
    if (begun === null) began = performance.now();
    const curve: number[] = [];
    const found = yield* recordResiduals(runMethod(resumed(begun, steps), env, slice, clock), curve);
    const { dataResidual: _later, ...estimate } = found;
    const ms = performance.now() - began;
    methodMs += ms;
    provider = estimate.provider;
    for (const note of estimate.notes) notes.add(note);
    estimates.push(estimate.image);
    curves.push(curve);
    yield { type: 'slice', slice, estimate, ms, ...(curve.length === 0 ? {} : { curve }) };

    // A person sees the picture before its figures: working them out takes as long as a quick method does.
    throwIfCancelled(env.signal);
    const residual = residualOf(found);
    if (late) compared = yield* lookUpReference(slice, env.slices, metric, slice === start);
    const own = env.show.sliceMetrics ? score(estimate.image) : undefined;
    const plain = env.show.sliceMetrics && filled !== null ? score(filled) : undefined;
    yield {
      type: 'scores',
      slice,
      ...(plain === undefined ? {} : { zeroFilled: plain }),
      ...(own === undefined ? {} : { estimate: own }),
      ...(residual === undefined ? {} : { dataResidual: residual }),
    };
    if (compared.reference !== null) references.push(compared.reference);
  }

  const varied = await patterns.note();
  if (varied !== null) notes.add(varied);
  const complete = references.length === estimates.length;
  return {
    volume: stack(estimates),
    reference: complete ? (stack(references) as NdArray<'float32'>) : null,
    pattern,
    // Of a single slice they have been said.
    ...(complete && !(env.show.sliceMetrics && estimates.length === 1) ? scoreVolume(metric, references, estimates) : {}),
    ms: methodMs,
    provider,
    notes: [...notes],
    ...(curves.every((curve) => curve.length === 0) ? {} : { curves }),
  };
}

/** What a slice is held against. */
interface Compared {
  readonly reference: NdArray<'float32'> | null;
  /** The whole volume's maximum once every slice has been looked at; the metric says which range it used. */
  readonly dataRange: number | undefined;
}
const NOT_COMPARED: Compared = { reference: null, dataRange: undefined };

async function* lookUpReference(slice: number, slices: SliceCache, { kind }: Metric, first: boolean): AsyncGenerator<RunEvent, Compared> {
  const reference = await slices.reference(slice, kind);
  const dataRange = slices.volumeRange(kind) ?? undefined;
  if (reference !== null) {
    yield { type: 'reference', slice, image: reference, dataRange: dataRange ?? maximum(reference), of: slices.referenceKind(kind) };
  } else if (first) {
    yield { type: 'no-reference', reason: whyNoReference(slices) };
  }
  return { reference, dataRange };
}

/** Keeps the residual of every iteration in `curve`: what is shown on the way may leave some out. */
async function* recordResiduals<T>(run: AsyncGenerator<RunEvent, T>, curve: number[]): AsyncGenerator<RunEvent, T> {
  for (;;) {
    const next = await run.next();
    if (next.done === true) return next.value;
    if (next.value.type === 'progress' && next.value.residual !== undefined) curve.push(next.value.residual);
    yield next.value;
  }
}

/** `steps` with the result in front that has been taken from it already. */
async function* resumed<T, R>(begun: IteratorResult<T, R> | null, steps: AsyncGenerator<T, R>): AsyncGenerator<T, R> {
  for (let next = begun ?? (await steps.next()); ; next = await steps.next()) {
    if (next.done === true) return next.value;
    yield next.value;
  }
}

async function* runMethod(
  iterator: AsyncGenerator<MethodStatus, MriEstimate>,
  env: RunEnvironment,
  slice: number,
  clock: RunClock,
): AsyncGenerator<RunEvent, MriEstimate> {
  let lastPartial = performance.now();
  for (;;) {
    const next = await iterator.next();
    if (next.done === true) return next.value;
    throwIfCancelled(env.signal);
    const { iteration, iterations, residual, preview } = next.value;
    const now = performance.now();
    const wanted = env.show.partialEveryMs;
    const partial = wanted !== null && now - lastPartial >= wanted && preview !== undefined;
    if (partial) lastPartial = now;
    yield {
      type: 'progress',
      slice,
      iteration,
      iterations,
      ...(residual === undefined ? {} : { residual }),
      ...clock.at(slice, iteration / Math.max(1, iterations)),
      ...(partial ? { image: preview() } : {}),
    };
  }
}

function zeroFilled(measurement: MriMeasurement, env: RunEnvironment): AsyncGenerator<unknown, MriEstimate> {
  const step = findStep('method', 'zero-filled');
  return step.run(measurement, checkParams(step, {}), methodContext(env));
}

export function methodContext(env: Omit<RunEnvironment, 'show'>): MethodContext {
  return { signal: env.signal, infer: env.infer, loadModel: (id) => env.loadModel(id), cache: env.cache, ...(env.gpu === undefined ? {} : { gpu: env.gpu }) };
}

/** Runs a generator to its end. */
export async function drain<T>(iterator: AsyncGenerator<unknown, T>): Promise<T> {
  for (;;) {
    const next = await iterator.next();
    if (next.done === true) return next.value;
  }
}

interface Metric {
  readonly step: MetricStep;
  readonly params: Record<string, number | string | boolean>;
  readonly kind: ReferenceKind;
  readonly reference: ReferenceKind | 'file';
  /** What the reference is, as part of a sentence. */
  readonly against: string;
}

function metricOf(call: StepCall, slices: SliceCache): Metric {
  const step = findStep('metric', call.name);
  const params = checkParams(step, call.params);
  const kind = step.referenceOf?.(params) ?? 'root-sum-of-squares';
  return { step, params, kind, reference: slices.referenceKind(kind), against: slices.describeReference(kind) };
}

/**
 * Metrics of magnitudes; `dataRange` replaces the maximum of the given references. None where the reference is silent, as an
 * empty slice at the end of a volume is: without a range PSNR and SSIM mean nothing.
 */
function scoreVolume({ step, params, against, reference: of }: Metric, references: readonly NdArray<'float32'>[], estimates: readonly Image[], dataRange?: number): { metrics?: MetricReport } {
  const reference = stack(references) as NdArray<'float32'>;
  if (!(maximum(reference) > 0)) return {};
  const report = step.run(reference, magnitude(stack(estimates)), params, dataRange);
  return { metrics: { ...report, contract: `${report.contract} Reference: ${against}.`, reference: of } };
}

function whyNoReference(slices: SliceCache): string {
  if (slices.series.trajectory !== undefined) return 'The scanner measured this recording along a trajectory, so there is no fully sampled reference to compare with.';
  return isFullySampled(slices.series)
    ? 'The file holds no reference image.'
    : 'The scanner acquired this recording undersampled, so there is no fully sampled reference to compare with.';
}

function stack(images: readonly Image[]): Image {
  const first = images[0];
  if (first === undefined) throw new LacunaError('internal', 'nothing to stack');
  if (images.length === 1) return { ...first, shape: [1, ...first.shape] };
  const volume = zeros(first.dtype, [images.length, ...first.shape]);
  for (const [i, image] of images.entries()) volume.data.set(image.data, i * first.data.length);
  return volume;
}

/** Fraction done and time left over all slices of a run. */
class RunClock {
  readonly #began = performance.now();
  readonly #start: number;
  readonly #count: number;

  constructor(start: number, end: number) {
    this.#start = start;
    this.#count = end - start;
  }

  at(slice: number, within: number): { fraction: number; secondsLeft?: number } {
    const fraction = Math.min(1, (slice - this.#start + within) / this.#count);
    const elapsed = (performance.now() - this.#began) / 1000;
    return fraction < 0.02 || elapsed < 0.3 ? { fraction } : { fraction, secondsLeft: (elapsed * (1 - fraction)) / fraction };
  }
}


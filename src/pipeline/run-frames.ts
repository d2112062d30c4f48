/** Methods for dynamic series: all frames of a place are reconstructed together, and remembered while a person looks through them. */
import { LacunaError } from '../errors.ts';
import type { MriEstimate, MriMeasurement } from '../mri/measurement.ts';
import type { SamplingPattern } from '../sampling/pattern.ts';
import { canonicalJson } from './canonical-json.ts';
import type { PipelineDocument } from './document.ts';
import type { Frames } from '../array/frames.ts';
import { makePattern } from './make-pattern.ts';
import { measure } from './measure.ts';
import { checkParams, findStep } from './registry.ts';
import type { SliceCache } from './slice-cache.ts';
import type { MethodContext, MethodStatus, MethodStep } from './step.ts';

/** The pattern of each slice of a run: of its frame, where the series is dynamic. Each is drawn once. */
export class FramePatterns {
  readonly #document: PipelineDocument;
  readonly #slices: SliceCache;
  readonly #frames: Frames | null;
  readonly #readPatternFile: Parameters<typeof makePattern>[2];
  readonly #drawn = new Map<number, Promise<SamplingPattern>>();

  constructor(document: PipelineDocument, slices: SliceCache, frames: Frames | null, readPatternFile: Parameters<typeof makePattern>[2]) {
    this.#document = document;
    this.#slices = slices;
    this.#frames = frames;
    this.#readPatternFile = readPatternFile;
  }

  of(slice: number): Promise<SamplingPattern> {
    const frame = this.#frames?.frameOf(slice);
    let drawn = this.#drawn.get(frame ?? 0);
    if (drawn === undefined) {
      drawn = frame !== undefined && frame === this.#fullFrame() ? this.full() : makePattern(this.#document, this.#slices.series, this.#readPatternFile, frame);
      this.#drawn.set(frame ?? 0, drawn);
    }
    return drawn;
  }

  /** All samples that the scanner acquired. */
  full(): Promise<SamplingPattern> {
    return makePattern({ pattern: { name: 'full', params: {} } }, this.#slices.series);
  }

  #fullFrame(): number | undefined {
    const { name, params } = this.#document.method;
    const step = findStep('method', name);
    return step.fullFrame?.(checkParams(step, params));
  }

  /** A sentence for the receipt where frames differ; null where one pattern served all. */
  async note(): Promise<string | null> {
    const all = await Promise.all(this.#drawn.values());
    const [first] = all;
    if (first === undefined || all.every(({ mask }) => mask.every((flag, i) => flag === first.mask[i]))) return null;
    const kept = all.reduce((sum, pattern) => sum + pattern.kept, 0);
    const total = all.reduce((sum, pattern) => sum + pattern.total, 0);
    return `Each frame has a pattern of its own; over ${all.length} frames R = ${(total / kept).toFixed(2)}`;
  }
}

interface Remembered {
  readonly slices: SliceCache;
  readonly estimates: readonly MriEstimate[];
}

const PREFIX = 'frames:';
/** Places whose frames are kept. */
const MOST_KEPT = 2;

/** The estimate of `slice`, for which all frames of its place are computed unless they are known. */
export async function* estimateInSeries(
  step: MethodStep,
  params: Record<string, number | string | boolean>,
  slice: number,
  about: { readonly document: PipelineDocument; readonly frames: Frames; readonly patterns: FramePatterns; readonly slices: SliceCache; readonly context: MethodContext },
): AsyncGenerator<MethodStatus, MriEstimate> {
  const { frames, patterns, slices, context, document } = about;
  const place = frames.placeOf(slice);
  const frame = frames.frameOf(slice);
  const { input, acquire, prepare, pattern, mask, method } = document;
  const key = `${PREFIX}${place[0]}:${canonicalJson({ input, acquire, prepare, pattern, mask, method })}`;
  const known = context.cache.get(key) as Remembered | undefined;
  if (known?.slices === slices) return picked(known.estimates, frame);
  const measurements: MriMeasurement[] = [];
  for (const index of place) measurements.push(measure(await slices.kspace(index), await patterns.of(index), slices.series));
  if (step.runFrames === undefined) throw new LacunaError('internal', `${step.name} does not reconstruct frames together`);
  const iterator = step.runFrames(measurements, params, context);
  for (;;) {
    const { value, done } = await iterator.next();
    if (!done) {
      const { preview } = value;
      yield preview === undefined ? value : { ...value, preview: () => preview(frame) };
      continue;
    }
    for (const old of [...context.cache.keys()].filter((name) => name.startsWith(PREFIX)).slice(0, 1 - MOST_KEPT)) context.cache.delete(old);
    context.cache.set(key, { slices, estimates: value } satisfies Remembered);
    return picked(value, frame);
  }
}

function picked(estimates: readonly MriEstimate[], frame: number): MriEstimate {
  const estimate = estimates[frame];
  if (estimate === undefined) throw new LacunaError('internal', `a method for dynamic series gave ${estimates.length} frames, frame ${frame} is missing`);
  return estimate;
}

/** Runs a view step on what a pipeline document describes: the same slice, pattern and method as the picture beside it. */
import type { MethodStatus, ViewImage, ViewInput } from './step.ts';
import { LacunaError } from '../errors.ts';
import type { MriEstimate, MriMeasurement } from '../mri/measurement.ts';
import { throwIfCancelled } from '../algorithms/status.ts';
import { canonicalJson } from './canonical-json.ts';
import type { PipelineDocument, StepCall } from './document.ts';
import { frameMeasurement, rememberedFrame } from './frame-estimates.ts';
import { framesOf } from '../array/frames.ts';
import { modelOf } from './learned/model-of.ts';
import { measure } from './measure.ts';
import { checkParams, findStep } from './registry.ts';
import { estimateInSeries, FramePatterns } from './run-frames.ts';
import { drain, methodContext, type RunEnvironment } from './runner.ts';
import { checkAccepts, isNonCartesian } from './sampling-fit.ts';

/** Looks at slice `document.slices[0]`. Throws usage.unsupported where the view refuses, and what reading and the method throw. */
export async function* runView(document: PipelineDocument, call: StepCall, env: Omit<RunEnvironment, 'show'>): AsyncGenerator<MethodStatus, ViewImage> {
  const view = findStep('view', call.name);
  const method = findStep('method', document.method.name);
  const methodParams = checkParams(method, document.method.params);
  const { series } = env.slices;
  const slice = document.slices[0];
  if (slice >= series.slices) throw new LacunaError('usage.invalid', `Slice ${slice} is not within 0:${series.slices}.`, { field: 'slices' });
  const frames = framesOf(series);
  const patterns = new FramePatterns(document, env.slices, frames, env);
  const pattern = await patterns.of(slice);
  checkAccepts(view, isNonCartesian(series, pattern), 'view');
  const model = modelOf(method, methodParams);
  const learned = model === undefined ? {} : { model };
  const refusal = view.refuses?.({ series, pattern, method: method.name, ...learned }) ?? null;
  if (refusal !== null) throw new LacunaError('usage.unsupported', refusal, { field: 'view' });

  let measured: Promise<MriMeasurement> | undefined;
  let estimated: Promise<MriEstimate> | undefined;
  const input: ViewInput = {
    series,
    slice,
    pattern,
    frames: frames?.placeOf(slice) ?? [slice],
    measurementAt: (frame) => frameMeasurement(frame, env.slices, patterns),
    estimateAt(frame, mapsOf) {
      checkAccepts(method, isNonCartesian(series, pattern), 'method');
      if (frames !== null && method.runFrames !== undefined) {
        return drain(estimateInSeries(method, methodParams, frame.slice, { document, frames, patterns, slices: env.slices, context: methodContext(env) }));
      }
      return rememberedFrame({ document, frame, mapsOf: mapsOf ?? null }, env.slices, env.cache, async () => {
        const measurement = await frameMeasurement(frame, env.slices, patterns);
        const calibration = mapsOf === undefined ? undefined : await frameMeasurement(mapsOf, env.slices, patterns);
        return drain(method.run({ ...measurement, ...(calibration === undefined ? {} : { calibration }) }, methodParams, methodContext(env)));
      });
    },
    kspace: () => env.slices.kspace(slice),
    measurement() {
      measured ??= env.slices.kspace(slice).then((kspace) => measure(kspace, pattern, series));
      return measured;
    },
    estimate(other, params = {}) {
      checkAccepts(method, isNonCartesian(series, pattern), 'method');
      const run = (measurement: MriMeasurement) => drain(method.run(measurement, checkParams(method, { ...methodParams, ...params }), methodContext(env)));
      if (frames !== null && method.runFrames !== undefined) {
        if (other !== undefined) throw new LacunaError('usage.unsupported', `${method.title} reconstructs all frames together, which this view cannot repeat for one.`, { field: 'view' });
        const about = { document, frames, patterns, slices: env.slices, context: methodContext(env) };
        estimated ??= drain(estimateInSeries(method, methodParams, slice, about));
        return estimated;
      }
      if (other !== undefined) return run(other);
      estimated ??= input.measurement().then(run);
      return estimated;
    },
    method: { name: method.name, title: method.title, params: methodParams, ...learned },
  };
  throwIfCancelled(env.signal);
  return yield* view.run(input, checkParams(view, call.params), methodContext(env));
}

/** Equal keys, equal view: what `of` says it depends on, and nothing else. */
export function viewKey(document: PipelineDocument, call: StepCall): string {
  const { of } = findStep('view', call.name);
  const { input, slices, acquire, prepare, pattern, mask, method, provider } = document;
  const always = { input, acquire, prepare, slice: slices[0], call };
  if (of === 'recording') return canonicalJson(always);
  return canonicalJson(of === 'estimate' ? { ...always, pattern, mask, method, provider } : { ...always, pattern, mask });
}

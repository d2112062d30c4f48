/** The pipeline document that a command line describes. */
import type { Recording, Series } from '../array/recording.ts';
import { type PipelineDocument, pipelineSchema, type StepCall } from '../pipeline/document.ts';
import { suggestedPreparation } from '../pipeline/prepare.ts';
import { isFullySampled } from '../pipeline/slice-cache.ts';
import type { Arguments } from './arguments.ts';
import { providerOf } from './machine.ts';

export interface CalledSteps {
  readonly pattern: StepCall;
  readonly method: StepCall;
  readonly acquire: StepCall | undefined;
  readonly metric: StepCall;
  /** Null for what the series suggests. */
  readonly prepare: readonly StepCall[] | null;
}

export interface Described {
  readonly recording: Recording;
  readonly sample: StepCall | undefined;
  readonly series: Series;
  readonly slices: readonly [number, number];
  readonly calls: CalledSteps;
  readonly args: Arguments;
}

/** Throws usage.invalid where the provider is none. */
export async function pipelineOf({ recording, sample, series, slices, calls, args }: Described): Promise<PipelineDocument> {
  const { method, acquire, metric } = calls;
  const prepare = preparationOf(calls, series);
  const { read } = recording;
  return pipelineSchema.parse({
    lacuna: 1,
    input: {
      name: recording.name,
      sha256: await recording.sha256(),
      series: series.id,
      ...(sample === undefined ? {} : { sample }),
      ...(read === undefined ? {} : { read }),
    },
    slices,
    ...(acquire === undefined ? {} : { acquire }),
    ...(prepare.length === 0 ? {} : { prepare }),
    pattern: patternOf(calls, series, args),
    method,
    metric,
    provider: providerOf(args),
  });
}

export function preparationOf({ prepare }: Pick<CalledSteps, 'prepare'>, series: Series): readonly StepCall[] {
  return prepare ?? suggestedPreparation(series);
}

/** The pattern that is asked for; where nothing is, a series that the scanner undersampled keeps its own. */
export function patternOf({ pattern }: Pick<CalledSteps, 'pattern'>, series: Series, args: Arguments): StepCall {
  const asked = args.text('pattern') !== undefined || Object.keys(pattern.params).length > 0;
  return asked || series.domain === 'image' || isFullySampled(series) ? pattern : { name: 'full', params: {} };
}

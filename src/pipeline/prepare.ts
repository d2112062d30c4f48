/** The preparation of measured k-space: which steps suit a series, and running them in order. */
import type { Series } from '../array/recording.ts';
import { LacunaError } from '../errors.ts';
import type { PipelineDocument, StepCall } from './document.ts';
import { asKspace } from './kspace-source.ts';
import { checkParams, findStep, listSteps } from './registry.ts';

/** What a pipeline samples: the series as k-space (see asKspace), after every called preparation. Throws what both throw. */
export async function preparedKspace(series: Series, { acquire, prepare: calls = [] }: Pick<PipelineDocument, 'acquire' | 'prepare'>): Promise<Series> {
  return prepare(await asKspace(series, acquire), calls);
}

/** The steps that should be on unless a person says otherwise, with their defaults; none for images, whose k-space is made. */
export function suggestedPreparation(series: Series): StepCall[] {
  if (series.domain !== 'kspace') return [];
  return inOrder(listSteps('prepare'))
    .filter((step) => step.refuses(series) === null && step.suggested(series))
    .map((step) => ({ name: step.name, params: checkParams(step, {}) }));
}

/** `series` after every called step. Throws usage.unsupported where one cannot serve it, usage.invalid for one named twice. */
export async function prepare(series: Series, calls: readonly StepCall[]): Promise<Series> {
  const chosen = calls.map((call) => ({ step: findStep('prepare', call.name), call }));
  if (new Set(calls.map((call) => call.name)).size < calls.length) {
    throw new LacunaError('usage.invalid', 'A preparation is named twice; each runs once.', { field: 'prepare' });
  }
  let prepared = series;
  for (const step of inOrder(chosen.map(({ step }) => step))) {
    const refusal = step.refuses(prepared);
    if (refusal !== null) throw new LacunaError('usage.unsupported', refusal, { field: 'prepare' });
    const call = chosen.find((entry) => entry.step === step)?.call;
    prepared = await step.run(prepared, checkParams(step, call?.params ?? {}));
  }
  return prepared;
}

const inOrder = <S extends { readonly order: number; readonly name: string }>(steps: readonly S[]): S[] =>
  [...steps].sort((a, b) => a.order - b.order || (a.name < b.name ? -1 : 1));

/** Which preparation steps run, as calls in a recipe. Pure. */
import type { SeriesSummary, StepDescription } from '../../../src/host/contract.ts';
import type { StepCall } from '../../../src/pipeline/document.ts';
import { callOf, preparationOf } from './recipe.ts';

/** What a series starts with: the steps suggested for it, at their defaults. */
export function suggestedPreparation(series: Pick<SeriesSummary, 'prepare'> | null, steps: readonly StepDescription[]): readonly StepCall[] {
  return preparationOf(series).flatMap(({ name, suggested, refusal }) => {
    const step = steps.find((other) => other.kind === 'prepare' && other.name === name);
    return suggested && refusal === null && step !== undefined ? [callOf(step)] : [];
  });
}

/** Calls that this series does not refuse, in its order. */
export function acceptedPreparation(calls: readonly StepCall[], series: Pick<SeriesSummary, 'prepare'> | null): readonly StepCall[] {
  return preparationOf(series).flatMap(({ name, refusal }) => (refusal === null ? calls.filter((call) => call.name === name) : []));
}

export function switched(calls: readonly StepCall[], step: StepDescription, on: boolean): readonly StepCall[] {
  const others = calls.filter(({ name }) => name !== step.name);
  return on ? [...others, callOf(step)] : others;
}

export function withCall(calls: readonly StepCall[], call: StepCall): readonly StepCall[] {
  return calls.map((other) => (other.name === call.name ? call : other));
}

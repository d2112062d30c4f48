/** Looks steps up by kind and name, and checks their parameters. The list itself is generated from the files under steps/. */
import { z } from 'zod';
import { LacunaError } from '../errors.ts';
import type { StepCall } from './document.ts';
import { steps } from './registry.generated.ts';
import type { Step, StepKind } from './step.ts';

type StepOf<K extends StepKind> = Extract<Step, { readonly kind: K }>;

export function listSteps<K extends StepKind>(kind: K): readonly StepOf<K>[] {
  return steps.filter((step): step is StepOf<K> => step.kind === kind);
}

export function allSteps(): readonly Step[] {
  return steps;
}

/** Throws usage.not-found, naming what there is. */
export function findStep<K extends StepKind>(kind: K, name: string): StepOf<K> {
  const found = listSteps(kind).find((step) => step.name === name);
  if (found !== undefined) return found;
  const names = listSteps(kind).map((step) => step.name);
  throw new LacunaError('usage.not-found', `There is no ${kind} “${name}”; expected one of ${names.join(', ')}.`, { field: kind });
}

/** Fills in defaults and checks ranges. Throws usage.invalid naming the first parameter that does not fit. */
export function checkParams(step: Step, params: StepCall['params']): Record<string, number | string | boolean> {
  const known = Object.keys(step.params.shape);
  const unknown = Object.keys(params).find((key) => !known.includes(key));
  if (unknown !== undefined) {
    const expected = known.length === 0 ? 'it takes no parameters' : `expected ${known.join(', ')}`;
    throw new LacunaError('usage.invalid', `${step.title} has no parameter “${unknown}”; ${expected}.`, { field: unknown });
  }
  const parsed = step.params.safeParse(params);
  if (parsed.success) return parsed.data as Record<string, number | string | boolean>;
  const issue = parsed.error.issues[0];
  const field = issue?.path.join('.') ?? '';
  throw new LacunaError('usage.invalid', `${step.title}: ${field}: ${issue?.message ?? 'invalid'}.`, { field, cause: parsed.error });
}

/** The call with every parameter written out, so that a receipt does not depend on later defaults. */
export function completeCall(kind: StepKind, call: StepCall): StepCall {
  const step = findStep(kind, call.name);
  return { name: call.name, params: checkParams(step, call.params) };
}

/** JSON Schema of a step's parameters with titles, units, ranges and defaults, for controls, flags and OpenAPI. */
export function paramsJsonSchema(step: Step): unknown {
  const schema = z.toJSONSchema(step.params, { io: 'input', target: 'draft-2020-12' }) as { $schema?: string };
  const { $schema: _dialect, ...rest } = schema;
  return rest;
}

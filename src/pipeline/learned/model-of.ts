import type { StepCall } from '../document.ts';
import type { MethodStep } from '../step.ts';

/** Id of the model package that a method runs with these parameters; undefined for methods without one. */
export function modelOf(step: Pick<MethodStep, 'model'>, params: StepCall['params']): string | undefined {
  const chosen = params['model'];
  return step.model !== undefined && typeof chosen === 'string' ? chosen : step.model;
}

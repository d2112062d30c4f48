/** Which steps fit which k-space. */
import type { Series } from '../array/recording.ts';
import { LacunaError } from '../errors.ts';
import type { SamplingPattern } from '../sampling/pattern.ts';
import type { Sampling } from './step.ts';

/** Whether the measurement that `pattern` makes of `series` is non-Cartesian. */
export function isNonCartesian(series: Pick<Series, 'trajectory'>, pattern?: Pick<SamplingPattern, 'kind'>): boolean {
  return series.trajectory !== undefined || pattern?.kind === 'trajectory';
}

/** Throws usage.unsupported where a step does not accept that sampling. */
export function checkAccepts(step: { readonly title: string; readonly accepts?: Sampling }, nonCartesian: boolean, field: string): void {
  const accepts = step.accepts ?? 'cartesian';
  if (accepts === 'any' || accepts === (nonCartesian ? 'non-cartesian' : 'cartesian')) return;
  throw new LacunaError(
    'usage.unsupported',
    nonCartesian ? `${step.title} needs Cartesian k-space; this one was measured along a trajectory.` : `${step.title} is for trajectories; this k-space is Cartesian.`,
    { field },
  );
}

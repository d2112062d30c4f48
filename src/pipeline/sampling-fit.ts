/** Which steps fit which k-space. */
import type { Series } from '../array/recording.ts';
import { LacunaError } from '../errors.ts';
import type { SamplingPattern } from '../sampling/pattern.ts';
import type { Sampling } from './step.ts';

/** Whether the measurement that `pattern` makes of `series` is non-Cartesian. */
export function isNonCartesian(series: Pick<Series, 'trajectory'>, pattern?: Pick<SamplingPattern, 'kind'>): boolean {
  return series.trajectory !== undefined || pattern?.kind === 'trajectory';
}

type Accepting = { readonly title: string; readonly accepts?: Sampling };

/** Why a step does not accept that sampling; null where it does. */
export function samplingRefusal({ title, accepts = 'cartesian' }: Accepting, nonCartesian: boolean): string | null {
  if (accepts === 'any' || accepts === (nonCartesian ? 'non-cartesian' : 'cartesian')) return null;
  return nonCartesian ? `${title} needs Cartesian k-space; this one was measured along a trajectory.` : `${title} is for trajectories; this k-space is Cartesian.`;
}

/** Throws usage.unsupported where a step does not accept that sampling. */
export function checkAccepts(step: Accepting, nonCartesian: boolean, field: string): void {
  const refusal = samplingRefusal(step, nonCartesian);
  if (refusal !== null) throw new LacunaError('usage.unsupported', refusal, { field });
}

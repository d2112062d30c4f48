/** Which steps fit which k-space, from their descriptions alone: what does not fit is greyed with the reason, before the click. */
import type { PatternSummary, SeriesSummary, StepDescription } from '../../../src/host/contract.ts';

type Fit = Pick<StepDescription, 'title' | 'accepts' | 'makes'>;

/** Samples lie on a trajectory: the recording's own, or the one that the chosen pattern measures anew along. */
export function isAlongTrajectory(series: Pick<SeriesSummary, 'trajectory'> | null, pattern: Pick<Fit, 'makes'> | null, drawn?: Pick<PatternSummary, 'kind'> | null): boolean {
  return series?.trajectory !== undefined || pattern?.makes === 'trajectory' || drawn?.kind === 'trajectory';
}

/** Why a method or view cannot serve such samples; null where it can. */
export function unfitForSamples({ title, accepts = 'cartesian' }: Fit, alongTrajectory: boolean): string | null {
  if (accepts === 'any' || accepts === (alongTrajectory ? 'non-cartesian' : 'cartesian')) return null;
  return alongTrajectory ? `${title} needs Cartesian k-space; these samples lie along a trajectory.` : `${title} is for samples along a trajectory; these are Cartesian.`;
}

/** Why a pattern cannot sample that series; null where it can. */
export function unfitForSeries(step: Fit, series: Pick<SeriesSummary, 'trajectory' | 'fullySampled'> | null): string | null {
  if (series === null) return null;
  const refusal = unfitForSamples(step, series.trajectory !== undefined);
  if (refusal !== null) return refusal;
  return step.makes === 'trajectory' && !series.fullySampled ? `${step.title} measures a full scan anew; the scanner left samples out of this one.` : null;
}

/** The step itself where it fits, else the first of `preferred` that does, else any. Null where none fits. */
export function fitting<S extends Fit & { readonly name: string }>(steps: readonly S[], name: string, refusal: (step: S) => string | null, preferred: readonly string[] = []): S | null {
  const fits = steps.filter((step) => refusal(step) === null);
  const order = [name, ...preferred];
  return order.map((wanted) => fits.find((step) => step.name === wanted)).find((step) => step !== undefined) ?? fits[0] ?? null;
}

/** Which steps suit a series, told without running anything: what can be said of them by the series alone. */
import { listSteps } from '../pipeline/registry.ts';
import { samplingRefusal } from '../pipeline/sampling-fit.ts';
import type { SeriesSummary, StepFit } from './contract.ts';

/**
 * Of a pattern that measures Cartesian k-space along a trajectory, methods and views must be asked again: for them this
 * is what suits the series sampled on its own grid or along its own trajectory.
 */
export function stepFits(series: Pick<SeriesSummary, 'trajectory' | 'fullySampled'>): readonly StepFit[] {
  const nonCartesian = series.trajectory !== undefined;
  const kinds = ['pattern', 'method', 'view'] as const;
  return kinds.flatMap((kind) =>
    listSteps(kind).map((step) => {
      const measuresAnew = step.kind === 'pattern' && step.makes === 'trajectory' && !series.fullySampled;
      const refusal = samplingRefusal(step, nonCartesian) ?? (measuresAnew ? `${step.title} measures fully sampled k-space anew; the scanner undersampled this recording.` : null);
      return { kind, name: step.name, refusal };
    }),
  );
}

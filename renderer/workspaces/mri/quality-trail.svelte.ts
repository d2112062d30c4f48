/** The trail of the live preview: takes each finished result once. */
import type { LiveState } from './live-state.ts';
import type { MetricReport } from '../../../src/pipeline/step.ts';
import { NO_TRAIL, type Trail, withResult } from './quality-trail.ts';

export class QualityTrail {
  trail = $state.raw<Trail>(NO_TRAIL);
  /** Of the result taken last. */
  metrics = $state.raw<MetricReport | null>(null);
  #last: LiveState['estimate'] = null;

  note({ estimate, request }: Pick<LiveState, 'estimate' | 'request'>): void {
    if (estimate === null || estimate === this.#last || request?.generation !== estimate.generation) return;
    this.#last = estimate;
    this.metrics = estimate.value.metrics ?? this.metrics;
    this.trail = withResult(this.trail, request.value, estimate.value);
  }
}

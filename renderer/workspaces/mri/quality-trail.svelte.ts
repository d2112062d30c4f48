/** The trail of the live preview: takes each finished result once. */
import type { LiveState } from './live-state.ts';
import { NO_TRAIL, type Trail, withResult } from './quality-trail.ts';

export class QualityTrail {
  trail = $state.raw<Trail>(NO_TRAIL);
  #last: LiveState['estimate'] = null;

  note({ estimate, request }: Pick<LiveState, 'estimate' | 'request'>): void {
    if (estimate === null || estimate === this.#last || request?.generation !== estimate.generation) return;
    this.#last = estimate;
    this.trail = withResult(this.trail, request.value, estimate.value);
  }
}

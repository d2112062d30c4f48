/** One line of progress; empty for events that are none. */
import type { RunEvent } from '../pipeline/run-event.ts';

export function progressLine(event: RunEvent): string {
  switch (event.type) {
    case 'pattern':
      return `pattern: ${event.pattern.kept} of ${event.pattern.total} ${event.pattern.kind}`;
    case 'progress': {
      const left = event.secondsLeft === undefined ? '' : `, about ${Math.ceil(event.secondsLeft)} s left`;
      return `slice ${event.slice}: ${event.iteration}/${event.iterations}  ${Math.round(100 * event.fraction)} %${left}`;
    }
    case 'slice':
      return `slice ${event.slice}: ${Math.round(event.ms)} ms`;
    default:
      return '';
  }
}

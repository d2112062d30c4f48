/** A run's events as the wire has them: arrays become links. */
import type { RunEvent } from '../pipeline/run-event.ts';
import type { ArrayStore } from './array-store.ts';
import type { JobEvent } from './contract.ts';
import { summarisePattern } from './summaries.ts';

export function wireEvent(event: RunEvent, arrays: ArrayStore): JobEvent {
  switch (event.type) {
    case 'pattern':
      return { type: 'pattern', pattern: summarisePattern(event.pattern, arrays, event.trajectory) };
    case 'kspace':
      return { type: 'kspace', kspace: arrays.put(event.image) };
    case 'reference':
      return { ...event, image: arrays.put(event.image) };
    case 'no-reference':
    case 'scores':
      return event;
    case 'zero-filled':
      return { ...event, image: arrays.put(event.image) };
    case 'progress': {
      const { image, ...rest } = event;
      return image === undefined ? rest : { ...rest, image: arrays.put(image) };
    }
    case 'slice': {
      const { estimate, ...rest } = event;
      const { image, provider, notes, seen } = estimate;
      return { ...rest, image: arrays.put(image), provider, notes, ...(seen === undefined ? {} : { seen }) };
    }
  }
}

/** Windows under the keys 2 to 9, in parts of the reference's range. */
import type { ValueWindow } from '../../viewers/image/types.ts';

export function presetWindow(number: number, range: number, now: ValueWindow): ValueWindow {
  const span = (low: number, high: number): ValueWindow => ({ centre: ((low + high) / 2) * range, width: (high - low) * range });
  switch (number) {
    case 2: return span(0, 1);
    case 3: return span(0, 0.5);
    case 4: return span(0, 0.25);
    case 5: return span(0, 0.1);
    case 6: return span(0.5, 1);
    case 7: return span(0.25, 0.75);
    case 8: return { centre: now.centre, width: now.width * 0.8 };
    case 9: return { centre: now.centre, width: now.width / 0.8 };
    default: return now;
  }
}

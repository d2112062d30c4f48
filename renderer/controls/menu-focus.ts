/** Which item of a menu has the focus next. Disabled items are passed over; the ends join. */
import type { MenuItem } from './types.ts';

export function nextItem(items: readonly MenuItem[], from: number, key: string): number {
  const enabled = items.flatMap((item, i) => (item.disabled === true ? [] : [i]));
  const first = enabled[0] ?? -1;
  const last = enabled.at(-1) ?? -1;
  if (key === 'Home') return first;
  if (key === 'End') return last;
  if (key === 'ArrowDown') return enabled.find((i) => i > from) ?? first;
  if (key === 'ArrowUp') return enabled.findLast((i) => i < from) ?? last;
  if (key.length !== 1) return from;
  // A letter goes to the next item that starts with it.
  const starts = (i: number): boolean => items[i]?.label.toLowerCase().startsWith(key.toLowerCase()) ?? false;
  return enabled.find((i) => i > from && starts(i)) ?? enabled.find(starts) ?? from;
}

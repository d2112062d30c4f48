import { describe, expect, it } from 'vitest';
import { nextItem } from '../../../renderer/controls/menu-focus.ts';
import { timeLeft } from '../../../renderer/controls/time-left.ts';

describe('menu focus', () => {
  const items = [
    { id: 'a', label: 'Open' }, { id: 'b', label: 'Save', disabled: true }, { id: 'c', label: 'Sweep' }, { id: 'd', label: 'Stop' },
  ];
  it('passes over disabled items and joins the ends', () => {
    expect(nextItem(items, 0, 'ArrowDown')).toBe(2);
    expect(nextItem(items, 3, 'ArrowDown')).toBe(0);
    expect(nextItem(items, 0, 'ArrowUp')).toBe(3);
    expect(nextItem(items, -1, 'ArrowDown')).toBe(0);
    expect(nextItem(items, 2, 'Home')).toBe(0);
    expect(nextItem(items, 0, 'End')).toBe(3);
  });
  it('goes to the next item with that letter', () => {
    expect(nextItem(items, 0, 's')).toBe(2);
    expect(nextItem(items, 2, 's')).toBe(3);
    expect(nextItem(items, 3, 's')).toBe(2);
    expect(nextItem(items, 3, 'q')).toBe(3);
  });
  it('finds nothing in an empty menu', () => {
    expect(nextItem([], -1, 'ArrowDown')).toBe(-1);
  });
});

it.each([
  [0.4, 'nearly done'], [3.2, 'about 3 s left'], [12, 'about 10 s left'], [130, 'about 2 min left'], [7000, 'about 2 h left'],
  [Number.NaN, ''],
])('%f s → %s', (seconds, text) => expect(timeLeft(seconds)).toBe(text));

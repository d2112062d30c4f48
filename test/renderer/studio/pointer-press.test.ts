import { expect, it } from 'vitest';
import { presentPress, watchPresses } from '../../../renderer/studio/pointer-press.ts';

it('numbers each press of the pointer, and says when there is none', () => {
  const window = new EventTarget();
  const stop = watchPresses(window);
  const say = (type: string) => void window.dispatchEvent(new Event(type));
  expect(presentPress()).toBeNull();
  say('pointerdown');
  const first = presentPress();
  expect(first).not.toBeNull();
  say('pointermove');
  expect(presentPress()).toBe(first);
  say('pointerup');
  expect(presentPress()).toBeNull();
  for (const end of ['pointercancel', 'blur']) {
    say('pointerdown');
    expect(presentPress()).not.toBe(first);
    say(end);
    expect(presentPress()).toBeNull();
  }
  say('pointerdown');
  stop();
  expect(presentPress()).toBeNull();
  say('pointerdown');
  expect(presentPress()).toBeNull();
});

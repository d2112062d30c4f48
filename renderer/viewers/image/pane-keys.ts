/** Keys of a pane. Focused: arrows, + and −, Escape (takes shapes away). Under the pointer: Space (pan) and Tab (blink), both held. */
import type { Scope } from '../scope.ts';
import type { ImagePaneState } from './image-pane.svelte.ts';
import type { ViewLink } from './view-link.svelte.ts';
import { screenStep } from './view-transform.ts';

/** Right and down on the screen. */
const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
};
/** Crosshair steps with Shift. */
const COARSE = 10;

/** True when the key was used. */
export function paneKey(event: KeyboardEvent, pane: ImagePaneState, link: ViewLink): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  const arrow = ARROWS[event.key];
  if (arrow !== undefined) {
    const length = event.shiftKey ? COARSE : 1;
    const { row, column } = screenStep(link, arrow[0] * length, arrow[1] * length);
    pane.moveCrosshair(row, column);
    return true;
  }
  if (event.key === '+') link.zoomAt(1.25);
  else if (event.key === '-') link.zoomAt(1 / 1.25);
  else if (event.key === 'Escape') return pane.clearShapes();
  else return false;
  return true;
}

/** Typing must not be taken away from these, nor Space from buttons. */
const TAKES_KEYS = 'input, select, textarea, button, a, summary, [contenteditable], [role="slider"], [role="menuitem"]';

function takesKeys(element: Element | null): boolean {
  return element?.matches(TAKES_KEYS) === true;
}

/**
 * Keyboard users need Tab to move on (WCAG 2.1.2). So it blinks only while the pointer is over the pane, and not when the
 * focus was put where it is by the keyboard.
 */
function keyboardFocus(): boolean {
  const active = document.activeElement;
  return active !== null && active !== document.body && active.matches(':focus-visible');
}

export function listenHeldKeys(scope: Scope, pane: ImagePaneState, link: () => ViewLink, canBlink: () => boolean): void {
  const release = (): void => {
    pane.setSpace(false);
    if (blinking) link().blink = false;
    blinking = false;
  };
  let blinking = false;
  scope.listen<KeyboardEvent>(window, 'keydown', (event) => {
    if (!pane.hovered || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    if (event.key === ' ' && !takesKeys(document.activeElement)) {
      event.preventDefault();
      pane.setSpace(true);
    } else if (event.key === 'Tab' && (blinking || (canBlink() && !keyboardFocus()))) {
      event.preventDefault();
      blinking = true;
      link().blink = true;
    }
  });
  scope.listen<KeyboardEvent>(window, 'keyup', (event) => {
    if (event.key === ' ' || event.key === 'Tab') release();
  });
  scope.listen(window, 'blur', release);
  scope.add(release);
}

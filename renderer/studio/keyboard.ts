/** Keys of the whole window → actions. */
import { actionFor, type Action } from './actions/registry.ts';
import { bindingOf, type KeyTarget } from './actions/keys.ts';
import type { Studio } from './studio.svelte.ts';
import { isMac } from './shell.ts';

/** Arrow keys move the crosshair of a focused pane; where there are slices, up and down leaf through them instead. */
const LEAF_KEYS = new Set(['ArrowUp', 'ArrowDown']);

export function listenKeys(studio: Studio): () => void {
  const mac = isMac();
  const held = new Map<string, Action>();
  /** Space pans while it is held and dragged; it only resets when it was let go without a drag. */
  let space: Action | null = null;

  const down = (event: KeyboardEvent): void => {
    if (event.isComposing || document.querySelector('dialog[open]') !== null) return;
    const binding = bindingOf(event, mac);
    if (binding === null || binding === 'Tab') return; // panes blink with Tab themselves, where it is safe
    const action = actionFor(event, targetOf(event), studio, mac);
    if (action === null) return;
    if (binding === 'Space') {
      if (!event.repeat) space = action;
      event.preventDefault();
      return;
    }
    if (event.defaultPrevented) return;
    event.preventDefault();
    if (action.held === true) {
      if (event.repeat) return;
      held.set(event.code, action);
    }
    action.run(studio);
  };
  const leaf = (event: KeyboardEvent): void => {
    const pane = event.target instanceof Element && event.target.getAttribute('role') === 'application';
    if (!pane || !LEAF_KEYS.has(event.key) || event.shiftKey || (studio.mri.series?.slices ?? 1) < 2) return;
    event.stopPropagation();
    down(event);
  };
  const up = (event: KeyboardEvent): void => {
    if (event.key === ' ' && space !== null) {
      // A button under the focus would be pressed now.
      event.preventDefault();
      space.run(studio);
      space = null;
    }
    held.get(event.code)?.release?.(studio);
    held.delete(event.code);
  };
  const dragged = (): void => {
    space = null;
  };
  const blur = (): void => {
    space = null;
    for (const action of held.values()) action.release?.(studio);
    held.clear();
  };
  window.addEventListener('click', letGo);
  window.addEventListener('keydown', leaf, { capture: true });
  window.addEventListener('keydown', down);
  window.addEventListener('keyup', up);
  window.addEventListener('pointerdown', dragged, { capture: true });
  window.addEventListener('blur', blur);
  return () => {
    window.removeEventListener('click', letGo);
    window.removeEventListener('keydown', leaf, { capture: true });
    window.removeEventListener('keydown', down);
    window.removeEventListener('keyup', up);
    window.removeEventListener('pointerdown', dragged, { capture: true });
    window.removeEventListener('blur', blur);
  };
}

/**
 * A button or choice clicked with the mouse gives the focus back, else it would claim Space and the arrows from the
 * viewers ever after. Keyboard clicks have no `detail`; menus and dialogs keep their own focus.
 */
function letGo(event: MouseEvent): void {
  const { activeElement } = document;
  if (event.detail === 0 || !(activeElement instanceof HTMLElement)) return;
  if (!activeElement.matches('button, input[type="radio"], summary') || activeElement.closest('dialog, [role="menu"]') !== null) return;
  if (activeElement.getAttribute('aria-haspopup') === null) activeElement.blur();
}

function targetOf(event: KeyboardEvent): KeyTarget | null {
  const { target } = event;
  if (!(target instanceof HTMLElement)) return null;
  return {
    tagName: target.tagName,
    role: target.getAttribute('role'),
    isContentEditable: target.isContentEditable,
    ...(target instanceof HTMLInputElement ? { type: target.type } : {}),
  };
}

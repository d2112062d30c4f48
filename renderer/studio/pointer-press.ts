/** Which press of the pointer is under way: changes made during one press are one step of undo, however slowly they come. */
let count = 0;
let pressed = false;

/** Number of the present press; null while the pointer is up. */
export const presentPress = (): number | null => (pressed ? count : null);

export function watchPresses(target: EventTarget): () => void {
  const down = (): void => {
    count++;
    pressed = true;
  };
  const up = (): void => {
    pressed = false;
  };
  // Captured: sliders and panes keep the events they use to themselves.
  target.addEventListener('pointerdown', down, { capture: true });
  for (const type of ENDS) target.addEventListener(type, up, { capture: true });
  return () => {
    up();
    target.removeEventListener('pointerdown', down, { capture: true });
    for (const type of ENDS) target.removeEventListener(type, up, { capture: true });
  };
}

const ENDS = ['pointerup', 'pointercancel', 'blur'] as const;

/** Key bindings as text: `Mod+Shift+Z`, `V`, `?`, `Space`. */

/** What is read of a KeyboardEvent; a plain object serves in tests. */
export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
}

/** The binding a key press stands for, or null for a modifier alone. Shift is left out where it only serves to type the character (`?`). */
export function bindingOf(press: KeyPress, mac = false): string | null {
  const { key } = press;
  if (key === 'Control' || key === 'Meta' || key === 'Shift' || key === 'Alt' || key === 'Dead' || key === 'Unidentified') return null;
  const name = key === ' ' ? 'Space' : key.length === 1 ? key.toUpperCase() : key;
  const typed = key.length === 1 && key !== ' ' && key.toLowerCase() === key.toUpperCase();
  const mod = mac ? press.metaKey : press.ctrlKey;
  const other = mac ? press.ctrlKey : press.metaKey;
  return [
    ...(mod ? ['Mod'] : []),
    ...(other ? [mac ? 'Ctrl' : 'Meta'] : []),
    ...(press.altKey ? ['Alt'] : []),
    ...(press.shiftKey && !typed ? ['Shift'] : []),
    name,
  ].join('+');
}

const MODIFIERS = ['Mod', 'Ctrl', 'Meta', 'Alt', 'Shift'];

/** `shift + mod + z` → `Mod+Shift+Z`; null for what is no binding. */
export function normaliseBinding(text: string): string | null {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  const parts = trimmed === '+' ? ['+'] : trimmed.split('+').map((part) => part.trim());
  const key = parts.pop() as string;
  if (key === '') return null;
  const modifiers = parts.map((part) => part.charAt(0).toUpperCase() + part.slice(1).toLowerCase());
  if (modifiers.some((modifier) => !MODIFIERS.includes(modifier)) || MODIFIERS.includes(key)) return null;
  const name = key.length === 1 ? key.toUpperCase() : key.charAt(0).toUpperCase() + key.slice(1);
  return [...MODIFIERS.filter((modifier) => modifiers.includes(modifier)), name].join('+');
}

const SHOWN: Readonly<Record<string, string>> = {
  ArrowUp: '↑', ArrowDown: '↓', ArrowLeft: '←', ArrowRight: '→', PageUp: 'Page up', PageDown: 'Page down', Escape: 'Esc',
};

/** For people: `Ctrl Shift Z`, on macOS `⌘ ⇧ Z`. */
export function showBinding(binding: string, mac = false): string {
  const words: Readonly<Record<string, string>> = mac
    ? { Mod: '⌘', Ctrl: '⌃', Alt: '⌥', Shift: '⇧' }
    : { Mod: 'Ctrl', Meta: 'Meta', Alt: 'Alt', Shift: 'Shift' };
  return binding.split('+').map((part) => words[part] ?? SHOWN[part] ?? part).join(' ');
}

/** Element facts that decide whether a key is meant for it. */
export interface KeyTarget {
  readonly tagName: string;
  readonly type?: string;
  readonly role?: string | null;
  readonly isContentEditable?: boolean;
}

const TEXT_INPUTS = new Set(['text', 'search', 'number', 'url', 'email', 'password', 'tel', 'date', 'time', 'file']);
const ARROWS = new Set(['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight', 'Home', 'End', 'PageUp', 'PageDown']);
const ARROW_ROLES = new Set(['slider', 'listbox', 'option', 'menu', 'menuitem', 'menuitemcheckbox', 'radiogroup', 'radio', 'tab', 'combobox', 'spinbutton', 'grid', 'separator']);

/** True where the focused element needs the key itself: text in fields, arrows in sliders, Space on buttons. */
export function belongsToTarget(binding: string, target: KeyTarget | null): boolean {
  if (target === null) return false;
  const tag = target.tagName.toLowerCase();
  const role = target.role ?? '';
  const key = binding.split('+').at(-1) as string;
  const plain = !/^(Mod|Ctrl|Meta|Alt)\+/.test(binding);
  const text = target.isContentEditable === true || tag === 'textarea' || (tag === 'input' && TEXT_INPUTS.has(target.type ?? 'text'));
  // Mod+Z, Mod+A, … in a text field edit the text.
  if (text) return plain || ['Mod+Z', 'Mod+Shift+Z', 'Mod+Y', 'Mod+A', 'Mod+C', 'Mod+X', 'Mod+V'].includes(binding);
  if (!plain) return false;
  if (tag === 'select') return true;
  if (ARROWS.has(key)) return tag === 'input' || ARROW_ROLES.has(role);
  if (key === 'Space' || key === 'Enter') {
    return tag === 'button' || tag === 'a' || tag === 'summary' || tag === 'input' || role === 'button' || ARROW_ROLES.has(role);
  }
  return false;
}

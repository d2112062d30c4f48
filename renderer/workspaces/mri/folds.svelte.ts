/** Which sections of the side panels are folded; remembered on this machine. */
const STORE = 'lacuna.mri.folds';

/** The browser may forbid it; then nothing is remembered. */
function stored(): Storage | null {
  try {
    return globalThis.localStorage ?? null;
  } catch {
    return null;
  }
}

/** Remembered text → sections by name; anything else → nothing known. */
export function parseFolds(text: string | null): Readonly<Record<string, boolean>> {
  try {
    const value: unknown = JSON.parse(text ?? '{}');
    if (typeof value !== 'object' || value === null) return {};
    return Object.fromEntries(Object.entries(value).filter((entry): entry is [string, boolean] => typeof entry[1] === 'boolean'));
  } catch {
    return {};
  }
}

class Folds {
  #open = $state.raw(parseFolds(stored()?.getItem(STORE) ?? null));

  isOpen(section: string, start = true): boolean {
    return this.#open[section] ?? start;
  }

  set(section: string, open: boolean): void {
    this.#open = { ...this.#open, [section]: open };
    stored()?.setItem(STORE, JSON.stringify(this.#open));
  }
}

export const folds = new Folds();

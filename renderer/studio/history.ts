/** Undo and redo over immutable snapshots. Pure; the clock is handed in. */

/** Changes of the same kind closer together than this are one step: a slider drag is undone as a whole. ms. */
export const COALESCE = 700;
const DEPTH = 200;

export interface History<T> {
  readonly past: readonly T[];
  readonly present: T;
  readonly future: readonly T[];
  /** What kind of change led to the present, and when. */
  readonly last: { readonly kind: string; readonly at: number } | null;
}

export function startHistory<T>(present: T): History<T> {
  return { past: [], present, future: [], last: null };
}

/** `same` decides whether anything changed; equal snapshots make no step. */
export function record<T>(history: History<T>, next: T, kind: string, at: number, same: (a: T, b: T) => boolean): History<T> {
  if (same(history.present, next)) return history;
  const joins = history.last !== null && history.last.kind === kind && at - history.last.at < COALESCE && history.past.length > 0;
  const past = joins ? history.past : [...history.past, history.present].slice(-DEPTH);
  return { past, present: next, future: [], last: { kind, at } };
}

export function undo<T>(history: History<T>): History<T> {
  const previous = history.past.at(-1);
  if (previous === undefined) return history;
  return { past: history.past.slice(0, -1), present: previous, future: [history.present, ...history.future], last: null };
}

export function redo<T>(history: History<T>): History<T> {
  const [next, ...future] = history.future;
  if (next === undefined) return history;
  return { past: [...history.past, history.present], present: next, future, last: null };
}

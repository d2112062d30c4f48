/** Short messages that come and go. Problems stay until they are put away. */
import type { ToastMessage } from './types.ts';

const STAY_MS = 6000;
/** More would hide the work under them; the oldest gives way. */
export const MOST_TOASTS = 3;

export class Toasts {
  list = $state.raw<readonly ToastMessage[]>([]);
  #next = 1;
  #timers = new Map<number, ReturnType<typeof setTimeout>>();

  show(message: Omit<ToastMessage, 'id'>): number {
    const id = this.#next++;
    for (const old of this.list.slice(0, Math.max(0, this.list.length - MOST_TOASTS + 1))) this.dismiss(old.id);
    this.list = [...this.list, { ...message, id }];
    if (message.tone !== 'problem') this.#timers.set(id, setTimeout(() => this.dismiss(id), STAY_MS));
    return id;
  }

  /** While the pointer or the focus is on it, a message waits (WCAG 2.2.1). */
  hold(id: number): void {
    clearTimeout(this.#timers.get(id));
  }

  release(id: number): void {
    if (this.#timers.has(id)) this.#timers.set(id, setTimeout(() => this.dismiss(id), STAY_MS));
  }

  dismiss(id: number): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
    this.list = this.list.filter((message) => message.id !== id);
  }

  dispose(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    this.list = [];
  }
}

/** Views that were made lately, by what they depend on. Pixels lie in the array store; a view whose pixels went is made anew. */
import type { ArrayStore } from './array-store.ts';
import type { ViewEvent } from './contract.ts';

export type MadeView = Extract<ViewEvent, { type: 'view' }>;

const MOST = 128;

export class ViewMemo {
  readonly #arrays: ArrayStore;
  readonly #views = new Map<string, MadeView>();

  constructor(arrays: ArrayStore) {
    this.#arrays = arrays;
  }

  get(key: string): MadeView | null {
    const view = this.#views.get(key);
    this.#views.delete(key);
    if (view === undefined || !this.#arrays.holds(view.images) || (view.underlay !== undefined && !this.#arrays.holds(view.underlay.images))) return null;
    this.#views.set(key, view);
    return view;
  }

  put(key: string, view: MadeView): void {
    this.#views.set(key, view);
    for (const oldest of this.#views.keys()) {
      if (this.#views.size <= MOST) break;
      this.#views.delete(oldest);
    }
  }
}

/** What undo brings back in the workspace: the recipe and the window, one step for a drag however slow it is. */
import type { ValueWindow } from '../../viewers/image/types.ts';
import { type History, record, redo, startHistory, undo } from '../../studio/history.ts';
import { presentPress } from '../../studio/pointer-press.ts';
import { DRAWING } from './mask-editor.svelte.ts';
import { type Recipe, sameRecipe } from './recipe.ts';

export interface Snapshot {
  readonly recipe: Recipe;
  readonly window: ValueWindow;
}
const sameSnapshot = (a: Snapshot, b: Snapshot): boolean =>
  sameRecipe(a.recipe, b.recipe) && a.window.centre === b.window.centre && a.window.width === b.window.width;

export class SessionHistory {
  #history = $state.raw<History<Snapshot> | null>(null);
  /** Press of the pointer during which the last change was recorded. */
  #recordedPress: number | null = null;
  readonly canUndo = $derived.by(() => (this.#history?.past.length ?? 0) > 0);
  readonly canRedo = $derived.by(() => (this.#history?.future.length ?? 0) > 0);

  get begun(): boolean {
    return this.#history !== null;
  }

  forget(): void {
    this.#history = null;
  }

  /** `kind` says what was changed; the first snapshot is where undo ends. */
  record(snapshot: Snapshot, kind: string): void {
    if (this.#history === null) {
      this.#history = startHistory(snapshot);
      return;
    }
    // A stroke of the brush is one step however slowly it was drawn or uploaded, and so is a drag, however slow the machine.
    const { last } = this.#history;
    const press = presentPress();
    const goesOn = last !== null && last.kind === kind && (kind.startsWith(DRAWING) || (press !== null && press === this.#recordedPress));
    this.#history = record(this.#history, snapshot, kind, goesOn ? last.at : performance.now(), sameSnapshot);
    this.#recordedPress = press;
  }

  /** What to show then; null where there is nothing to go back to, or on to. */
  move(direction: 'back' | 'on'): Snapshot | null {
    if (this.#history === null) return null;
    this.#history = direction === 'back' ? undo(this.#history) : redo(this.#history);
    return this.#history.present;
  }
}

/** The film strip: results of this session, kept for A/B. Pinned ones stay; of the others the latest few. */
import type { MetricReport } from '../../../src/pipeline/step.ts';
import type { Image } from './live-state.ts';
import type { Recipe } from './recipe.ts';

export interface StripEntry {
  readonly id: number;
  /** Equal for equal data and recipe: the same result twice is one entry. */
  readonly key: string;
  /** `L1-wavelet · 4×`. */
  readonly title: string;
  readonly image: Image;
  readonly slice: number;
  readonly metrics: MetricReport | null;
  readonly ms: number;
  readonly provider: string;
  readonly recipe: Recipe;
  /** Residual after every iteration, where the method states it. */
  readonly curve: readonly number[] | null;
  readonly pinned: boolean;
}

/** A result that stood at least this long before the next one came is worth keeping; those a slider passed by are not. ms. */
export const STOOD = 1500;
const MOST_RECENT = 5;

export class Strip {
  entries = $state.raw<readonly StripEntry[]>([]);
  current = $state.raw<StripEntry | null>(null);
  selectedId = $state<number | null>(null);
  readonly selected = $derived(this.entries.find((entry) => entry.id === this.selectedId) ?? null);
  /** All but what is on screen now. */
  readonly others = $derived(this.entries.filter((entry) => entry.key !== this.current?.key));
  readonly currentPinned = $derived(this.entries.some((entry) => entry.pinned && entry.key === this.current?.key));
  #next = 1;
  #since = 0;

  /** A new result is on screen. */
  offer(result: Omit<StripEntry, 'id' | 'pinned'>, now: number): void {
    const before = this.current;
    if (before !== null && before.key !== result.key && now - this.#since >= STOOD) this.#keep(before);
    if (before === null || before.key !== result.key) this.#since = now;
    this.current = { ...result, id: this.#next++, pinned: false };
  }

  /** Keeps what is on screen for good. Returns false when there is nothing. */
  pin(): boolean {
    if (this.current === null) return false;
    const pinned = { ...this.current, id: this.#next++, pinned: true };
    this.entries = [...this.entries.filter((entry) => entry.key !== pinned.key), pinned];
    return true;
  }

  select(id: number | null): void {
    this.selectedId = this.selectedId === id ? null : id;
  }

  remove(id: number): void {
    this.entries = this.entries.filter((entry) => entry.id !== id);
    if (this.selectedId === id) this.selectedId = null;
  }

  clear(): void {
    this.entries = [];
    this.current = null;
    this.selectedId = null;
  }

  #keep(entry: StripEntry): void {
    if (this.entries.some((other) => other.key === entry.key)) return;
    const all = [...this.entries, entry];
    const loose = all.filter((other) => !other.pinned && other.id !== this.selectedId);
    const drop = new Set(loose.slice(0, Math.max(0, loose.length - MOST_RECENT)).map((other) => other.id));
    this.entries = all.filter((other) => !drop.has(other.id));
  }
}

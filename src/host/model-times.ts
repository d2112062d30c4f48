/** How long learned methods take on this machine: the latest few slices of each model, provider and size, kept in the library. */
import { z } from 'zod';
import type { Library } from '../library/library.ts';
import type { ModelTime } from './contract.ts';

const KEY = 'model-times';
/** The median is of this many at most. */
const LATEST = 5;
const MOST_ENTRIES = 200;
/** A slider makes many slices a second: the library is written less often. */
const SAVE_EVERY_MS = 2000;

const stored = z.array(
  z.object({
    model: z.string(),
    version: z.string(),
    provider: z.string(),
    rows: z.number(),
    columns: z.number(),
    coils: z.number(),
    ms: z.array(z.number().nonnegative()).min(1).max(LATEST),
    at: z.string(),
  }),
);
type Entry = z.infer<typeof stored>[number];

export class ModelTimes {
  readonly #library: Library;
  /** In order of use, the latest last. */
  readonly #entries: Map<string, Entry>;
  #savedAt = 0;
  #dirty = false;

  constructor(library: Library) {
    this.#library = library;
    const parsed = stored.safeParse(library.getSetting(KEY));
    this.#entries = new Map((parsed.success ? parsed.data : []).map((entry) => [keyOf(entry), entry]));
  }

  note(measured: Omit<Entry, 'ms' | 'at'> & { readonly ms: number }): void {
    const key = keyOf(measured);
    const earlier = this.#entries.get(key)?.ms ?? [];
    this.#entries.delete(key);
    this.#entries.set(key, { ...measured, ms: [...earlier, measured.ms].slice(-LATEST), at: new Date().toISOString() });
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= MOST_ENTRIES) break;
      this.#entries.delete(oldest);
    }
    this.#dirty = true;
    if (performance.now() - this.#savedAt > SAVE_EVERY_MS) this.save();
  }

  /** The latest first. */
  of(model: string, version: string): readonly ModelTime[] {
    this.save();
    return [...this.#entries.values()]
      .filter((entry) => entry.model === model && entry.version === version)
      .reverse()
      .map(({ provider, rows, columns, coils, ms, at }) => ({ provider, rows, columns, coils, ms: median(ms), runs: ms.length, at }));
  }

  /** A catalogue that cannot be written keeps nobody from working: the figures stay in memory. */
  save(): void {
    if (!this.#dirty) return;
    try {
      this.#library.putSetting(KEY, [...this.#entries.values()]);
      this.#dirty = false;
      this.#savedAt = performance.now();
    } catch {
      this.#savedAt = performance.now();
    }
  }
}

const keyOf = ({ model, version, provider, rows, columns, coils }: Omit<Entry, 'ms' | 'at'>): string =>
  [model, version, provider, rows, columns, coils].join(' ');

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] as number) : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}

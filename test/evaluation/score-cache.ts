/**
 * Scores of classical methods on disk: they take most of the time, and change only with their sources. An entry of other sources is
 * not believed: of each kind one is computed again, and the rest is kept only where that one came out the same.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Score } from './scorer.ts';

interface Entry {
  /** Of the sources that computed it. */
  readonly code: string;
  readonly score: Score;
}

/** dB; single-precision sums may run in another order. */
const SAME = 0.002;
const SAVE_EVERY = 8;

export class ScoreCache {
  readonly #path: string;
  readonly #fresh: boolean;
  readonly #entries: Map<string, Entry>;
  /** By kind: whether entries of other sources gave the same. */
  readonly #trusted = new Map<string, boolean>();
  #unsaved = 0;
  /** What was computed, taken, and computed again to see whether old entries hold. */
  readonly counts = { computed: 0, kept: 0, checked: 0 };

  /** `fresh` forgets what is there. */
  constructor(path: string, fresh = false) {
    this.#path = path;
    this.#fresh = fresh;
    this.#entries = new Map(fresh ? [] : readEntries(path));
  }

  /** `kind` groups entries that one check speaks for: a method on a pattern. */
  async get(key: string, kind: string, code: string, compute: () => Promise<Score>): Promise<Score> {
    const known = this.#entries.get(key);
    if (known !== undefined && (known.code === code || this.#trusted.get(`${kind} ${known.code} ${code}`) === true)) {
      this.counts.kept++;
      if (known.code !== code) this.#put(key, { code, score: known.score });
      return known.score;
    }
    const score = await compute();
    if (known === undefined) this.counts.computed++;
    else {
      this.counts.checked++;
      const pair = `${kind} ${known.code} ${code}`;
      if (this.#trusted.get(pair) !== false) this.#trusted.set(pair, same(known.score, score));
    }
    this.#put(key, { code, score });
    return score;
  }

  #put(key: string, entry: Entry): void {
    this.#entries.set(key, entry);
    this.#unsaved++;
    if (this.#unsaved >= SAVE_EVERY) this.save();
  }

  /** Writes a new file and puts it in place of the old, so that nothing is lost half way. What another run has put there is kept. */
  save(): void {
    if (this.#unsaved === 0) return;
    for (const [key, entry] of this.#fresh ? [] : readEntries(this.#path)) if (!this.#entries.has(key)) this.#entries.set(key, entry);
    mkdirSync(dirname(this.#path), { recursive: true });
    const lines = [...this.#entries].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, entry]) => `${JSON.stringify(key)}: ${JSON.stringify(entry)}`);
    const partial = `${this.#path}.${process.pid}.partial`;
    writeFileSync(partial, `{\n${lines.join(',\n')}\n}\n`);
    renameSync(partial, this.#path);
    this.#unsaved = 0;
  }
}

function readEntries(path: string): [string, Entry][] {
  return existsSync(path) ? Object.entries(JSON.parse(readFileSync(path, 'utf8')) as Record<string, Entry>) : [];
}

function same(a: Score, b: Score): boolean {
  return Math.abs(a.psnr - b.psnr) < SAME && Math.abs(a.rss.psnr - b.rss.psnr) < SAME;
}

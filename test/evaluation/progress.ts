/** How far an evaluation is, and about how long it will still take: runs of one kind are taken to last as long as those before. */
import type { Terminal } from '../../src/cli/terminal.ts';

export class Progress {
  readonly #out: Pick<Terminal, 'progress'>;
  readonly #now: () => number;
  readonly #left = new Map<string, number>();
  readonly #spent = new Map<string, { readonly ms: number; readonly runs: number }>();
  readonly #total: number;
  #begun: { readonly kind: string; readonly at: number } | null = null;

  /** `planned` holds one kind for each run to come. */
  constructor(out: Pick<Terminal, 'progress'>, planned: readonly string[], now: () => number = () => performance.now()) {
    this.#out = out;
    this.#now = now;
    this.#total = planned.length;
    for (const kind of planned) this.#left.set(kind, (this.#left.get(kind) ?? 0) + 1);
  }

  /** A run begins, and with it the one before has ended. */
  begin(kind: string, label: string): void {
    this.end();
    this.#begun = { kind, at: this.#now() };
    const seconds = this.secondsLeft();
    const done = this.#total - [...this.#left.values()].reduce((sum, runs) => sum + runs, 0);
    this.#out.progress(`${label} (${done + 1} of ${this.#total}${seconds === null ? '' : `, about ${span(seconds)} left`})`);
  }

  end(): void {
    if (this.#begun === null) return;
    const { kind, at } = this.#begun;
    const before = this.#spent.get(kind) ?? { ms: 0, runs: 0 };
    this.#spent.set(kind, { ms: before.ms + this.#now() - at, runs: before.runs + 1 });
    this.#left.set(kind, Math.max(0, (this.#left.get(kind) ?? 0) - 1));
    this.#begun = null;
  }

  /** Of the runs that have not ended; a kind that has not been seen is taken for the mean of the others. Null before the first has ended. */
  secondsLeft(): number | null {
    const known = [...this.#spent.values()];
    if (known.length === 0) return null;
    const usual = known.reduce((sum, { ms, runs }) => sum + ms / runs, 0) / known.length;
    let ms = 0;
    for (const [kind, runs] of this.#left) {
      const spent = this.#spent.get(kind);
      ms += runs * (spent === undefined ? usual : spent.ms / spent.runs);
    }
    return ms / 1000;
  }
}

/** `45 s`, `3 min`. */
function span(seconds: number): string {
  return seconds < 90 ? `${Math.max(1, Math.round(seconds))} s` : `${Math.round(seconds / 60)} min`;
}

/** One at a time: views that reconstruct would slow each other down, and the quick one would come as late as the slow. */

export interface Turn {
  /** Lets the next one begin. Calling it again does nothing. */
  done(): void;
}

/** Those that come within this time of each other are put in order before the first begins. ms. */
const GATHER = 30;

interface Waiting {
  readonly cost: number;
  start(): void;
}

export class Turns {
  #running = false;
  #queue: Waiting[] = [];

  /** Resolves when it is one's turn: the least `cost` first, of equal ones who came first. Rejects when aborted. */
  async take(cost: number, signal: AbortSignal): Promise<Turn> {
    signal.throwIfAborted();
    await new Promise<void>((resolve, reject) => {
      const entry: Waiting = {
        cost,
        start: () => {
          signal.removeEventListener('abort', leave);
          resolve();
        },
      };
      const leave = (): void => {
        this.#queue = this.#queue.filter((other) => other !== entry);
        reject(signal.reason);
      };
      signal.addEventListener('abort', leave, { once: true });
      this.#queue.push(entry);
      setTimeout(() => this.#next(), GATHER);
    });
    let over = false;
    return {
      done: () => {
        if (over) return;
        over = true;
        this.#running = false;
        this.#next();
      },
    };
  }

  #next(): void {
    if (this.#running) return;
    const first = this.#queue.reduce<Waiting | null>((best, entry) => (best === null || entry.cost < best.cost ? entry : best), null);
    if (first === null) return;
    this.#queue = this.#queue.filter((entry) => entry !== first);
    this.#running = true;
    first.start();
  }
}

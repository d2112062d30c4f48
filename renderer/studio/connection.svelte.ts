/** Whether the host answers. While it does not, it is asked again until it does. */
const FIRST_WAIT = 500;
const LONGEST_WAIT = 5000;

export class Connection {
  lost = $state(false);
  /** Seconds until the next try, for the banner. */
  retryIn = $state(0);
  readonly #ping: () => Promise<unknown>;
  readonly #onBack: () => void;
  #wait = FIRST_WAIT;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(ping: () => Promise<unknown>, onBack: () => void) {
    this.#ping = ping;
    this.#onBack = onBack;
  }

  /** Every answer and every failure to reach the host is reported here. */
  report(reachable: boolean): void {
    if (reachable) {
      if (!this.lost) return;
      this.lost = false;
      this.#wait = FIRST_WAIT;
      if (this.#timer !== null) clearTimeout(this.#timer);
      this.#timer = null;
      this.#onBack();
      return;
    }
    this.lost = true;
    this.#schedule();
  }

  async retryNow(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    // A failure reports itself through the client and schedules the next try.
    await this.#ping().catch(() => this.#schedule());
  }

  #schedule(): void {
    if (this.#timer !== null || !this.lost) return;
    this.retryIn = Math.ceil(this.#wait / 1000);
    this.#timer = setTimeout(() => void this.retryNow(), this.#wait);
    this.#wait = Math.min(LONGEST_WAIT, this.#wait * 2);
  }
}

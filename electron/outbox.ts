/** Holds messages to the page back until it says that it listens; a file opened at start would otherwise be lost. */
export class Outbox {
  readonly #send: (channel: string, payload: unknown) => void;
  #waiting: { readonly channel: string; readonly payload: unknown }[] | null = [];

  constructor(send: (channel: string, payload: unknown) => void) {
    this.#send = send;
  }

  post(channel: string, payload: unknown): void {
    if (this.#waiting === null) this.#send(channel, payload);
    else this.#waiting.push({ channel, payload });
  }

  /** The page listens: deliver in order, then directly. */
  open(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = null;
    for (const { channel, payload } of waiting) this.#send(channel, payload);
  }

  /** The page is being reloaded. */
  hold(): void {
    this.#waiting ??= [];
  }
}

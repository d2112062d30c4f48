/** Events of one job: kept from the start, so that any number of clients can read them all, then wait for more. */
export class EventLog<E> {
  readonly #events: E[] = [];
  readonly #waiting = new Set<() => void>();
  #ended = false;

  get ended(): boolean {
    return this.#ended;
  }

  push(event: E): void {
    if (this.#ended) return;
    this.#events.push(event);
    this.#wake();
  }

  end(): void {
    this.#ended = true;
    this.#wake();
  }

  async *read(): AsyncGenerator<E> {
    for (let next = 0; ; next++) {
      while (next >= this.#events.length) {
        if (this.#ended) return;
        await new Promise<void>((resolve) => this.#waiting.add(resolve));
      }
      yield this.#events[next] as E;
    }
  }

  /** Newline-delimited JSON. `onCancel` runs when the client goes away before the end. */
  stream(onCancel: () => void = () => {}): ReadableStream<Uint8Array> {
    const iterator = this.read();
    const encoder = new TextEncoder();
    return new ReadableStream({
      async pull(controller) {
        const next = await iterator.next();
        if (next.done === true) controller.close();
        else controller.enqueue(encoder.encode(`${JSON.stringify(next.value)}\n`));
      },
      cancel: onCancel,
    });
  }

  #wake(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }
}

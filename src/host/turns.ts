/** Work that must not overlap: each body starts when the one before it has ended, however that went. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  run<T>(body: () => Promise<T>): Promise<T> {
    const done = this.#last.then(body);
    this.#last = done.catch(() => {});
    return done;
  }
}

/**
 * A disposal list (after wavesurfer.js's scope): owns listeners, observers, frames and GL objects of a viewer, and
 * frees them in reverse order. Whatever is registered after disposal is freed at once, so a late callback cannot leak.
 */
export type Dispose = () => void;

export class Scope {
  #cleanups: Dispose[] = [];
  #disposed = false;

  get disposed(): boolean {
    return this.#disposed;
  }

  /** How many registrations are alive; for leak tests. */
  get size(): number {
    return this.#cleanups.length;
  }

  /** Registers `dispose`; the returned function runs it early. */
  add(dispose: Dispose): Dispose {
    if (this.#disposed) {
      dispose();
      return () => {};
    }
    let live = true;
    const once = (): void => {
      if (!live) return;
      live = false;
      this.#cleanups = this.#cleanups.filter((cleanup) => cleanup !== once);
      dispose();
    };
    this.#cleanups.push(once);
    return once;
  }

  listen<E extends Event>(
    target: EventTarget,
    type: string,
    listener: (event: E) => void,
    options: AddEventListenerOptions = {},
  ): Dispose {
    const handler = listener as EventListener;
    target.addEventListener(type, handler, options);
    return this.add(() => target.removeEventListener(type, handler, options));
  }

  /** Calls `onsize` soon, and at each change of the element's content box. */
  observeSize(element: Element, onsize: (entry: ResizeObserverEntry) => void): Dispose {
    const observer = new ResizeObserver((entries) => {
      const last = entries.at(-1);
      if (last !== undefined) onsize(last);
    });
    observer.observe(element);
    return this.add(() => observer.disconnect());
  }

  /** A function that asks for one animation frame however often it is called in between. */
  frame(draw: () => void): () => void {
    let id = 0;
    this.add(() => cancelAnimationFrame(id));
    return () => {
      if (id !== 0 || this.#disposed) return;
      id = requestAnimationFrame(() => {
        id = 0;
        draw();
      });
    };
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    for (const cleanup of this.#cleanups.slice().reverse()) cleanup();
    this.#cleanups = [];
  }
}

/** Main's talk with the running host: which handles mean which paths, and where exports are written. Survives restarts of the host. */
import { LacunaError } from '../src/errors.ts';
import type { ExitReport } from '../src/infer/supervisor.ts';
import type { Grant } from './handles.ts';
import { listen, toMainSchema } from './message-port.ts';
import type { Port, ToHost } from './message-port.ts';

/** A host that is just starting answers within its first seconds. */
const ACKNOWLEDGE_MS = 15_000;

export class HostLink {
  #port: Port | null = null;
  #exportsFolder: string | null = null;
  #lastId = 0;
  readonly #waiting = new Map<number, () => void>();

  /** A host was started: tell it what earlier ones knew. */
  attach(port: Port, exited: Promise<ExitReport>, grants: readonly Grant[]): void {
    this.#port = port;
    listen(port, toMainSchema, (message) => {
      if (message.type === 'ready') this.#exportsFolder = message.exportsFolder;
      if (message.type === 'granted') this.#waiting.get(message.id)?.();
    });
    for (const grant of grants) this.#send({ type: 'grant', id: ++this.#lastId, grant });
    void exited.then(() => {
      if (this.#port === port) this.#port = null;
    });
  }

  /** Resolves when the host has said that it knows; without a host at once, since `attach` tells the next one. */
  async grant(grant: Grant): Promise<void> {
    if (this.#port === null) return;
    const id = ++this.#lastId;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const timer = setTimeout(() => reject(new LacunaError('job.interrupted', 'The studio’s host does not answer.')), ACKNOWLEDGE_MS);
    this.#waiting.set(id, resolve);
    this.#send({ type: 'grant', id, grant });
    try {
      await promise;
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(id);
    }
  }

  /** Null before a host was ready for the first time. */
  get exportsFolder(): string | null {
    return this.#exportsFolder;
  }

  #send(message: ToHost): void {
    this.#port?.post(message);
  }
}

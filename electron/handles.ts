/**
 * Files are reached by handles: main keeps the paths that dialogs, drops and the command line gave, the page gets opaque
 * names, and the host is told which name means which path. A handle for opening never serves for saving.
 */
import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import type { OpenedHandle } from '../renderer/studio/shell.ts';

export type HandleKind = 'open' | 'save';

export interface Grant {
  readonly handle: string;
  readonly path: string;
  readonly kind: HandleKind;
}

/** Main's side. `tell` hands one grant to the running host and settles when it knows it. */
export class HandleIssuer {
  readonly #grants: Grant[] = [];
  readonly #tell: (grant: Grant) => Promise<void>;

  constructor(tell: (grant: Grant) => Promise<void>) {
    this.#tell = tell;
  }

  async issue(path: string, kind: HandleKind): Promise<OpenedHandle> {
    const known = this.#grants.find((grant) => grant.path === path && grant.kind === kind);
    const grant = known ?? { handle: randomUUID(), path, kind };
    if (known === undefined) this.#grants.push(grant);
    await this.#tell(grant);
    return { handle: grant.handle, name: basename(path) };
  }

  /** All of them, for a host that was restarted. */
  get grants(): readonly Grant[] {
    return this.#grants;
  }
}

/** The host's side. */
export class HandleTable {
  readonly #paths = new Map<string, string>();

  add(grant: Grant): void {
    this.#paths.set(`${grant.kind} ${grant.handle}`, grant.path);
  }

  /** Null for a handle that was not issued for that purpose. */
  path(handle: string, kind: HandleKind): string | null {
    return this.#paths.get(`${kind} ${handle}`) ?? null;
  }
}

/** Names of private local sockets: in a folder only this user can enter; on Windows, pipes with unguessable names. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface SocketFolder {
  /** A fresh path for `listen`. Kept short: macOS allows 103 bytes. */
  next(name: string): string;
  remove(): void;
}

export function createSocketFolder(): SocketFolder {
  if (process.platform === 'win32') {
    return { next: (name) => `\\\\.\\pipe\\lacuna-${name}-${randomUUID()}`, remove: () => undefined };
  }
  // mkdtemp makes the folder with mode 0700.
  const folder = mkdtempSync(join(tmpdir(), 'lacuna-'));
  let count = 0;
  return {
    next: (name) => join(folder, `${name}-${++count}.sock`),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** One studio a data folder: a lock file with the process id; a lock left by a process that is gone is taken over. */
import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { LacunaError } from '../errors.ts';

export class FolderLock {
  readonly #path: string;

  private constructor(path: string) {
    this.#path = path;
  }

  /** Throws io.write naming the process that has the folder. */
  static take(folder: string): FolderLock {
    const path = join(folder, 'lock');
    for (let attempt = 0; attempt < 3; attempt++) {
      try {
        const file = openSync(path, 'wx');
        writeSync(file, String(process.pid));
        closeSync(file);
        return new FolderLock(path);
      } catch (cause) {
        if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw new LacunaError('io.write', `The data folder ${folder} is not writable.`, { cause });
        const owner = ownerOf(path);
        if (owner !== null && isRunning(owner)) {
          throw new LacunaError('io.write', `Another Lacuna (process ${owner}) is using the data folder ${folder}; close it or set LACUNA_HOME to another folder.`, { field: 'LACUNA_HOME' });
        }
        rmSync(path, { force: true });
      }
    }
    throw new LacunaError('io.write', `The data folder ${folder} cannot be locked.`);
  }

  release(): void {
    if (ownerOf(this.#path) === process.pid) rmSync(this.#path, { force: true });
  }
}

function ownerOf(path: string): number | null {
  try {
    const pid = Number(readFileSync(path, 'utf8'));
    return Number.isInteger(pid) && pid > 0 ? pid : null;
  } catch {
    return null;
  }
}

/** Signal 0 asks whether the process exists; EPERM means it does, as another user. */
function isRunning(pid: number): boolean {
  if (pid === process.pid) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

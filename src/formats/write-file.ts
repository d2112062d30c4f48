/** Files that appear whole or not at all: written to a temporary name in the same folder, synced, then renamed. */
import { randomBytes } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { LacunaError } from '../errors.ts';

export interface FileToWrite {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/**
 * Writes all files or none: every one is complete under its temporary name before the first is renamed. Existing files of
 * the same names are replaced. Throws io.write naming the file; nothing new is left under a final name then, unless the
 * renaming itself broke off half way.
 */
export async function writeFilesAtomically(files: readonly FileToWrite[]): Promise<void> {
  const tag = `${process.pid}-${randomBytes(4).toString('hex')}`;
  const staged = files.map((file) => ({ ...file, temporary: join(dirname(file.path), `.${basename(file.path)}.${tag}.tmp`) }));
  try {
    for (const file of staged) await stage(file);
    for (const file of staged) await naming(file.path, () => rename(file.temporary, file.path));
  } finally {
    await Promise.all(staged.map((file) => rm(file.temporary, { force: true }).catch(() => {})));
  }
}

function stage(file: FileToWrite & { readonly temporary: string }): Promise<void> {
  return naming(file.path, async () => {
    await mkdir(dirname(file.path), { recursive: true });
    const handle = await open(file.temporary, 'wx');
    try {
      await handle.writeFile(file.bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
  });
}

async function naming(path: string, action: () => Promise<unknown>): Promise<void> {
  try {
    await action();
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    const reasons: Readonly<Record<string, string>> = {
      ENOSPC: 'the disk is full',
      EACCES: 'permission was denied',
      EPERM: 'permission was denied',
      EROFS: 'the disk is read-only',
      ENOTDIR: 'a part of its folder is a file',
      EISDIR: 'a folder has that name',
    };
    const reason = (code === undefined ? undefined : reasons[code]) ?? `the system said ${code ?? String(cause)}`;
    throw new LacunaError('io.write', `${basename(path)} cannot be written: ${reason}.`, { file: basename(path), cause });
  }
}

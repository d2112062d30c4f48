/** The files of a folder and its sub-folders, within bounds. */
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { LacunaError } from '../errors.ts';

const MAX_DEPTH = 8;
const MAX_FILES = 20_000;

/** Paths in the order of their names. Hidden files and symbolic links are left out; too deep or too many: a warning says so. */
export async function walkFolder(path: string): Promise<{ files: string[]; warnings: string[] }> {
  const files: string[] = [];
  const warnings: string[] = [];
  await visit(path, 0);
  return { files, warnings };

  async function visit(folder: string, depth: number): Promise<void> {
    const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
      throw new LacunaError('io.read', `The folder "${basename(folder)}" cannot be read.`, { file: basename(folder), cause });
    });
    entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const entry of entries) {
      if (entry.name.startsWith('.')) continue;
      const full = join(folder, entry.name);
      if (entry.isDirectory()) {
        if (depth < MAX_DEPTH) await visit(full, depth + 1);
        else warn(`Folders more than ${MAX_DEPTH} levels deep were passed over.`);
      } else if (entry.isFile()) {
        if (files.length < MAX_FILES) files.push(full);
        else warn(`The folder holds more than ${MAX_FILES} files; the rest were passed over.`);
      }
    }
  }

  function warn(text: string): void {
    if (!warnings.includes(text)) warnings.push(text);
  }
}

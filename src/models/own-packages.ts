/** Packages of the person's own: written whole or not at all, never in the place of another unless asked for. */
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LacunaError } from '../errors.ts';
import { type LoadedModel, loadModel } from './load.ts';
import type { ModelManifest } from './manifest.ts';

export interface NewPackage {
  readonly manifest: ModelManifest;
  readonly graph: Uint8Array;
  readonly card: string;
}

/** Where `lacuna models add` puts them. */
export const ownModelsFolder = (dataFolder: string): string => join(dataFolder, 'models');

/**
 * Writes `<own>/<id>` under a temporary name, reads it back with every check, and renames it.
 * Throws usage.invalid where the id is taken (by one of `taken`, always; by one's own unless `replace`), io.write.
 */
export async function writePackage(own: string, { manifest, graph, card }: NewPackage, options: { readonly replace: boolean; readonly taken: readonly string[] }): Promise<LoadedModel> {
  const { id } = manifest;
  if (options.taken.includes(id)) throw new LacunaError('usage.invalid', `There is a model ${id} that is not your own; choose another id.`, { field: 'id' });
  const there = (await ownIds(own)).includes(id);
  if (there && !options.replace) throw new LacunaError('usage.invalid', `You have a model ${id} already; choose another id, or say that it shall be replaced.`, { field: 'id' });
  const temporary = join(own, `.${id}-${randomUUID()}`);
  try {
    await mkdir(temporary, { recursive: true });
    await writeFile(join(temporary, (Object.values(manifest.graphs)[0] as { file: string }).file), graph);
    await writeFile(join(temporary, 'CARD.md'), card);
    await writeFile(join(temporary, 'model.json'), `${JSON.stringify(manifest, null, 2)}\n`);
    await loadModel(temporary);
    if (there) await removePackage(own, id);
    await rename(temporary, join(own, id));
  } catch (cause) {
    await rm(temporary, { recursive: true, force: true });
    if (cause instanceof LacunaError) throw cause;
    throw new LacunaError('io.write', `The package of ${id} could not be written.`, { field: 'id', cause });
  }
  return loadModel(join(own, id));
}

/** Moves it out of sight first, so that a removal that is cut short leaves no half package. Throws usage.not-found, io.write. */
export async function removePackage(own: string, id: string): Promise<void> {
  if (!(await ownIds(own)).includes(id)) {
    throw new LacunaError('usage.not-found', `You have no model ${id} of your own; only those can be removed.`, { field: 'id' });
  }
  const temporary = join(own, `.${id}-${randomUUID()}`);
  try {
    await rename(join(own, id), temporary);
    await rm(temporary, { recursive: true, force: true });
  } catch (cause) {
    throw new LacunaError('io.write', `The model ${id} could not be removed.`, { field: 'id', cause });
  }
}

/** Names of the folders; broken packages can be removed, too. Temporary ones start with a dot. */
async function ownIds(own: string): Promise<readonly string[]> {
  const entries = await readdir(own, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.')).map(({ name }) => name);
}

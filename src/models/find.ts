/** Model packages by id, out of the folders where packages may lie. */
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { LacunaError, toLacunaError } from '../errors.ts';
import { modelFolders } from './folders.ts';
import { loadModel } from './load.ts';
import type { LoadedModel } from './load.ts';

/** More folders than this are not looked at: a listing must stay quick whatever lies there. */
const MAX_PACKAGES = 200;

export interface ModelSurvey {
  readonly models: readonly LoadedModel[];
  /** Packages that are there but cannot be used, with the reason. */
  readonly problems: readonly { readonly folder: string; readonly error: LacunaError }[];
}

/** Every package, in order of precedence; a broken one is a problem, not a failure. Never rejects. */
export async function surveyModels(folders: readonly string[] = modelFolders()): Promise<ModelSurvey> {
  const models = new Map<string, LoadedModel>();
  const problems: { folder: string; error: LacunaError }[] = [];
  for (const folder of await packageFolders(folders)) {
    try {
      const model = await loadChecked(folder);
      if (!models.has(model.manifest.id)) models.set(model.manifest.id, model);
    } catch (error) {
      problems.push({ folder, error: toLacunaError(error) });
    }
  }
  return { models: [...models.values()], problems };
}

/** The packages that can be used. */
export async function listModels(folders: readonly string[] = modelFolders()): Promise<readonly LoadedModel[]> {
  return (await surveyModels(folders)).models;
}

/** Throws usage.not-found where no package has that id, and what `loadModel` throws where the one that has it is broken. */
export async function findModel(id: string, folders: readonly string[] = modelFolders()): Promise<LoadedModel> {
  const candidates = await packageFolders(folders);
  const folder = candidates.find((candidate) => basename(candidate) === id);
  if (folder === undefined) {
    const known = candidates.map((candidate) => basename(candidate)).join(', ') || 'none';
    throw new LacunaError('usage.not-found', `There is no model ${id}; installed: ${known}.`, { field: 'model' });
  }
  return loadChecked(folder);
}

async function loadChecked(folder: string): Promise<LoadedModel> {
  const model = await loadModel(folder);
  const { id } = model.manifest;
  if (id === basename(folder)) return model;
  throw new LacunaError('input.mismatch', `model.json: id is ${id}, but its folder is named ${basename(folder)}`, {
    file: 'model.json',
    field: 'id',
  });
}

/** Folders that hold a model.json; ids are folder names, so no name from outside ever becomes a path. */
async function packageFolders(folders: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const folder of folders) {
    const names = (await readdir(folder).catch(() => [])).sort();
    for (const name of names.slice(0, MAX_PACKAGES)) {
      const files: string[] = await readdir(join(folder, name)).catch(() => []);
      if (files.includes('model.json')) found.push(join(folder, name));
    }
  }
  return found;
}

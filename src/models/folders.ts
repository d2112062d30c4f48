/** Where model packages are looked for. */
import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * In order of precedence: folders of LACUNA_MODELS, the studio's own packages, the user's (`<data>/models`).
 * The studio's come before the user's, so that a package dropped there cannot take the place of one of ours.
 */
export function modelFolders(dataFolder?: string, env: NodeJS.ProcessEnv = process.env): readonly string[] {
  const given = (env['LACUNA_MODELS'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const own = ownFolder();
  return [...given, ...(own === null ? [] : [own]), ...(dataFolder === undefined ? [] : [join(dataFolder, 'models')])];
}

/** `resources/models` of a packaged studio; else `models` beside the nearest package.json, from sources and bundles alike. */
function ownFolder(): string | null {
  const { resourcesPath } = process as { resourcesPath?: string };
  if (resourcesPath !== undefined && existsSync(join(resourcesPath, 'models'))) return join(resourcesPath, 'models');
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return join(folder, 'models');
    if (dirname(folder) === folder) return null;
  }
}

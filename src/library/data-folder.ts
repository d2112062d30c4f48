/** Where the studio keeps its data: LACUNA_HOME, else the platform's place for application data. */
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

export function defaultDataFolder(env: NodeJS.ProcessEnv = process.env, platform: NodeJS.Platform = process.platform): string {
  const given = env['LACUNA_HOME'];
  if (given !== undefined && given !== '') return resolve(given);
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Lacuna');
  if (platform === 'win32') return join(env['APPDATA'] ?? join(homedir(), 'AppData', 'Roaming'), 'Lacuna');
  return join(env['XDG_DATA_HOME'] || join(homedir(), '.local', 'share'), 'lacuna');
}

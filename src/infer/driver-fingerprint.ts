/**
 * What the outcome of a provider probe depends on: runtime version, system, and graphics drivers as far as files show them.
 * A new driver changes the fingerprint, so that kept answers are asked again.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { release } from 'node:os';
import { join } from 'node:path';
import { createRequire } from 'node:module';

const WINDOWS_DRIVERS = ['nvapi64.dll', 'amdxc64.dll', 'igc64.dll', 'DirectML.dll', 'vulkan-1.dll'];
const LINUX_ICD_FOLDERS = ['/usr/share/vulkan/icd.d', '/etc/vulkan/icd.d', '/usr/local/share/vulkan/icd.d'];
/** Environment that decides which Vulkan driver or which GPU is seen. */
const VARIABLES = ['VK_ICD_FILENAMES', 'VK_DRIVER_FILES', 'CUDA_VISIBLE_DEVICES', 'LD_LIBRARY_PATH'];

export async function driverFingerprint(): Promise<string> {
  const { version } = createRequire(import.meta.url)('onnxruntime-node/package.json') as { version: string };
  const facts = [version, process.platform, process.arch, release(), ...VARIABLES.map((name) => `${name}=${process.env[name] ?? ''}`)];
  if (process.platform === 'linux') {
    facts.push(await readFile('/proc/driver/nvidia/version', 'utf8').catch(() => 'no nvidia'));
    for (const folder of LINUX_ICD_FOLDERS) facts.push(...(await listStamped(folder, await readdir(folder).catch(() => []))));
  }
  if (process.platform === 'win32') {
    facts.push(...(await listStamped(join(process.env['SystemRoot'] ?? 'C:\\Windows', 'System32'), WINDOWS_DRIVERS)));
  }
  return createHash('sha256').update(facts.join('\n')).digest('hex');
}

async function listStamped(folder: string, names: readonly string[]): Promise<string[]> {
  return Promise.all(
    [...names].sort().map(async (name) => {
      const info = await stat(join(folder, name)).catch(() => null);
      return `${name} ${info === null ? 'absent' : `${info.size} ${info.mtimeMs}`}`;
    }),
  );
}

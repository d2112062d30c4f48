/** Graphs that were built in memory, written where the inference process can read them: once each, named by their content. */
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, rename, stat, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { LacunaError } from '../errors.ts';

/** The file is checked against its hash again before it is run, so a folder that others can write to does no harm. */
export async function keepGraph(graph: Uint8Array, folder = defaultFolder()): Promise<{ path: string; sha256: string }> {
  const sha256 = createHash('sha256').update(graph).digest('hex');
  const path = join(folder, `${sha256}.onnx`);
  const known = await stat(path).catch(() => null);
  if (known?.size === graph.length) return { path, sha256 };
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFile(temporary, graph, { mode: 0o600 });
    await rename(temporary, path);
  } catch (cause) {
    throw new LacunaError('io.write', 'A graph could not be written to the temporary folder; is the disk full?', { file: path, cause });
  }
  return { path, sha256 };
}

const defaultFolder = (): string => join(tmpdir(), `lacuna-graphs-${userInfo().username}`);

/** A model package that was found, parsed and hash-checked. */
import { createHash } from 'node:crypto';
import { open, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { LacunaError } from '../errors.ts';
import type { ModelManifest } from './manifest.ts';
import { modelManifestSchema } from './manifest.ts';

export interface LoadedModel {
  readonly manifest: ModelManifest;
  /** Folder of the package. */
  readonly folder: string;
  /** Absolute path of each graph by its manifest key. */
  readonly graphs: Readonly<Record<string, { readonly path: string; readonly sha256: string }>>;
  readonly card: string;
}

const MAX_MANIFEST_BYTES = 2 ** 20;
const MAX_CARD_BYTES = 2 ** 20;
const MAX_GRAPHS = 8;

/**
 * Reads one package folder. Nothing in it is executed; only files directly inside the folder are touched.
 * Throws io.read, input.malformed, input.too-large, input.truncated, input.mismatch, naming file and field.
 */
export async function loadModel(folder: string): Promise<LoadedModel> {
  const manifest = parseManifest(await readInside(folder, 'model.json', MAX_MANIFEST_BYTES));
  const entries = Object.entries(manifest.graphs);
  if (entries.length === 0 || entries.length > MAX_GRAPHS) {
    throw malformed('graphs', `${entries.length} graphs, expected 1 to ${MAX_GRAPHS}`);
  }
  const graphs: Record<string, { path: string; sha256: string }> = {};
  for (const [key, graph] of entries) graphs[key] = { path: await checkGraph(folder, graph), sha256: graph.sha256 };
  const card = (await readInside(folder, 'CARD.md', MAX_CARD_BYTES)).toString('utf8');
  return { manifest, folder, graphs, card };
}

function parseManifest(bytes: Buffer): ModelManifest {
  let json: unknown;
  try {
    json = JSON.parse(bytes.toString('utf8'));
  } catch (cause) {
    throw new LacunaError('input.malformed', 'model.json is not JSON', { file: 'model.json', cause });
  }
  const parsed = modelManifestSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw malformed(issue?.path.join('.') ?? '', issue?.message ?? 'not a model manifest', parsed.error);
}

function malformed(field: string, message: string, cause?: unknown): LacunaError {
  return new LacunaError('input.malformed', `model.json: ${field}: ${message}`, { file: 'model.json', field, cause });
}

async function checkGraph(folder: string, graph: ModelManifest['graphs'][string]): Promise<string> {
  const { file, bytes: expected, sha256 } = graph;
  const bytes = await readInside(folder, file, expected);
  if (bytes.byteLength < expected) {
    throw new LacunaError('input.truncated', `${file} has ${bytes.byteLength} bytes, its manifest promises ${expected}`, {
      file,
      field: 'bytes',
    });
  }
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found !== sha256) {
    throw new LacunaError('input.mismatch', `${file} has SHA-256 ${found}, its manifest promises ${sha256}`, { file, field: 'sha256' });
  }
  return join(folder, file);
}

/** A file of the package, with its size checked before it is read. A link that leads out of the package is refused. */
async function readInside(folder: string, file: string, maxBytes: number): Promise<Buffer> {
  try {
    const path = join(folder, file);
    const real = await realpath(path);
    if (real !== join(await realpath(folder), file)) {
      throw new LacunaError('input.malformed', `${file} is a link out of its package; expected a plain file`, { file });
    }
    const info = await stat(real);
    if (!info.isFile()) throw new LacunaError('input.malformed', `${file} is not a plain file`, { file });
    if (info.size > maxBytes) {
      throw new LacunaError('input.too-large', `${file} has ${info.size} bytes, at most ${maxBytes} are expected`, {
        file,
        field: 'bytes',
      });
    }
    return await readExactly(real, info.size);
  } catch (cause) {
    if (cause instanceof LacunaError) throw cause;
    throw new LacunaError('io.read', `${file} of the model package cannot be read`, { file, cause });
  }
}

/** No more than `size` bytes, even when the file grows meanwhile. */
async function readExactly(path: string, size: number): Promise<Buffer> {
  await using handle = await open(path, 'r');
  const bytes = Buffer.alloc(size);
  const { bytesRead } = await handle.read(bytes, 0, size, 0);
  return bytes.subarray(0, bytesRead);
}

/** A model package that was found, parsed and hash-checked. */
import { LacunaError } from '../errors.ts';
import type { ModelManifest } from './manifest.ts';
import { modelManifestSchema } from './manifest.ts';
import { checkInside, type PromisedFile, readInside } from './package-file.ts';

export interface CheckedFile {
  /** Absolute. */
  readonly path: string;
  readonly sha256: string;
}

export interface LoadedModel {
  readonly manifest: ModelManifest;
  /** Folder of the package. */
  readonly folder: string;
  /** Each graph by its manifest key. */
  readonly graphs: Readonly<Record<string, CheckedFile>>;
  /** Each file beside the graphs by its manifest key: `files['patterns']?.path`. */
  readonly files: Readonly<Record<string, CheckedFile>>;
  readonly card: string;
}

export const MAX_CARD_BYTES = 2 ** 20;
const MAX_MANIFEST_BYTES = 2 ** 20;
const MAX_GRAPHS = 8;
const MAX_FILES = 32;

/**
 * Reads one package folder. Nothing in it is executed; only files directly inside the folder are touched.
 * Throws io.read, input.malformed, input.too-large, input.truncated, input.mismatch, naming file and field.
 */
export async function loadModel(folder: string): Promise<LoadedModel> {
  const manifest = parseManifest(await readInside(folder, 'model.json', MAX_MANIFEST_BYTES));
  checkCounts(manifest);
  const graphs = await checkAll(folder, manifest.graphs);
  const files = await checkAll(folder, manifest.files);
  const card = (await readInside(folder, 'CARD.md', MAX_CARD_BYTES)).toString('utf8');
  return { manifest, folder, graphs, files, card };
}

/** Bytes of one of the files beside the graphs, checked again as they are read. Throws as `loadModel`; usage.not-found for a key it has not. */
export async function readModelFile(model: LoadedModel, key: string): Promise<Buffer> {
  const promised = model.manifest.files[key];
  if (promised === undefined) {
    throw new LacunaError('usage.not-found', `The model ${model.manifest.id} has no file “${key}”.`, { field: 'files' });
  }
  await checkInside(model.folder, promised);
  return readInside(model.folder, promised.file, promised.bytes);
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

/** Learned patterns are data alone; every other package is there for its graphs. */
function checkCounts({ task, graphs, files }: ModelManifest): void {
  const [graphCount, fileCount] = [Object.keys(graphs).length, Object.keys(files).length];
  const fewest = task === 'sampling-pattern' ? 0 : 1;
  if (graphCount < fewest || graphCount > MAX_GRAPHS) throw malformed('graphs', `${graphCount} graphs, expected ${fewest} to ${MAX_GRAPHS}`);
  if (fileCount > MAX_FILES) throw malformed('files', `${fileCount} files, expected at most ${MAX_FILES}`);
  if (graphCount + fileCount === 0) throw malformed('files', 'a package of learned patterns holds neither a graph nor a file');
}

function malformed(field: string, message: string, cause?: unknown): LacunaError {
  return new LacunaError('input.malformed', `model.json: ${field}: ${message}`, { file: 'model.json', field, cause });
}

async function checkAll(folder: string, promised: Readonly<Record<string, PromisedFile>>): Promise<Record<string, CheckedFile>> {
  const checked: Record<string, CheckedFile> = {};
  for (const [key, file] of Object.entries(promised)) checked[key] = { path: await checkInside(folder, file), sha256: file.sha256 };
  return checked;
}

/** A model as the model page and `lacuna models` show it (ModelDescription of the host's contract). */
import type { LoadedModel } from './load.ts';
import type { ModelManifest } from './manifest.ts';

type Shown = Pick<ModelManifest, 'id' | 'version' | 'title' | 'summary' | 'task' | 'parameters' | 'licence' | 'trained'>;

/** `bytes` is the sum over graphs and files; `graphs` names its graphs. */
export function describeModel({ manifest, card }: LoadedModel): Shown & { bytes: number; graphs: readonly string[]; card: string } {
  const { id, version, title, summary, task, parameters, licence, trained } = manifest;
  return { id, version, title, summary, task, parameters, licence, trained, bytes: modelBytes(manifest), graphs: Object.keys(manifest.graphs), card };
}

/** Size on disk without manifest and card. */
export function modelBytes({ graphs, files }: Pick<ModelManifest, 'graphs' | 'files'>): number {
  return [...Object.values(graphs), ...Object.values(files)].reduce((sum, file) => sum + file.bytes, 0);
}

/** A model as the model page and `lacuna models` show it (ModelDescription of the host's contract). */
import type { LoadedModel } from './load.ts';
import type { ModelManifest } from './manifest.ts';

type Shown = Pick<ModelManifest, 'id' | 'version' | 'title' | 'summary' | 'parameters' | 'licence' | 'trained'>;

/** `bytes` is the sum over the graphs. */
export function describeModel({ manifest, card }: LoadedModel): Shown & { bytes: number; card: string } {
  const { id, version, title, summary, parameters, licence, trained } = manifest;
  const bytes = Object.values(manifest.graphs).reduce((sum, graph) => sum + graph.bytes, 0);
  return { id, version, title, summary, parameters, licence, trained, bytes, card };
}

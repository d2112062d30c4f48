/** From an ONNX file and a person's answers to an installed package: drafted, tried, written. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LacunaError } from '../../errors.ts';
import type { InferPort } from '../../infer/port.ts';
import { draftManifest, type PackageAnswers, triedManifest, writeCard } from '../../models/draft.ts';
import type { LoadedModel } from '../../models/load.ts';
import { MAX_GRAPH_BYTES, type ModelManifest } from '../../models/manifest.ts';
import { type OnnxHeader, readOnnxHeader } from '../../models/onnx-header.ts';
import { writePackage } from '../../models/own-packages.ts';
import { type Proposal, proposeRoles } from '../../models/propose.ts';
import { OWN_GRAPH, ownNetwork } from './own-network.ts';
import { tryNetwork, type TrialReport } from './network-trial.ts';

export interface Inspected {
  readonly header: OnnxHeader;
  readonly proposal: Proposal;
}

/** Throws input.too-large, input.unrecognised, input.malformed, input.unsupported. */
export function inspectNetwork(graph: Uint8Array): Inspected {
  if (graph.length > MAX_GRAPH_BYTES) throw new LacunaError('input.too-large', `The file has ${graph.length} bytes; a graph may have ${MAX_GRAPH_BYTES}.`, { field: 'bytes' });
  const header = readOnnxHeader(graph);
  return { header, proposal: proposeRoles(header) };
}

export interface Added {
  readonly model: LoadedModel;
  readonly trial: TrialReport;
}

/** `taken`: ids of packages that are not the person's own. Throws as the parts do; nothing is left behind then. */
export async function addNetwork(
  graph: Uint8Array,
  answers: PackageAnswers,
  to: { readonly infer: InferPort; readonly own: string; readonly taken: readonly string[]; readonly replace: boolean },
): Promise<Added> {
  const { header } = inspectNetwork(graph);
  const draft = draftManifest(graph, header, answers);
  const trial = await tried(graph, draft, to.infer);
  const manifest = triedManifest(draft, trial);
  const model = await writePackage(to.own, { manifest, graph, card: writeCard(manifest, header, trial) }, to);
  return { model, trial };
}

/** The inference process reads graphs from files. */
async function tried(graph: Uint8Array, manifest: ModelManifest, infer: InferPort): Promise<TrialReport> {
  const folder = await mkdtemp(join(tmpdir(), 'lacuna-network-'));
  try {
    const path = join(folder, 'network.onnx');
    await writeFile(path, graph);
    const file = { path, sha256: manifest.graphs[OWN_GRAPH]?.sha256 ?? '' };
    const { multiple, ...spec } = ownNetwork({ manifest, graphs: { [OWN_GRAPH]: file } }).spec;
    return await tryNetwork(infer, file, multiple === undefined ? spec : { ...spec, multiple });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

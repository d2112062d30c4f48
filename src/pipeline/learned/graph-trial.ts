/** One graph of an installed package, run on a made-up acquisition. */
import type { InferPort, InferRequest } from '../../infer/port.ts';
import type { LoadedModel } from '../../models/load.ts';
import type { NetworkSpec } from '../../mri/network-inputs.ts';
import { tryNetwork, type TrialReport } from './network-trial.ts';
import { ownVerification } from './own-network.ts';

export interface GraphTrial {
  readonly report: TrialReport;
  /** The same again, for other providers. */
  readonly request: Omit<InferRequest, 'provider'>;
}

/** Null for graphs that do not turn a measurement into an image of its size. Throws as tryNetwork. */
export async function graphTrial(infer: InferPort, { manifest, graphs }: LoadedModel, key: string): Promise<GraphTrial | null> {
  const [graph, file] = [manifest.graphs[key], graphs[key]];
  if (graph === undefined || file === undefined || (manifest.task !== 'mri-reconstruction' && manifest.task !== 'mri-artefact-removal')) return null;
  const spec: NetworkSpec = { id: manifest.id, inputs: graph.inputs, outputs: graph.outputs, scale: manifest.inference?.scale ?? 'maximum', multiple: manifest.inference?.multiple };
  const report = await tryNetwork(infer, file, spec);
  const verification = await ownVerification(spec, manifest.tolerance);
  return { report, request: { ...file, inputs: verification.inputs, verification } };
}

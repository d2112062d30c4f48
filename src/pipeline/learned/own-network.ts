/** A network that a person brought, as its package describes it. */
import { LacunaError } from '../../errors.ts';
import type { VerificationCase } from '../../infer/port.ts';
import type { CheckedFile, LoadedModel } from '../../models/load.ts';
import type { ModelManifest } from '../../models/manifest.ts';
import { fixedAxis } from '../../mri/network-fit.ts';
import type { NetworkSpec } from '../../mri/network-inputs.ts';
import { poseNetwork } from '../../mri/network-reconstruction.ts';
import { sampleMeasurement, sampleSize } from '../../mri/network-sample.ts';

/** Key of the only graph of such a package. */
export const OWN_GRAPH = 'network';

export interface OwnNetwork {
  readonly spec: NetworkSpec;
  readonly file: CheckedFile;
  /** As many coils as it takes at most. */
  readonly coils: number;
}

/** Packages that the method `network` runs: by their graph, since ours have graphs of other names. */
export function isOwnNetwork({ task, graphs }: Pick<ModelManifest, 'task' | 'graphs'>): boolean {
  return (task === 'mri-reconstruction' || task === 'mri-artefact-removal') && graphs[OWN_GRAPH] !== undefined;
}

/** Throws usage.unsupported for a package of another kind. */
export function ownNetwork({ manifest, graphs }: Pick<LoadedModel, 'manifest' | 'graphs'>): OwnNetwork {
  const [graph, file] = [manifest.graphs[OWN_GRAPH], graphs[OWN_GRAPH]];
  if (graph === undefined || file === undefined || !isOwnNetwork(manifest)) {
    throw new LacunaError('usage.unsupported', `The model ${manifest.id} is not a network of your own; it has a method of its own.`, { field: 'model' });
  }
  const { inputs, outputs } = graph;
  const spec: NetworkSpec = { id: manifest.id, inputs, outputs, scale: manifest.inference?.scale ?? 'maximum', multiple: manifest.inference?.multiple };
  return { spec, file, coils: fixedAxis(spec, 'coils') ?? manifest.trained.coils?.[1] ?? Number.POSITIVE_INFINITY };
}

/** Whole lines suit every network: those that take points see them as points. */
export async function ownVerification(spec: NetworkSpec, tolerance: VerificationCase['tolerance']): Promise<VerificationCase> {
  const { feed } = await poseNetwork(spec, sampleMeasurement(sampleSize(spec), 'lines'), Number.POSITIVE_INFINITY, new Map());
  return { inputs: feed.inputs, tolerance };
}

/** The graph of a package that turns a magnitude image into another one (ReconResNet, ESPCN), found by the roles of its tensors. */
import type { NdArray } from '../../array/nd-array.ts';
import { zeros } from '../../array/nd-array.ts';
import { LacunaError } from '../../errors.ts';
import type { InferResult } from '../../infer/port.ts';
import type { LoadedModel } from '../../models/load.ts';
import type { ModelManifest } from '../../models/manifest.ts';
import type { MethodContext } from '../step.ts';

export type InferContext = Pick<MethodContext, 'infer' | 'signal' | 'loadModel'>;
type Task = ModelManifest['task'];

export interface MagnitudeGraph {
  readonly model: LoadedModel;
  readonly sha256: string;
  /** Sides must be multiples of this. */
  readonly multiple: number;
  /** How often it was trained to be applied, data consistency after each. */
  readonly passes: number;
  /** [1, 1, row, column] → [1, 1, factor·row, factor·column]. Throws infer.* and job.cancelled. */
  run(tensor: NdArray<'float32'>): Promise<{ readonly made: NdArray<'float32'>; readonly result: InferResult }>;
}

/** Pixels a side of the picture on which a provider must agree with CPU. */
const VERIFICATION_SIDE = 48;

/** Loads package `id`. Throws usage.unsupported where it is not for `task` or has no graph from a magnitude to an image of `factor` times the size. */
export async function magnitudeGraph(id: string, task: Task, { infer, signal, loadModel }: InferContext, factor = 1): Promise<MagnitudeGraph> {
  const model = await loadModel(id);
  const { manifest } = model;
  const unfit = (why: string): LacunaError => new LacunaError('usage.unsupported', `The model ${id} ${why}.`, { field: 'model' });
  if (manifest.task !== task) throw unfit(`is made for ${manifest.task}, not for ${task}`);
  for (const [key, spec] of Object.entries(manifest.graphs)) {
    const file = model.graphs[key];
    const [input] = spec.inputs;
    const output = spec.outputs.find(({ role }) => role === 'image-magnitude');
    if (file === undefined || input?.role !== 'magnitude' || spec.inputs.length > 1 || output === undefined) continue;
    const verification = { inputs: { [input.name]: verificationPicture() }, tolerance: manifest.tolerance };
    return {
      model,
      sha256: file.sha256,
      multiple: manifest.inference?.multiple ?? 1,
      passes: manifest.inference?.passes ?? 1,
      async run(tensor) {
        const result = await infer.run({ ...file, provider: 'auto', inputs: { [input.name]: tensor }, outputs: [output.name], verification }, signal);
        const made = result.outputs[output.name];
        const expected = tensor.shape.map((n, axis) => (axis < 2 ? n : factor * n));
        if (made === undefined || made.shape.join() !== expected.join()) {
          throw new LacunaError('infer.failed', `The model ${id} gave [${made?.shape.join(', ') ?? ''}], expected [${expected.join(', ')}].`, { field: output.name });
        }
        return { made, result };
      },
    };
  }
  throw unfit('has no graph with one input of role magnitude and an output of role image-magnitude');
}

/** Two lines that say what ran, for the notes of a result. */
export function graphNotes({ model, sha256 }: Pick<MagnitudeGraph, 'model' | 'sha256'>, result: InferResult): string[] {
  const { id, version } = model.manifest;
  const notes = [`Model: ${id} ${version} (sha256 ${sha256})`, `Provider: ${result.provider}, ${result.threads} ${result.threads === 1 ? 'thread' : 'threads'}`];
  if (result.verification !== undefined) {
    const { maxAbs, nrmse } = result.verification;
    notes.push(`Against CPU on the verification input: max ${maxAbs.toPrecision(2)}, NRMSE ${nrmse.toPrecision(2)}`);
  }
  return notes;
}

/** A disc with rings and a bright dot, largest value 1. */
function verificationPicture(): NdArray<'float32'> {
  const picture = zeros('float32', [1, 1, VERIFICATION_SIDE, VERIFICATION_SIDE]);
  for (let i = 0; i < picture.data.length; i++) {
    const [y, x] = [Math.floor(i / VERIFICATION_SIDE) / VERIFICATION_SIDE - 0.5, (i % VERIFICATION_SIDE) / VERIFICATION_SIDE - 0.45];
    const radius = Math.hypot(x, 1.2 * y);
    picture.data[i] = radius > 0.42 ? 0 : 0.5 + 0.3 * Math.cos(40 * radius);
  }
  picture.data[VERIFICATION_SIDE * 20 + 20] = 1;
  return picture;
}

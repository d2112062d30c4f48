/** A reconstruction network of a model package: the graph for a kind of pattern, its inputs laid out by role, its image. */
import { zeros, type NdArray } from '../../array/nd-array.ts';
import { shared } from '../../array/shared.ts';
import { LacunaError } from '../../errors.ts';
import type { InferRequest, InferResult } from '../../infer/port.ts';
import type { LoadedModel } from '../../models/load.ts';
import type { ModelManifest } from '../../models/manifest.ts';
import { asComplex, dftMatrix, largestMagnitude, type DftSource, roleValues, type UnrolledProblem } from '../../mri/unrolled.ts';
import { unrolledVerification } from '../../mri/unrolled-verification.ts';
import type { SamplingPattern } from '../../sampling/pattern.ts';
import type { MethodContext } from '../step.ts';

type GraphSpec = ModelManifest['graphs'][string];

export interface Network {
  readonly model: LoadedModel;
  /** Of the graph, which need not be that of the pattern: 'points' serves any. */
  readonly kind: UnrolledProblem['kind'];
  readonly sha256: string;
  /** The image of the problem, [row, column]. Throws infer.*, job.cancelled. */
  reconstruct(problem: UnrolledProblem): Promise<{ readonly image: NdArray<'complex64'>; readonly result: InferResult }>;
}

/** Matrices kept, of different sizes. */
const KEPT_MATRICES = 6;

/** Throws usage.unsupported for a package that cannot reconstruct such patterns, saying why. */
export function networkOf(model: LoadedModel, pattern: SamplingPattern['kind'], { infer, signal, cache }: Pick<MethodContext, 'infer' | 'signal' | 'cache'>): Network {
  const { manifest } = model;
  if (manifest.task !== 'mri-reconstruction') throw unfit(manifest, `is made for ${manifest.task}, not for mri-reconstruction`);
  const { kind, spec, path, sha256 } = graphFor(model, pattern);
  const dft: DftSource = (k, n) => keep(cache, `dft/${k}×${n}`, () => dftMatrix(k, n));
  const inputsOf = (problem: UnrolledProblem) => layOut(manifest, spec, problem, dft);
  const verification = keep(cache, `unrolled-verification/${sha256}`, () => mapped(inputsOf(unrolledVerification(kind)), shared));
  const output = spec.outputs.find(({ role }) => role === 'image' || role === 'image-magnitude');
  if (output === undefined) throw unfit(manifest, 'has no output of role image or image-magnitude');
  return {
    model,
    kind,
    sha256,
    async reconstruct(problem) {
      const request: InferRequest = {
        path,
        sha256,
        provider: 'auto',
        inputs: inputsOf(problem),
        stable: stableKeys(spec, problem),
        outputs: [output.name],
        verification: { inputs: verification, tolerance: manifest.tolerance },
      };
      const result = await infer.run(request, signal);
      return { image: imageOf(result.outputs[output.name], output, problem, manifest), result };
    },
  };
}

const mapped = <T>(values: Record<string, T>, f: (value: T) => T): Record<string, T> => Object.fromEntries(Object.entries(values).map(([name, value]) => [name, f(value)]));

function graphFor(model: LoadedModel, pattern: SamplingPattern['kind']) {
  for (const kind of pattern === 'lines' ? (['lines', 'points'] as const) : (['points'] as const)) {
    const [spec, file] = [model.manifest.graphs[kind], model.graphs[kind]];
    if (spec !== undefined && file !== undefined) return { kind, spec, ...file };
  }
  throw unfit(model.manifest, `has no graph for patterns of ${pattern}`);
}

function layOut(manifest: ModelManifest, spec: GraphSpec, problem: UnrolledProblem, dft: DftSource): Record<string, NdArray<'float32'>> {
  const values = roleValues(problem, dft);
  return Object.fromEntries(
    spec.inputs.map(({ name, role, shape }) => {
      const make = values[role];
      if (make === undefined) throw unfit(manifest, `wants ${role}, which there is none of for this measurement`);
      const value = make();
      // Networks made elsewhere have batch and channel axes of length 1 in front.
      const leading = Math.max(0, shape.length - value.shape.length);
      return [name, { ...value, shape: [...new Array<number>(leading).fill(1), ...value.shape] }];
    }),
  );
}

/** What stays the same while a slider moves: the maps, and DFT matrices, which follow from their sizes. */
function stableKeys({ inputs }: GraphSpec, { mapsKey, maps, weights, kind }: UnrolledProblem): Record<string, string> {
  const [, rows, columns] = maps.shape as [number, number, number];
  const [down, across] = kind === 'lines' ? [rows, columns] : (weights.shape as [number, number]);
  const keys: Record<string, string | undefined> = { maps: mapsKey, 'dft-rows': `dft/${down}×${rows}`, 'dft-columns': `dft/${across}×${columns}` };
  return Object.fromEntries(inputs.flatMap(({ name, role, shape }) => (keys[role] === undefined ? [] : [[name, `${keys[role]}/${shape.length}`]])));
}

function imageOf(output: NdArray<'float32'> | undefined, { name, role }: GraphSpec['outputs'][number], problem: UnrolledProblem, manifest: ModelManifest): NdArray<'complex64'> {
  const shape = problem.adjoint.shape;
  const size = problem.adjoint.data.length;
  if (role === 'image' && output?.data.length === size) return asComplex({ ...output, shape: [...shape, 2] });
  if (role === 'image-magnitude' && output?.data.length === size / 2) {
    const image = zeros('complex64', shape);
    const scale = largestMagnitude(problem.adjoint);
    for (let i = 0; i < output.data.length; i++) image.data[2 * i] = scale * (output.data[i] as number);
    return image;
  }
  throw new LacunaError('infer.failed', `The model ${manifest.id} gave no image of ${shape.join('×')} pixels.`, { field: name });
}

function unfit({ id }: ModelManifest, reason: string): LacunaError {
  return new LacunaError('usage.unsupported', `The model ${id} ${reason}.`, { field: 'model' });
}

/** Memo in the caller's cache; of each family (the text before the first slash) the latest few are kept. */
export function keep<T>(cache: Map<string, unknown>, key: string, make: () => T, most = KEPT_MATRICES): T {
  const value = cache.has(key) ? (cache.get(key) as T) : make();
  cache.delete(key);
  cache.set(key, value);
  const family = [...cache.keys()].filter((other) => other.startsWith(key.slice(0, key.indexOf('/') + 1)));
  for (const old of family.slice(0, Math.max(0, family.length - most))) cache.delete(old);
  return value;
}

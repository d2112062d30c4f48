/** The package of a network that a person brought: its manifest and its card, from the graph, the person's answers and a trial. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { layoutOf, namedShape } from '../array/tensor-layout.ts';
import { LacunaError } from '../errors.ts';
import { type ModelManifest, modelManifestSchema, TENSOR_ROLES } from './manifest.ts';
import type { GraphTensor, OnnxHeader } from './onnx-header.ts';
import { INPUT_ROLES, OUTPUT_ROLES } from './propose.ts';

const range = z.tuple([z.number(), z.number()]);
const line = z.string().trim().min(1).max(300);

/** What a person has to say of a network; the rest is read from the graph or found by running it. */
export const packageAnswers = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'small letters, digits and hyphens, 64 at most'),
  title: line,
  summary: z.string().trim().max(2000).default(''),
  version: line.default('1.0.0'),
  licence: line.default('not stated'),
  task: z.enum(['mri-reconstruction', 'mri-artefact-removal']),
  /** Role by name of the tensor. Every input needs one; of the outputs only the image. */
  inputs: z.record(z.string(), z.enum(TENSOR_ROLES)),
  outputs: z.record(z.string(), z.enum(TENSOR_ROLES)),
  scale: z.enum(['maximum', 'deviation', 'none']).default('maximum'),
  /** Found by trying where absent. */
  multiple: z.int().min(1).max(256).optional(),
  trained: z
    .strictObject({
      acceleration: range.optional(),
      coils: range.optional(),
      matrix: range.optional(),
      snr: range.optional(),
      noise: line.optional(),
      patterns: z.array(line).max(32).default([]),
      data: z.array(line).max(64).default([]),
    })
    .default({ patterns: [], data: [] }),
});
export type PackageAnswers = z.infer<typeof packageAnswers>;

export interface Tried {
  readonly outputShape: readonly (number | string)[];
  readonly multiple: number;
  readonly size: { readonly rows: number; readonly columns: number; readonly coils: number };
  readonly difference: number;
}

/** The manifest before the graph was run. Throws usage.invalid naming the tensor or field that does not fit. */
export function draftManifest(graph: Uint8Array, header: OnnxHeader, answers: PackageAnswers): ModelManifest {
  const { inputs, outputs, trained, multiple, scale, id, version, title, summary, licence, task } = answers;
  const unknown = [...Object.keys(inputs), ...Object.keys(outputs)].find((name) => ![...header.inputs, ...header.outputs].some((tensor) => tensor.name === name));
  if (unknown !== undefined) {
    throw invalid(unknown, `the graph has no input or output “${unknown}”; it has ${[...header.inputs, ...header.outputs].map(({ name }) => name).join(', ')}`);
  }
  const fed = header.inputs.map((tensor) => described(tensor, inputs[tensor.name], INPUT_ROLES));
  const images = header.outputs.filter(({ name }) => outputs[name] !== undefined).map((tensor) => described(tensor, outputs[tensor.name], OUTPUT_ROLES));
  if (images.length !== 1) throw invalid('outputs', `name one output as image or image-magnitude, got ${images.length}`);
  const twice = fed.find(({ role }, at) => fed.findIndex((other) => other.role === role) !== at);
  if (twice !== undefined) throw invalid(twice.name, `two inputs are given the role ${twice.role}`);
  return parsed({
    lacunaModel: 2, id, version, title, licence, task,
    summary: summary || `A network of your own, added from an ONNX file${header.producer === '' ? '' : ` made by ${header.producer}`}.`,
    graphs: { network: { file: 'network.onnx', sha256: createHash('sha256').update(graph).digest('hex'), bytes: graph.length, inputs: fed, outputs: images } },
    inference: { scale, ...(multiple === undefined ? {} : { multiple }) },
    parameters: header.parameters,
    trained,
  });
}

/** With what the trial found. */
export function triedManifest(manifest: ModelManifest, { outputShape, multiple }: Tried): ModelManifest {
  const [key, graph] = Object.entries(manifest.graphs)[0] as [string, ModelManifest['graphs'][string]];
  const outputs = graph.outputs.map((output) => ({ ...output, shape: [...outputShape] }));
  return parsed({ ...manifest, graphs: { [key]: { ...graph, outputs } }, inference: { ...manifest.inference, multiple } });
}

function described({ name, shape }: GraphTensor, role: (typeof TENSOR_ROLES)[number] | undefined, allowed: readonly string[]) {
  if (role === undefined) throw invalid(name, `say what ${name} holds, one of ${allowed.join(', ')}`);
  if (!allowed.includes(role)) throw invalid(name, `${name} cannot be ${role}; expected one of ${allowed.join(', ')}`);
  const layout = shape === null && role !== undefined ? null : layoutOf(role, shape ?? []);
  // The real shape of an output is seen when the graph is run.
  if (layout === null && !OUTPUT_ROLES.includes(role)) throw invalid(name, `${name} is [${shape?.join(', ') ?? '?'}], which ${role} cannot have`);
  const fallback = role === 'image' ? ['rows', 'columns', 2] : ['rows', 'columns'];
  return { name, role, dtype: 'float32' as const, shape: layout === null ? fallback : namedShape(layout, shape ?? []), help: HELP[role] };
}

const HELP: Readonly<Record<(typeof TENSOR_ROLES)[number], string>> = {
  adjoint: 'Zero-filled image combined with the coil maps, divided by the scale',
  magnitude: 'Magnitude of the zero-filled image, divided by the scale',
  maps: 'Coil maps of unit root-sum-of-squares',
  kspace: 'Masked, centred k-space, divided by the scale',
  'mask-lines': '1 = line acquired, 0 = not',
  weights: '1 = sample acquired, 0 = not',
  'dft-lines': 'Rows of the centred orthonormal DFT matrix, of the acquired lines alone',
  'dft-rows': 'Centred orthonormal DFT matrix along rows',
  'dft-columns': 'Centred orthonormal DFT matrix along columns',
  condition: 'Acquired fraction; standard deviation of the noise in each component, divided by the scale, 0 = unknown',
  image: 'Complex image, in units of the scale',
  'image-magnitude': 'Magnitude image, in units of the scale',
};

function parsed(manifest: unknown): ModelManifest {
  const result = modelManifestSchema.safeParse(manifest);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw invalid(issue?.path.join('.') ?? '', issue?.message ?? 'not a model manifest');
}

function invalid(field: string, message: string): LacunaError {
  return new LacunaError('usage.invalid', `The model package: ${message}.`, { field });
}

/** CARD.md: what is known of it and, plainly, what is not. */
export function writeCard(manifest: ModelManifest, header: OnnxHeader, tried: Tried): string {
  const { title, id, version, licence, trained } = manifest;
  const graph = manifest.graphs['network'] as ModelManifest['graphs'][string];
  const between = (limits: readonly number[] | undefined): string => limits?.join(' to ') ?? 'not stated';
  const rows = [...graph.inputs, ...graph.outputs].map(({ name, role, shape }) => `| \`${name}\` | ${graph.inputs.some((input) => input.name === name) ? 'input' : 'output'} | ${role} | ${shape.join(' × ')} |`);
  return [
    `# ${title} (${id} ${version})`,
    manifest.summary,
    '**Research use only. Not for diagnostic use.** Brought by the user; the studio did not train it and has not measured how well it does.',
    `Licence of the weights: ${licence}.`,
    '## Network',
    `${manifest.parameters.toLocaleString('en-GB')} parameters; ONNX IR version ${header.irVersion}, operator set ${header.opsets[''] ?? header.opsets['ai.onnx'] ?? 'not stated'}${header.producer === '' ? '' : `, made by ${header.producer}`}. \`network.onnx\`, ${graph.bytes.toLocaleString('en-GB')} bytes, SHA-256 \`${graph.sha256}\`.`,
    ['| tensor | way | role | shape |', '|---|---|---|---|', ...rows].join('\n'),
    `Image and samples are divided by ${SCALES[manifest.inference?.scale ?? 'maximum']} before the network sees them.${(manifest.inference?.multiple ?? 1) > 1 ? ` Sides have to be multiples of ${manifest.inference?.multiple}.` : ''}`,
    '## Known',
    `- Run on a made-up acquisition of ${tried.size.rows} × ${tried.size.columns} samples and ${tried.size.coils} ${tried.size.coils === 1 ? 'coil' : 'coils'} when it was added: finite, of the size of its input; largest difference between two runs on CPU ${tried.difference === 0 ? '0 (the same bits)' : tried.difference.toExponential(1)}.`,
    '## Said by who added it',
    [
      `- Acceleration: ${between(trained.acceleration)}`, `- Coils: ${between(trained.coils)}`, `- Matrix: ${between(trained.matrix)}`,
      `- Signal-to-noise ratio: ${between(trained.snr)}`, `- Noise: ${trained.noise ?? 'not stated'}`,
      `- Patterns: ${trained.patterns.join(', ') || 'not stated'}`, `- Data: ${trained.data.join('; ') || 'not stated'}`,
    ].join('\n'),
    '## Unknown',
    '- How good its images are: compare with SENSE or L1-wavelet on data with a reference.\n- What it makes of anatomy, contrast, noise and sampling that it never met.\n- Whether it was trained on data that are also used to judge it.',
    '',
  ].join('\n\n');
}

const SCALES = { maximum: 'the largest magnitude of the zero-filled image', deviation: 'the standard deviation of the magnitudes of the zero-filled image', none: 'nothing' } as const;

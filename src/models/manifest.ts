/** `model.json` of a model package: models/<id>/{model.json, *.onnx, CARD.md}. Models are data: hash-checked, size-limited, no code. */
import { z } from 'zod';

/** What a tensor holds. The studio lays inputs out by role, never by name, so that networks made elsewhere need no renaming. */
export const TENSOR_ROLES = [
  /** Aᴴy, zero-filled and combined: [rows, columns, 2]. */
  'adjoint',
  /** Magnitude of the zero-filled image, maximum 1: [.., rows, columns]. */
  'magnitude',
  /** Coil maps of unit root-sum-of-squares: [coils, rows, columns, 2]. */
  'maps',
  /** Masked, centred k-space: [coils, rows, columns, 2]. */
  'kspace',
  /** 1 = acquired: [columns]. */
  'mask-lines',
  /** 1 = acquired, or the transfer function of a trajectory on the doubled grid: [J, K]. */
  'weights',
  /** Rows of the centred orthonormal DFT matrix, of the acquired lines alone: [lines, columns, 2]. */
  'dft-lines',
  'dft-rows',
  'dft-columns',
  /** [acquired fraction, standard deviation of the noise in each component, 0 = unknown]. */
  'condition',
  /** Complex image: [rows, columns, 2]. */
  'image',
  /** Result that is a magnitude: [.., rows, columns]. */
  'image-magnitude',
] as const;
export type TensorRole = (typeof TENSOR_ROLES)[number];

const tensor = z.strictObject({
  /** As in the graph. */
  name: z.string(),
  role: z.enum(TENSOR_ROLES),
  dtype: z.enum(['float32', 'int64']),
  /** Numbers are fixed sizes, strings are symbolic: ["coils", "rows", "columns", 2]. */
  shape: z.array(z.union([z.int().positive(), z.string()])),
  /** What it holds, units and scale, in one line. */
  help: z.string(),
});

const content = {
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z
    .int()
    .positive()
    .max(64 * 2 ** 20),
};

const graph = z.strictObject({
  /** File name inside the package. */
  file: z.string().regex(/^[\w.-]+\.onnx$/),
  ...content,
  inputs: z.array(tensor).min(1),
  outputs: z.array(tensor).min(1),
});

/** Data beside the graphs: learned patterns. */
const plainFile = z.strictObject({ file: z.string().regex(/^[\w.-]+\.json$/), ...content });

export const MODEL_TASKS = ['mri-reconstruction', 'mri-artefact-removal', 'super-resolution', 'sampling-pattern'] as const;

export const modelManifestSchema = z.strictObject({
  lacunaModel: z.literal(2),
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/),
  version: z.string(),
  title: z.string(),
  summary: z.string(),
  licence: z.string(),
  task: z.enum(MODEL_TASKS),
  /** Of a reconstruction 'lines' (readout already in image space) and 'points' (any weights on a 2-D spectrum). */
  graphs: z.record(z.string(), graph),
  /** By key; `patterns` of a package of learned patterns. */
  files: z.record(z.string(), plainFile).default({}),
  /** How the graphs are best run; a person may choose otherwise. */
  inference: z
    .strictObject({
      /** Channels are compressed to this many first. */
      virtualCoils: z.int().min(1).max(16).default(6),
      /** With 2, coil maps are made again from what the first pass has filled in. */
      mapPasses: z.union([z.literal(1), z.literal(2)]).default(1),
      /** Mirrored and conjugated copies that are averaged. */
      averages: z.union([z.literal(1), z.literal(2), z.literal(4), z.literal(8)]).default(1),
    })
    .optional(),
  parameters: z.int().nonnegative(),
  /** A provider counts as usable for this model when its output on the verification input is within both. */
  tolerance: z.strictObject({ maxAbs: z.number().positive(), nrmse: z.number().positive() }),
  /** Conditions it was trained for; a scan outside is run with a warning. */
  trained: z.strictObject({
    acceleration: z.tuple([z.number(), z.number()]),
    coils: z.tuple([z.int(), z.int()]),
    matrix: z.tuple([z.int(), z.int()]),
    patterns: z.array(z.string()),
    data: z.array(z.string()),
  }),
});
export type ModelManifest = z.infer<typeof modelManifestSchema>;

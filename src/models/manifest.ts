/** `model.json` of a model package: models/<id>/{model.json, *.onnx, *.json, CARD.md}. Models are data: hash-checked, size-limited, no code. */
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

/** Larger files are not looked at: the inference process holds a graph in memory as a whole. */
export const MAX_GRAPH_BYTES = 512 * 2 ** 20;

const key = z.string().regex(/^[a-z][a-z0-9-]{0,31}$/);

const content = {
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.int().positive().max(MAX_GRAPH_BYTES),
};

const graph = z.strictObject({
  /** File name inside the package. */
  file: z.string().regex(/^[\w.-]+\.onnx$/),
  ...content,
  inputs: z.array(tensor).min(1),
  outputs: z.array(tensor).min(1),
});

/** Data beside the graphs: learned patterns, pictures of the card. */
const plainFile = z.strictObject({ file: z.string().regex(/^[\w.-]+\.(json|png)$/), ...content });

const range = z.tuple([z.number(), z.number()]).refine(([low, high]) => low <= high, 'expected [smallest, largest]');
const wholeRange = z.tuple([z.int(), z.int()]).refine(([low, high]) => low <= high, 'expected [smallest, largest]');

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
  graphs: z.record(key, graph),
  /** By key; `patterns` of a package of learned patterns. */
  files: z.record(key, plainFile).default({}),
  /** How the graphs are best run; a person may choose otherwise. */
  inference: z
    .strictObject({
      /** Channels are compressed to this many first. */
      virtualCoils: z.int().min(1).max(16).default(6),
      /** With 2, coil maps are made again from what the first pass has filled in. */
      mapPasses: z.union([z.literal(1), z.literal(2)]).default(1),
      /** Mirrored and conjugated copies that are averaged. */
      averages: z.union([z.literal(1), z.literal(2), z.literal(4), z.literal(8)]).default(1),
      /** What image and samples are divided by before the network sees them, and its image multiplied by after; 1 when absent. */
      scale: z.enum(['maximum', 'deviation', 'none']).optional(),
      /** Sides of the image are padded to a multiple of this: networks that pool can do no other. 1 when absent. */
      multiple: z.int().min(1).max(256).optional(),
      /** How often a network from image to image and data consistency follow each other, as in its training; once when absent. */
      passes: z.int().min(1).max(8).optional(),
    })
    .optional(),
  parameters: z.int().nonnegative(),
  /** A provider counts as usable for this model when its output on the verification input is within both. */
  tolerance: z.strictObject({ maxAbs: z.number().positive(), nrmse: z.number().positive() }).default({ maxAbs: 1e-3, nrmse: 1e-4 }),
  /** Conditions it was trained for; a scan outside is run with a warning. What is absent is unknown, or has no meaning for the task. */
  trained: z.strictObject({
    acceleration: range.optional(),
    /** As the network sees them: after compression to virtual coils. */
    coils: wholeRange.optional(),
    /** Of rows and of columns. */
    matrix: wholeRange.optional(),
    /** Mean signal of tissue over the standard deviation of the noise in real and imaginary part, in the fully sampled combined image. */
    snr: range.optional(),
    /** What noise it met, in one line. */
    noise: z.string().optional(),
    /** Names of pattern steps; empty = unknown or any. */
    patterns: z.array(z.string()).default([]),
    data: z.array(z.string()).default([]),
  }),
});
export type ModelManifest = z.infer<typeof modelManifestSchema>;
export type TrainedConditions = ModelManifest['trained'];

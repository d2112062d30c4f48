/** `model.json` of a model package: models/<id>/{model.json, *.onnx, CARD.md}. Models are data: hash-checked, size-limited, no code. */
import { z } from 'zod';

const tensor = z.strictObject({
  name: z.string(),
  dtype: z.enum(['float32', 'int64']),
  /** Numbers are fixed sizes, strings are symbolic: ["coils", "rows", "columns", 2]. */
  shape: z.array(z.union([z.int().positive(), z.string()])),
  /** What it holds, units and scale, in one line. */
  help: z.string(),
});

const graph = z.strictObject({
  /** File name inside the package. */
  file: z.string().regex(/^[\w.-]+\.onnx$/),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z
    .int()
    .positive()
    .max(64 * 2 ** 20),
  inputs: z.array(tensor).min(1),
  outputs: z.array(tensor).min(1),
});

export const modelManifestSchema = z.strictObject({
  lacunaModel: z.literal(1),
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/),
  version: z.string(),
  title: z.string(),
  summary: z.string(),
  licence: z.string(),
  task: z.enum(['mri-reconstruction']),
  /** 'lines': readout already transformed to image space, DFT along columns only. 'points': full 2-D DFT. */
  graphs: z.record(z.string(), graph),
  parameters: z.int().positive(),
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

/** The receipt saved beside every result (`*.lacuna.json`): what decides the bits, what the bits were, and how it went. */
import { z } from 'zod';
import { zeros } from '../array/nd-array.ts';
import { LacunaError } from '../errors.ts';
import type { SamplingPattern } from '../sampling/pattern.ts';
import { NOTICE, VERSION } from '../version.ts';
import { canonicalJson, sha256Hex } from './canonical-json.ts';
import { type PipelineDocument, pipelineSchema } from './document.ts';
import { findStep } from './registry.ts';
import type { Image, RunOutcome } from './run-event.ts';
import type { ExportInput } from './step.ts';

const hash = z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 hex digits');

const metricReport = z.object({
  values: z.array(z.object({ name: z.string(), value: z.number().nullable(), unit: z.string(), better: z.string() })),
  contract: z.string(),
  dataRange: z.number(),
  shape: z.array(z.number()),
  reference: z.enum(['root-sum-of-squares', 'combined', 'file']).optional(),
});

export const receiptSchema = z.object({
  lacunaReceipt: z.literal(1),
  notice: z.string(),
  pipeline: pipelineSchema,
  /** SHA-256 of the volume's little-endian bytes, C order. */
  output: z.object({ sha256: hash, shape: z.array(z.int().positive()), dtype: z.enum(['float32', 'complex64']) }),
  pattern: z.object({ kind: z.string(), nominal: z.number(), achieved: z.number(), kept: z.int(), total: z.int() }),
  metrics: metricReport.optional(),
  notes: z.array(z.string()),
  environment: z.object({
    lacuna: z.string(),
    runtime: z.string(),
    platform: z.string(),
    provider: z.string(),
    threads: z.int(),
  }),
  timing: z.object({ milliseconds: z.number(), slices: z.int() }),
  model: z.object({ id: z.string(), version: z.string(), graphs: z.record(z.string(), hash) }).optional(),
  export: z
    .object({
      format: z.string(),
      params: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
      slices: z.tuple([z.int(), z.int()]).optional(),
      /** Model that made the files finer than the result: `espcn-x2 1.0.0`. */
      superResolution: z.string().optional(),
      files: z.array(z.object({ name: z.string(), sha256: hash, bytes: z.int() })),
    })
    .optional(),
});
export type Receipt = z.infer<typeof receiptSchema>;

export interface ReceiptEnvironment {
  readonly runtime: string;
  readonly platform: string;
  readonly threads: number;
  readonly model?: Receipt['model'];
}

export async function makeReceipt(pipeline: PipelineDocument, outcome: RunOutcome, environment: ReceiptEnvironment): Promise<Receipt> {
  const { model, ...machine } = environment;
  return {
    lacunaReceipt: 1,
    notice: NOTICE,
    pipeline,
    output: { sha256: await hashVolume(outcome.volume), shape: [...outcome.volume.shape], dtype: outcome.volume.dtype },
    pattern: describe(outcome.pattern),
    ...(outcome.metrics === undefined ? {} : { metrics: jsonMetrics(outcome.metrics) }),
    notes: [...outcome.notes],
    environment: { lacuna: VERSION, provider: outcome.provider, ...machine },
    timing: { milliseconds: Math.round(outcome.ms * 10) / 10, slices: pipeline.slices[1] - pipeline.slices[0] },
    ...(model === undefined ? {} : { model }),
  };
}

/** Throws input.malformed naming the first field that does not fit. */
export function parseReceipt(text: string, file: string): Receipt {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new LacunaError('input.malformed', 'This is not JSON; expected a receipt written by Lacuna (*.lacuna.json).', { file, cause });
  }
  const parsed = receiptSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue?.path.join('.') || 'receipt';
  throw new LacunaError('input.malformed', `The receipt's ${field} does not fit: ${issue?.message ?? 'invalid'}.`, { file, field });
}

export function hashVolume(volume: Image): Promise<string> {
  return sha256Hex(new Uint8Array(volume.data.buffer, volume.data.byteOffset, volume.data.byteLength));
}

/** One sentence for DICOM's Derivation Description and the like. */
export function derivation(receipt: Receipt): string {
  const { pipeline, pattern } = receipt;
  const method = findStep('method', pipeline.method.name).title;
  const model = receipt.model === undefined ? '' : ` (model ${receipt.model.id} ${receipt.model.version})`;
  const acquired = pipeline.acquire === undefined ? '' : ' of a simulated acquisition';
  return (
    `Lacuna ${receipt.environment.lacuna}: ${method}${model} from ${pattern.kept} of ${pattern.total} ${pattern.kind}` +
    `${acquired}, ${pipeline.pattern.name} pattern, R ${pattern.nominal.toFixed(2)} nominal, ${pattern.achieved.toFixed(2)} achieved. ${NOTICE}`
  );
}

/** The part of a receipt that is embedded in exported files: no times, so that a re-run writes the same bytes. */
export function embeddedReceipt(receipt: Receipt): string {
  const { pipeline, output, pattern, model } = receipt;
  return canonicalJson({ lacunaReceipt: 1, notice: NOTICE, lacuna: receipt.environment.lacuna, pipeline, output, pattern, model });
}

/** What an exporter needs to know of a result, for `slices` [start, end) counted within the volume. */
export async function exportInput(
  receipt: Receipt,
  volume: Image,
  series: ExportInput['series'],
  slices: readonly [number, number],
): Promise<ExportInput> {
  const first = receipt.pipeline.slices[0];
  return {
    volume: sliceRange(volume, slices),
    title: `${findStep('method', receipt.pipeline.method.name).title} R=${receipt.pattern.nominal.toFixed(1)}`,
    slices: Array.from({ length: slices[1] - slices[0] }, (_, i) => first + slices[0] + i),
    series,
    derivation: derivation(receipt),
    receipt: embeddedReceipt(receipt),
    uidSeed: await sha256Hex(embeddedReceipt(receipt)),
    learned: receipt.model !== undefined,
  };
}

function sliceRange(volume: Image, [start, end]: readonly [number, number]): Image {
  const count = volume.shape[0] ?? 0;
  if (start < 0 || end <= start || end > count) {
    throw new LacunaError('usage.invalid', `Slices ${start}:${end} are not within 0:${count}.`, { field: 'slices' });
  }
  if (start === 0 && end === count) return volume;
  const out = zeros(volume.dtype, [end - start, ...volume.shape.slice(1)]);
  const step = volume.data.length / count;
  out.data.set(volume.data.subarray(start * step, end * step));
  return out;
}

/** Infinity (equal volumes) has no JSON form and is written as null. */
export function jsonMetrics(report: NonNullable<RunOutcome['metrics']>): NonNullable<Receipt['metrics']> {
  return {
    values: report.values.map((v) => ({ ...v, value: Number.isFinite(v.value) ? v.value : null })),
    contract: report.contract,
    dataRange: report.dataRange,
    shape: [...report.shape],
    ...(report.reference === undefined ? {} : { reference: report.reference }),
  };
}

function describe(pattern: SamplingPattern): Receipt['pattern'] {
  const { kind, nominal, achieved, kept, total } = pattern;
  return { kind, nominal, achieved, kept, total };
}


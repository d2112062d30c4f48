/** Bodies of the API, checked; the types in contract.ts are what passes. */
import { z } from 'zod';
import { LacunaError } from '../errors.ts';
import { limitedBody } from './security.ts';

const JSON_LIMIT = 1 << 20;

const call = z.strictObject({
  name: z.string().min(1).max(64),
  params: z.record(z.string().max(64), z.union([z.number(), z.string().max(4096), z.boolean()])).default({}),
});
const prepare = z.array(call).max(16);
const slices = z.tuple([z.int().min(0), z.int().min(1)]);
const recordingId = z.string().regex(/^[0-9a-f]{64}$/, 'expected the SHA-256 of a recording');
const provider = z.enum(['auto', 'cpu', 'cuda', 'dml', 'coreml', 'webgpu']);
const channel = z.string().max(64);

const pipelineRequest = z.strictObject({
  recording: recordingId,
  series: z.string().max(128),
  slices,
  acquire: call.optional(),
  prepare: prepare.optional(),
  pattern: call,
  method: call,
  metric: call.optional(),
  provider: provider.optional(),
  channel: channel.optional(),
});
export const jobRequest = z.strictObject({ ...pipelineRequest.shape, purpose: z.enum(['preview', 'run']) });
export const viewRequest = z.strictObject({ ...pipelineRequest.shape, view: call });

export const sweepRequest = z.strictObject({
  recording: recordingId,
  series: z.string().max(128),
  slice: z.int().min(0),
  acquire: call.optional(),
  prepare: prepare.optional(),
  pattern: call,
  accelerations: z.array(z.number().min(1).max(64)).min(1).max(50),
  methods: z.array(call).min(1).max(20),
  metric: call.optional(),
  channel: channel.optional(),
});

export const exportRequest = z.strictObject({
  format: z.string().max(64),
  params: z.record(z.string().max(64), z.union([z.number(), z.string().max(4096), z.boolean()])).default({}),
  name: z.string().max(200).optional(),
  handle: z.string().max(128).optional(),
  slices: slices.optional(),
});

export const patternExportRequest = z.strictObject({
  recording: recordingId,
  series: z.string().max(128),
  pattern: call,
  format: z.enum(['csv', 'npy', 'json']),
});

export const sampleRequest = z.record(z.string().max(64), z.union([z.number(), z.string().max(256), z.boolean()]));
export const handleRequest = z.strictObject({ handle: z.string().min(1).max(128) });

/** The body as `schema` has it. Throws usage.invalid naming the field, usage.too-large over 1 MiB. */
export async function jsonBody<S extends z.ZodType>(request: Request, schema: S): Promise<z.infer<S>> {
  const bytes = await limitedBody(request, JSON_LIMIT);
  let json: unknown;
  try {
    json = bytes.length === 0 ? {} : JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new LacunaError('usage.invalid', 'The body is not JSON.', { field: 'body', cause });
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue?.path.join('.') || 'body';
  throw new LacunaError('usage.invalid', `${field}: ${issue?.message ?? 'invalid'}.`, { field });
}

/** A whole number from the query. Throws usage.invalid. */
export function queryInteger(request: Request, name: string, fallback?: number): number {
  const text = new URL(request.url).searchParams.get(name);
  if (text === null && fallback !== undefined) return fallback;
  const value = Number(text);
  if (text !== null && text !== '' && Number.isInteger(value) && value >= 0) return value;
  throw new LacunaError('usage.invalid', `${name} expects a whole number of at least 0.`, { field: name });
}

/** Throws usage.invalid where it is missing. */
export function queryText(request: Request, name: string): string {
  const text = new URL(request.url).searchParams.get(name);
  if (text !== null && text !== '') return text;
  throw new LacunaError('usage.invalid', `${name} is missing from the query.`, { field: name });
}

/** Headers of the frames between client and infer process. Both sides validate what they receive. */
import { z } from 'zod';
import type { SerializedError } from '../errors.ts';
import { tensorHeaderSchema } from './tensors.ts';

export const PROVIDER_NAMES = ['cpu', 'cuda', 'dml', 'coreml', 'webgpu'] as const;
const provider = z.enum(PROVIDER_NAMES);
const threads = z.int().min(1).max(1024);

const graph = {
  path: z.string().min(1).max(4096),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  provider,
  threads,
  tensors: tensorHeaderSchema,
};

/** Names of inputs with the content keys under which the process keeps them. */
const keyed = z.record(z.string().min(1).max(256), z.string().min(1).max(256)).refine((keys) => Object.keys(keys).length <= 256);

export const requestSchema = z.discriminatedUnion('type', [
  /** `resident` inputs are with the process already; of those sent, the ones in `keep` are to be kept. */
  z.strictObject({
    type: z.literal('run'),
    id: z.int(),
    ...graph,
    outputs: z.array(z.string().max(256)).max(256).optional(),
    resident: keyed.optional(),
    keep: keyed.optional(),
  }),
  /** Runs the graph on the provider and on CPU with the same inputs; replies with the difference. */
  z.strictObject({ type: z.literal('verify'), id: z.int(), ...graph }),
  z.strictObject({ type: z.literal('probe'), id: z.int(), provider, threads }),
]);
export type Request = z.infer<typeof requestSchema>;

// JSON has no Infinity and writes null instead.
const distance = z
  .number()
  .nullable()
  .transform((value) => value ?? Infinity);
const difference = z.strictObject({ maxAbs: distance, nrmse: distance });

export const replySchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('ran'), id: z.int(), ms: z.number(), rss: z.number(), tensors: tensorHeaderSchema }),
  /** Resident inputs that are gone: the request is to be sent again with them. */
  z.strictObject({ type: z.literal('missing'), id: z.int(), rss: z.number() }),
  z.strictObject({ type: z.literal('verified'), id: z.int(), difference, rss: z.number() }),
  z.strictObject({
    type: z.literal('probed'),
    id: z.int(),
    rss: z.number(),
    outcome: z.enum(['verified', 'failed', 'absent']),
    reason: z.string().optional(),
    difference: difference.optional(),
    /** Warm time of the probe's matrix product on the provider and on CPU, milliseconds. */
    speed: z.strictObject({ ms: z.number(), cpuMs: z.number(), size: z.int() }).optional(),
  }),
  z.strictObject({ type: z.literal('failed'), id: z.int(), rss: z.number(), error: z.custom<SerializedError>(isSerializedError) }),
]);
export type Reply = z.infer<typeof replySchema>;
export type ProbeReply = Extract<Reply, { type: 'probed' }>;

function isSerializedError(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { code, message } = value as Partial<SerializedError>;
  return typeof code === 'string' && typeof message === 'string';
}

/** The pipeline document: everything that decides a result. Saved in every receipt; running it again gives the same bits on CPU. */
import { z } from 'zod';
import { readOptionsSchema } from '../array/read-options.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 hex digits');
const stepCall = z.strictObject({
  name: z.string().min(1).max(64),
  params: z.record(z.string(), z.union([z.number(), z.string().max(4096), z.boolean()])).default({}),
});
export type StepCall = z.infer<typeof stepCall>;

export const pipelineSchema = z.strictObject({
  /** Version of this schema. */
  lacuna: z.literal(1),
  input: z.strictObject({
    name: z.string().max(512),
    sha256,
    /** Set where the input is made by a sample step, so that it can be made again. */
    sample: stepCall.optional(),
    series: z.string().max(128),
    /** What a person decided about the file: axes, fixes of the raw-data doctor. */
    read: readOptionsSchema.optional(),
  }),
  /** Slice indices [start, end). */
  slices: z.tuple([z.int().min(0), z.int().min(1)]),
  /** Simulated acquisition; only for image series. */
  acquire: stepCall.optional(),
  /** What is done to measured k-space before it is sampled, in the order of the steps' `order`; absent: nothing. */
  prepare: z.array(stepCall).max(16).optional(),
  pattern: stepCall,
  /** The pattern itself, where it came from a file or was drawn: one bit a line or point (C order, most significant bit first), base64. */
  mask: z
    .strictObject({ kind: z.enum(['lines', 'points']), rows: z.int().positive(), columns: z.int().positive(), bits: z.base64() })
    .optional(),
  method: stepCall,
  metric: stepCall.optional(),
  provider: z.enum(['auto', 'cpu', 'cuda', 'dml', 'coreml', 'webgpu']).default('auto'),
});
export type PipelineDocument = z.infer<typeof pipelineSchema>;

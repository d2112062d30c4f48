/**
 * patterns.json of a package of learned patterns: logits on normalised frequency f = (k − ⌊N/2⌋)/N. Knots span [−½, ½] evenly;
 * weights between lines or points are exp(logit), whose scale has no meaning.
 */
import { z } from 'zod';
import { LacunaError } from '../errors.ts';

/** Longer files are refused unread: the largest that fits the schema is about this long. */
export const MAX_LEARNED_BYTES = 2 ** 20;

const logit = z.number().min(-60).max(60);
const knots = z.array(logit).min(2).max(1025);
/** Share of the columns (and rows) that is kept whole around DC. */
const centreFraction = z.number().min(0).max(0.2);
const acceleration = z.number().min(1).max(64);
const name = z.string().regex(/^[a-z][a-z0-9-]{0,15}$/);

const schema = z.strictObject({
  lacunaPatterns: z.literal(1),
  /** One ranking of the lines for every acceleration. */
  family: z.strictObject({
    /** Smallest and largest acceleration it was trained for. */
    acceleration: z.tuple([acceleration, acceleration]),
    centreFraction,
    /** Weight of the distance to mirrored lines, as a power. */
    mirror: z.number().min(0).max(4),
    logits: knots,
  }),
  /** Lines that were learned for one acceleration each. */
  lines: z
    .array(
      z.strictObject({
        name,
        acceleration,
        centreFraction,
        /** Where systematic sampling begins; at ¼ and ¾ mirrored lines fall between the others. */
        offset: z.number().min(0).max(1),
        logits: knots,
      }),
    )
    .min(1)
    .max(16),
  points: z
    .array(
      z.strictObject({
        name,
        acceleration,
        centreFraction,
        /** Distance kept from the mirror images of points, as a share of that from points. */
        mirror: z.number().min(0).max(1),
        /** [row frequency, column frequency]. */
        logits: z.array(z.array(logit).min(2).max(129)).min(2).max(129),
      }),
    )
    .min(1)
    .max(8),
});

export type LearnedPatterns = z.infer<typeof schema>;
export type LearnedFamily = LearnedPatterns['family'];
export type LearnedLines = LearnedPatterns['lines'][number];
export type LearnedPoints = LearnedPatterns['points'][number];

/** Throws input.too-large, and input.malformed naming the field. */
export function readLearnedPatterns(bytes: Uint8Array, file: string): LearnedPatterns {
  if (bytes.length > MAX_LEARNED_BYTES) {
    throw new LacunaError('input.too-large', `${file} has ${bytes.length} bytes; learned patterns take at most ${MAX_LEARNED_BYTES}.`, { file, field: 'bytes' });
  }
  const parsed = schema.safeParse(parse(bytes, file));
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw malformed(file, issue?.path.join('.') || 'lacunaPatterns', issue?.message ?? 'does not fit');
  }
  const ragged = parsed.data.points.findIndex(({ logits }) => logits.some((row) => row.length !== logits[0]?.length));
  if (ragged >= 0) throw malformed(file, `points.${ragged}.logits`, 'rows differ in length');
  const [from, to] = parsed.data.family.acceleration;
  if (from > to) throw malformed(file, 'family.acceleration', 'expected [smallest, largest]');
  return parsed.data;
}

function parse(bytes: Uint8Array, file: string): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new LacunaError('input.malformed', `${file} is not JSON in UTF-8.`, { file, field: 'lacunaPatterns', cause });
  }
}

function malformed(file: string, field: string, message: string): LacunaError {
  return new LacunaError('input.malformed', `${file}: ${field}: ${message}`, { file, field });
}

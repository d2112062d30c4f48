/** A pattern as JSON: { kind: 'lines' | 'points', rows, columns, and kept (indices, or pairs [row, column]) or mask (flags) }. */
import { z } from 'zod';
import { ndArray, type NdArray } from '../array/nd-array.ts';
import { LacunaError } from '../errors.ts';
import { checkSize } from './pattern-size.ts';

const size = z.int().min(1);
const flag = z.union([z.number(), z.boolean()]);
const schema = z.strictObject({
  kind: z.enum(['lines', 'points']),
  rows: size,
  columns: size,
  kept: z.array(z.union([z.int().min(0), z.tuple([z.int().min(0), z.int().min(0)])])).optional(),
  mask: z.union([z.array(flag), z.array(z.array(flag))]).optional(),
});
type Parsed = z.infer<typeof schema>;

/** Throws input.malformed naming the field. */
export function decodeJsonPattern(text: string, file: string): NdArray<'uint8'> {
  const pattern = parse(text, file);
  const { kind, rows, columns, kept, mask } = pattern;
  if ((kept === undefined) === (mask === undefined)) {
    throw new LacunaError('input.malformed', 'A pattern in JSON has either “kept” or “mask”.', { file, field: 'mask' });
  }
  checkSize(rows, columns, file);
  const shape = kind === 'lines' ? [columns] : [rows, columns];
  return ndArray('uint8', shape, kept === undefined ? fromMask(pattern, file) : fromKept(pattern, file));
}

function parse(text: string, file: string): Parsed {
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (cause) {
    throw new LacunaError('input.malformed', 'The pattern file is not JSON.', { file, cause });
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue?.path.join('.') || 'kind';
  throw new LacunaError('input.malformed', `The pattern's ${field} does not fit: ${issue?.message ?? 'invalid'}.`, { file, field });
}

function fromMask({ kind, rows, columns, mask = [] }: Parsed, file: string): Uint8Array {
  const length = kind === 'lines' ? columns : rows * columns;
  const ragged = mask.findIndex((row) => Array.isArray(row) && row.length !== columns);
  const values = mask.flat();
  if (ragged >= 0 || values.length !== length) {
    throw new LacunaError('input.malformed', `The pattern's mask has ${values.length} flags; ${kind} of ${rows}×${columns} need ${length}.`, { file, field: ragged >= 0 ? `mask.${ragged}` : 'mask' });
  }
  return Uint8Array.from(values, (value) => (Number(value) === 0 ? 0 : 1));
}

function fromKept({ kind, rows, columns, kept = [] }: Parsed, file: string): Uint8Array {
  const mask = new Uint8Array(kind === 'lines' ? columns : rows * columns);
  for (const [i, entry] of kept.entries()) {
    const pair = Array.isArray(entry);
    const [row, column] = pair ? entry : [0, entry];
    if (pair !== (kind === 'points') || row >= rows || column >= columns) {
      const expected = kind === 'lines' ? `an index from 0 to ${columns - 1}` : `a pair [row, column] within ${rows}×${columns}`;
      throw new LacunaError('input.malformed', `Entry ${i} of the pattern's kept is not ${expected}.`, { file, field: `kept.${i}` });
    }
    mask[row * columns + column] = 1;
  }
  return mask;
}

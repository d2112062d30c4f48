/** A pattern that a user drew up elsewhere, as an array. */
import { isComplexDType, type NdArray } from '../array/nd-array.ts';
import { LacunaError } from '../errors.ts';
import { type Acquired, describePattern } from './describe.ts';
import type { SamplingPattern } from './pattern.ts';

/**
 * [columns] (one value per line) or [rows, columns] (one per point); axes of length 1 are ignored, so fastMRI's [1, 1,
 * columns, 1] works too. Non-zero = kept. `file` is the name for error messages. Throws input.mismatch for a wrong
 * shape, input.unsupported for complex values, input.malformed for NaN or an empty pattern.
 */
export function patternFromArray(
  array: NdArray,
  context: Acquired & { readonly rows: number; readonly columns: number },
  file: string,
): SamplingPattern {
  const { rows, columns } = context;
  const kind = kindOf(array.shape, rows, columns);
  if (kind === null) {
    throw new LacunaError(
      'input.mismatch',
      `The pattern has shape [${array.shape.join(', ')}]; this recording needs [${columns}] (one value per line) or ` +
        `[${rows}, ${columns}] (one per point).`,
      { file, field: 'shape' },
    );
  }
  if (isComplexDType(array.dtype)) {
    throw new LacunaError('input.unsupported', `The pattern is ${array.dtype}; expected real, integer or boolean values.`, {
      file,
      field: 'dtype',
    });
  }
  const mask = Uint8Array.from(array.data as ArrayLike<number | bigint>, (value) => (Number(value) === 0 ? 0 : 1));
  const bad = (array.data as { findIndex(test: (value: number | bigint) => boolean): number }).findIndex((value) => Number.isNaN(value));
  if (bad >= 0) {
    throw new LacunaError('input.malformed', `Value ${bad} of the pattern is NaN; expected 0 or not 0.`, { file, field: 'data' });
  }
  if (!mask.includes(1)) {
    throw new LacunaError('input.malformed', 'All values of the pattern are zero: it keeps nothing.', { file, field: 'data' });
  }
  return describePattern({ kind, rows, columns, mask }, context);
}

function kindOf(shape: readonly number[], rows: number, columns: number): SamplingPattern['kind'] | null {
  if (sameWithoutOnes(shape, [columns])) return 'lines';
  if (sameWithoutOnes(shape, [rows, columns])) return 'points';
  return null;
}

function sameWithoutOnes(a: readonly number[], b: readonly number[]): boolean {
  const [left, right] = [a, b].map((shape) => shape.filter((n) => n !== 1).join());
  return left === right;
}

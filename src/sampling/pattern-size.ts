import { LacunaError } from '../errors.ts';

/** Larger than any k-space matrix; keeps a file of a few bytes from asking for gigabytes. */
const MOST_POINTS = 2 ** 26;

/** Throws input.unsupported where a pattern file states a matrix of more than 2²⁶ points. */
export function checkSize(rows: number, columns: number, file: string): void {
  if (rows * columns <= MOST_POINTS) return;
  throw new LacunaError('input.unsupported', `The pattern is said to be ${rows}×${columns}; at most 2²⁶ points are taken.`, { file, field: 'columns' });
}

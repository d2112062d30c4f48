/** Patterns as files: `.npy`, `.csv` and JSON, in and out. The three hold the same flags; docs/decisions/0126 shows them. */
import type { NdArray } from '../array/nd-array.ts';
import { ndArray } from '../array/nd-array.ts';
import { decodeNpy, encodeNpy } from '../array/npy.ts';
import { LacunaError } from '../errors.ts';
import { decodeCsvPattern } from './pattern-csv.ts';
import { decodeJsonPattern } from './pattern-json.ts';
import type { SamplingPattern } from './pattern.ts';

export type PatternFormat = 'npy' | 'csv' | 'json';
export const PATTERN_FORMATS: readonly PatternFormat[] = ['npy', 'csv', 'json'];

type Flags = Pick<SamplingPattern, 'kind' | 'rows' | 'columns' | 'mask'>;

/**
 * [columns] (lines) or [rows, columns] (points), as patternFromArray takes it; `name` decides by its ending and names the
 * file in errors. Throws input.unsupported for another ending, input.malformed naming line or field.
 */
export function decodePattern(name: string, bytes: Uint8Array): NdArray {
  const ending = /\.([a-z]+)$/i.exec(name)?.[1]?.toLowerCase();
  switch (ending) {
    case 'npy':
      return decodeNpy(bytes, name);
    case 'csv':
      return decodeCsvPattern(text(bytes, name), name);
    case 'json':
      return decodeJsonPattern(text(bytes, name), name);
    default:
      throw new LacunaError('input.unsupported', 'A pattern file ends in .npy, .csv or .json.', { file: name });
  }
}

/**
 * What decodePattern reads back. `.npy`: uint8; `.csv`: one flag a line of text for lines, a row of flags for points; JSON:
 * { kind, rows, columns, kept }. Throws usage.unsupported for trajectories, which are no choice among grid samples.
 */
export function encodePattern(pattern: Flags, format: PatternFormat): Uint8Array {
  const { kind, rows, columns, mask } = pattern;
  if (kind === 'trajectory') {
    throw new LacunaError('usage.unsupported', 'A trajectory cannot be written as a pattern file, which keeps or drops samples of a grid.', { field: 'pattern' });
  }
  const utf8 = new TextEncoder();
  switch (format) {
    case 'npy':
      return encodeNpy(ndArray('uint8', kind === 'lines' ? [columns] : [rows, columns], mask.slice()));
    case 'csv':
      return utf8.encode(csv(pattern));
    case 'json': {
      const indices = [...mask.keys()].filter((i) => mask[i] !== 0);
      const kept = kind === 'lines' ? indices : indices.map((i) => [Math.floor(i / columns), i % columns]);
      return utf8.encode(`${JSON.stringify({ kind, rows, columns, kept })}\n`);
    }
  }
}

function csv({ kind, rows, columns, mask }: Flags): string {
  if (kind === 'lines') return `${[...mask].join('\n')}\n`;
  return Array.from({ length: rows }, (_, row) => `${[...mask.subarray(row * columns, (row + 1) * columns)].join(',')}\n`).join('');
}

function text(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new LacunaError('input.malformed', 'The pattern file is not text in UTF-8.', { file, cause });
  }
}

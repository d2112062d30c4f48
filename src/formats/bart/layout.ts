/** BART's sixteen axes as ours: which of them are row and column, and where the others go. */
import type { AxisName } from '../../array/read-options.ts';
import type { ByteSource } from '../reader.ts';
import { fortranStrides, type StoredArray, stridedArray } from '../bare/stored-array.ts';
import { BART_AXES } from './header.ts';

export interface BartLayout {
  readonly array: StoredArray;
  /** One name for each axis of `array`, slowest first. */
  readonly names: readonly AxisName[];
  /** BART's number of each axis of `array`. */
  readonly dims: readonly number[];
}

/** For a second axis of one name (several of BART's axes have no word of their own here). */
const SPARE: readonly AxisName[] = ['set', 'segment', 'volume', 'batch', 'average', 'coefficient', 'echo', 'frame'];

/**
 * The array in `cfl`, without its axes of length 1. Rows and columns are the first two axes in space that are longer than
 * 1 (READ, PHS1, PHS2), so that [1, sample, spoke] and slices across the readout have their planes too.
 */
export function layoutOfDims(dims: readonly number[], cfl: ByteSource): BartLayout {
  const space = [0, 1, 2].filter((axis) => (dims[axis] as number) > 1);
  const plane = [...space, 0, 1, 2].filter((axis, i, all) => all.indexOf(axis) === i).slice(0, 2).sort((a, b) => a - b);
  const [row, column] = plane as [number, number];
  const kept = dims.flatMap((n, axis) => (n > 1 || axis === row || axis === column ? [axis] : [])).reverse();
  const strides = fortranStrides(dims);
  const element = { dtype: 'complex64', bytes: 8, bigEndian: false, half: false } as const;
  const array = stridedArray({
    source: cfl,
    byteOffset: 0,
    element,
    shape: kept.map((axis) => dims[axis] as number),
    strides: kept.map((axis) => strides[axis] as number),
  });
  return { array, names: namesOf(kept, row, column), dims: kept };
}

function namesOf(kept: readonly number[], row: number, column: number): AxisName[] {
  const names: AxisName[] = [];
  for (const axis of kept) {
    const usual = axis === row ? 'row' : axis === column ? 'column' : (BART_AXES[axis]?.name as AxisName);
    const taken = (name: AxisName): boolean => names.includes(name) || kept.some((other) => other !== axis && BART_AXES[other]?.name === name);
    names.push(names.includes(usual) ? (SPARE.find((name) => !taken(name)) as AxisName) : usual);
  }
  return names;
}

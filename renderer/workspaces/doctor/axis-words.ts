/** The roles of axes in plain words, and whether a choice of them makes sense. Pure; the host checks again. */
import type { AxisName } from '../../../src/array/read-options.ts';

const AXIS_WORDS: Readonly<Record<AxisName, string>> = {
  volume: 'Volume (repeated scan)',
  echo: 'Echo',
  frame: 'Frame (time)',
  slice: 'Slice',
  partition: 'Partition (second phase encoding)',
  average: 'Average',
  set: 'Set',
  map: 'Set of coil maps',
  coefficient: 'Coefficient',
  segment: 'Segment',
  batch: 'Batch item',
  coil: 'Coil (receive channel)',
  row: 'Row (readout)',
  column: 'Column (phase encoding)',
};
// Not from read-options.ts itself: the schema library beside it has no business on the page.
const AXIS_NAMES = Object.keys(AXIS_WORDS) as AxisName[];
export const AXIS_OPTIONS = AXIS_NAMES.toReversed().map((name) => ({ value: name, label: AXIS_WORDS[name] }));

/** Receive arrays have fewer elements; such an axis is something else. */
const MANY_COILS = 128;

export type AxisVerdict = { readonly fits: true; readonly note: string | null } | { readonly fits: false; readonly problem: string };

/** Whether `axes` can be the roles of the axes of an array of `shape`, in one sentence where not. */
export function judgeAxes(shape: readonly number[], axes: readonly AxisName[]): AxisVerdict {
  for (const needed of ['row', 'column'] as const) {
    if (!axes.includes(needed)) return { fits: false, problem: `One axis has to be the ${needed === 'row' ? 'row (readout)' : 'column (phase encoding)'}.` };
  }
  const twice = AXIS_NAMES.find((name) => axes.filter((other) => other === name).length > 1);
  if (twice !== undefined) return { fits: false, problem: `Only one axis can be the ${twice}.` };
  const lengthOf = (name: AxisName): number => shape[axes.indexOf(name)] ?? 1;
  if (lengthOf('coil') > MANY_COILS) return { fits: true, note: `${lengthOf('coil')} coils are more than receive arrays have.` };
  if (lengthOf('row') < 8 || lengthOf('column') < 8) return { fits: true, note: `Images of ${lengthOf('row')} × ${lengthOf('column')} are small: is that the row and the column?` };
  return { fits: true, note: null };
}

/** `coil, row, column`. */
export const sayAxes = (axes: readonly AxisName[]): string => axes.join(', ');

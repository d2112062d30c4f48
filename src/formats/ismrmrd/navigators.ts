/** EPI's readouts without phase encoding: what their directions disagree about makes the ghosts of the image. */
import { zeros } from '../../array/nd-array.ts';
import type { Series } from '../../array/recording.ts';
import type { Acquisition } from './acquisitions.ts';
import { type Arrangement, firstRow, type Line } from './arrange.ts';
import { fillLines, type TableOf } from './fill.ts';
import { FLAG, hasFlag, isReversed } from './flags.ts';

/** Navigators of each slice index; null where not every slice has as many, or they do not fit the image's readouts. */
export function navigatorLines(navigators: readonly Acquisition[], { leading, coils, rows }: Arrangement): readonly (readonly Line[])[] | null {
  // Phase correction lines are meant for this; other navigators follow motion.
  const corrections = navigators.filter((a) => hasFlag(a, FLAG.phaseCorrection));
  const slices: Line[][] = Array.from({ length: leading.count }, () => []);
  for (const acquisition of corrections.length > 0 ? corrections : navigators) {
    const row = acquisition.channels === coils && acquisition.discardBefore + acquisition.discardAfter < acquisition.samples ? firstRow(acquisition, rows) : -1;
    const lines = slices[leading.indexOf(acquisition)];
    if (row >= 0 && lines !== undefined) lines.push({ acquisition, row, column: lines.length });
  }
  const [first] = slices;
  return first !== undefined && first.length > 0 && slices.every((lines) => lines.length === first.length) ? slices : null;
}

export function navigatorReader(table: TableOf, slices: readonly (readonly Line[])[], { coils, rows }: Arrangement): NonNullable<Series['readNavigators']> {
  return async (slice) => {
    const lines = slices[slice] ?? [];
    const shape = { coils, rows, columns: lines.length };
    const data = zeros('complex64', [coils, rows, lines.length]);
    await fillLines(data.data, table, lines, shape);
    return { data, backwards: Uint8Array.from(lines, ({ acquisition }) => (isReversed(acquisition) ? 1 : 0)) };
  };
}

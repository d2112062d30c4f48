/** EPI: readouts without phase encoding, whose directions' disagreement makes the ghosts of the image, and sampled ramps. */
import type { ReadoutRamp, Series } from '../../array/recording.ts';
import { zeros } from '../../array/nd-array.ts';
import type { Acquisition } from './acquisitions.ts';
import { type Arrangement, firstRow, type Line } from './arrange.ts';
import { fillLines, type TableOf } from './fill.ts';
import { FLAG, hasFlag, isReversed } from './flags.ts';
import type { Encoding } from './header.ts';

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

/**
 * The readout gradient as Gadgetron's EPI converter describes it (trajectoryDescription `ConventionalEPI`), microseconds; null where
 * it is not described, no sample lies on a ramp, or it speaks of other readouts than the image's `rows` samples.
 */
export function readoutRampOf({ trajectory, trajectoryParameters: of }: Encoding, rows: number): ReadoutRamp | null {
  const [up, flat, down, delay, samples, dwell] = ['rampUpTime', 'flatTopTime', 'rampDownTime', 'acqDelayTime', 'numSamples', 'dwellTime'].map((name) => of.get(name) ?? Number.NaN) as [number, number, number, number, number, number];
  const duration = samples * dwell;
  const sensible = [up, flat, down, delay].every((time) => time >= 0) && duration > 0 && delay + duration <= up + flat + down;
  if (trajectory !== 'epi' || !sensible || samples !== rows) return null;
  return delay < up || delay + duration > up + flat ? { up, flat, down, delay, duration } : null;
}

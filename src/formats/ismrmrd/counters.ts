/** The counters of the acquisition heads that make the leading axes of a series, and with them its slice index. */
import type { Axis, AxisName } from '../../array/recording.ts';
import { LacunaError } from '../../errors.ts';
import type { Acquisition } from './acquisitions.ts';

/** Slowest first. Averages are averaged, segments only say how lines were grouped in time. */
const COUNTERS: readonly (readonly [AxisName, (a: Acquisition) => number])[] = [
  ['volume', (a) => a.repetition],
  ['echo', (a) => a.contrast],
  ['set', (a) => a.set],
  ['frame', (a) => a.phase],
  ['slice', (a) => a.slice],
];
const MAX_SLICES = 100_000;

/** `length` partitions along the second phase encoding, of which step `first` is the first. */
export interface Partitions {
  readonly first: number;
  readonly length: number;
}

export interface Leading {
  readonly axes: readonly Axis[];
  readonly count: number;
  /** Slice index of an acquisition; -1 where its counters name none, -2 where its partition lies outside. */
  indexOf(acquisition: Acquisition): number;
}

/** Axes of the values that the counters of `basis` take. Throws `input.too-large`. */
export function leadingAxes(basis: readonly Acquisition[], partitions: Partitions | null, file: string, field: string): Leading {
  const present = COUNTERS.map(([, value]) => [...new Set(basis.map(value))].sort((a, b) => a - b));
  const places = present.map((values) => new Map(values.map((value, i) => [value, i])));
  const depth = partitions?.length ?? 1;
  const count = present.reduce((product, values) => product * values.length, depth);
  if (count > MAX_SLICES) throw new LacunaError('input.too-large', `The counters of the acquisitions span ${count} slices; up to ${MAX_SLICES} are read.`, { file, field });
  const axes = COUNTERS.flatMap(([name], i): Axis[] => {
    const { length } = present[i] as number[];
    return length > 1 || (name === 'slice' && partitions === null) ? [{ name, length }] : [];
  });
  if (partitions !== null) axes.push({ name: 'partition', length: depth });
  return {
    axes,
    count,
    indexOf(acquisition) {
      let index = 0;
      for (const [i, [, value]] of COUNTERS.entries()) {
        const at = places[i]?.get(value(acquisition));
        if (at === undefined) return -1;
        index = index * (present[i] as number[]).length + at;
      }
      const partition = acquisition.step2 - (partitions?.first ?? acquisition.step2);
      return partition < 0 || partition >= depth ? -2 : index * depth + partition;
    },
  };
}

/** How a flat range of slice indices becomes volumes: which leading axis goes through space, and which repeat it. */
import type { AxisName } from './read-options.ts';

interface NamedLength {
  readonly name: string;
  readonly length: number;
}

export interface VolumeOrder {
  /** Slices of one volume. */
  readonly slices: number;
  /** How many volumes: the product of the other axes. */
  readonly volumes: number;
  /** Slice indices, volume after volume. */
  readonly order: readonly number[];
  /** For each entry of `order`, its place within its volume, counted over the whole series. */
  readonly places: readonly number[];
}

/** Axes that neighbouring images of one volume lie along. */
const THROUGH_SPACE: readonly string[] = ['slice', 'partition'] satisfies readonly AxisName[];
const INSIDE: readonly string[] = ['coil', 'row', 'column'] satisfies readonly AxisName[];

/** The axes that a series flattens into its slice index, slowest first. */
export function leadingAxes<A extends NamedLength>(axes: readonly A[]): readonly A[] {
  return axes.filter(({ name }) => !INSIDE.includes(name));
}

/** Position on each axis of a flat index in C order. */
export function unflattened(index: number, lengths: readonly number[]): number[] {
  const at = lengths.map(() => 0);
  let rest = index;
  for (let i = lengths.length - 1; i >= 0; i--) {
    const length = lengths[i] as number;
    at[i] = rest % length;
    rest = Math.floor(rest / length);
  }
  return at;
}

/** The inverse of `unflattened`. */
export function flattened(at: readonly number[], lengths: readonly number[]): number {
  return at.reduce((index, n, i) => index * (lengths[i] as number) + n, 0);
}

/**
 * Slices `range` [start, end) of a series with `axes` as volumes. Where the range is not a whole number of complete
 * volumes, or the axes are not those that were flattened, it stays one stack in the order of the slices.
 */
export function volumeOrder(axes: readonly NamedLength[], range: readonly [number, number]): VolumeOrder {
  const leading = leadingAxes(axes);
  const lengths = leading.map(({ length }) => length);
  const [start, end] = range;
  const all = Array.from({ length: end - start }, (_, i) => start + i);
  const stack = { slices: all.length, volumes: 1, order: all, places: all.map((_, i) => i) };
  if (lengths.reduce((product, n) => product * n, 1) < end) return stack;

  const volumes = new Map<number, { index: number; place: number }[]>();
  for (const index of all) {
    const at = unflattened(index, lengths);
    const part = (inside: boolean): number => {
      const chosen = leading.flatMap(({ name }, i) => (THROUGH_SPACE.includes(name) === inside ? [i] : []));
      return flattened(chosen.map((i) => at[i] as number), chosen.map((i) => lengths[i] as number));
    };
    const group = volumes.get(part(false)) ?? [];
    volumes.set(part(false), group);
    group.push({ index, place: part(true) });
  }
  const groups = [...volumes.entries()].sort(([a], [b]) => a - b).map(([, group]) => group.sort((a, b) => a.place - b.place));
  const first = groups[0] ?? [];
  const alike = groups.every((group) => group.length === first.length && group.every(({ place }, i) => place === first[i]?.place));
  if (!alike) return stack;
  const entries = groups.flat();
  return { slices: first.length, volumes: groups.length, order: entries.map(({ index }) => index), places: entries.map(({ place }) => place) };
}

/** Which images a cine goes through, and in which order. Pure. */
import { flattened, leadingAxes, unflattened } from '../../../../src/array/volume-order.ts';

interface NamedLength {
  readonly name: string;
  readonly length: number;
}
export type PlayMode = 'loop' | 'bounce' | 'back';
export type Direction = 1 | -1;

/** Stands for all slice indices in their order. */
export const ALL = 'all';

const WORDS: Readonly<Record<string, string>> = { batch: 'Item', coefficient: 'Coefficient', map: 'Map set' };
/** `frame` → `Frame`. */
export const axisWord = (name: string): string => WORDS[name] ?? name.charAt(0).toUpperCase() + name.slice(1);

const PLURALS: Readonly<Record<string, string>> = { echo: 'echoes', batch: 'items' };
/** `frame` → `frames`. */
export const axisPlural = (name: string): string => PLURALS[name] ?? `${axisWord(name).toLowerCase()}s`;

/** Axes that have more than one position. */
export function playableAxes<A extends NamedLength>(axes: readonly A[]): readonly A[] {
  return leadingAxes(axes).filter(({ length }) => length > 1);
}

/** `index` moved to `position` on the axis `name`. */
export function atPosition(axes: readonly NamedLength[], index: number, name: string, position: number): number {
  const leading = leadingAxes(axes);
  const lengths = leading.map(({ length }) => length);
  const at = unflattened(index, lengths).map((old, i) => (leading[i]?.name === name ? position : old));
  return flattened(at, lengths);
}

/** Position of `index` on the axis `name`. */
export function positionOn(axes: readonly NamedLength[], index: number, name: string): number {
  const leading = leadingAxes(axes);
  const at = unflattened(index, leading.map(({ length }) => length));
  return at[leading.findIndex((axis) => axis.name === name)] ?? 0;
}

/** Slice indices along `along` through `index`, those of `range` [start, end) alone; all of `range` for ALL. */
export function playList(axes: readonly NamedLength[], index: number, along: string, range: readonly [number, number]): readonly number[] {
  const axis = leadingAxes(axes).find(({ name }) => name === along);
  const all = axis === undefined
    ? Array.from({ length: range[1] - range[0] }, (_, i) => range[0] + i)
    : Array.from({ length: axis.length }, (_, i) => atPosition(axes, index, along, i));
  return all.filter((at) => at >= range[0] && at < range[1]);
}

/** `Slice 4 of 16 · Echo 2 of 3`. */
export function describePosition(axes: readonly NamedLength[], index: number): string {
  return playableAxes(axes).map(({ name, length }) => `${axisWord(name)} ${positionOn(axes, index, name) + 1} of ${length}`).join(' · ');
}

/** The next place of a list of `length`: round again, to and fro, or backwards. */
export function nextPlace(place: number, length: number, mode: PlayMode, direction: Direction): { place: number; direction: Direction } {
  if (length <= 1) return { place: 0, direction: 1 };
  if (mode === 'loop') return { place: (place + 1) % length, direction: 1 };
  if (mode === 'back') return { place: (place - 1 + length) % length, direction: -1 };
  const turned: Direction = place + direction >= length ? -1 : place + direction < 0 ? 1 : direction;
  return { place: place + turned, direction: turned };
}

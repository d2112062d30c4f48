/** How a cine plays: speed, order, axis, and what is shown. One for the workspace, so that all layouts play alike. */
import { ALL, type Direction, nextPlace, playableAxes, playList, type PlayMode } from './play-order.ts';

export const SPEED = { least: 1, most: 60, start: 8 } as const;
/** The series itself; else the id of a stored result, or that with REFERENCE behind it. */
export const SERIES = 'series';
export const NOTHING = '';

interface Axes {
  readonly axes: readonly { readonly name: string; readonly length: number }[];
  readonly slices: number;
}

export class Cine {
  framesPerSecond = $state<number>(SPEED.start);
  mode = $state<PlayMode>('loop');
  /** Name of an axis, or ALL. */
  axis = $state(ALL);
  /** Ids of image sources: what is shown, and what stands beside it. */
  source = $state(SERIES);
  beside = $state(NOTHING);
  #direction: Direction = 1;

  /** The axis that is played in this series: the chosen one where the series has it, else the one it has. */
  along({ axes }: Axes): string {
    const playable = playableAxes(axes);
    if (playable.some(({ name }) => name === this.axis)) return this.axis;
    return playable.length === 1 ? (playable[0]?.name ?? ALL) : ALL;
  }

  /** The slice indices that are played, through `index`. */
  list(series: Axes, index: number, range: readonly [number, number] = [0, series.slices]): readonly number[] {
    return playList(series.axes, index, this.along(series), range);
  }

  /** The index to show after `index`. */
  following(series: Axes, index: number, range?: readonly [number, number]): number {
    const list = this.list(series, index, range);
    const next = nextPlace(Math.max(0, list.indexOf(index)), list.length, this.mode, this.#direction);
    this.#direction = next.direction;
    return list[next.place] ?? index;
  }

  /** The next `count` indices to be shown, without moving. */
  ahead(series: Axes, index: number, range: readonly [number, number], count: number): readonly number[] {
    const list = this.list(series, index, range);
    const found: number[] = [];
    let at = { place: Math.max(0, list.indexOf(index)), direction: this.#direction };
    for (let i = 0; i < Math.min(count, 2 * list.length); i++) {
      at = nextPlace(at.place, list.length, this.mode, at.direction);
      const next = list[at.place];
      if (next !== undefined && !found.includes(next)) found.push(next);
    }
    return found;
  }
}

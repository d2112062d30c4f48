/** Which slice indices of a dynamic series show one place at several times. */
export interface Frames {
  /** More than 1. */
  readonly count: number;
  /** Frame of a slice index, from 0. */
  frameOf(slice: number): number;
  /** Slice indices of all frames at the place of `slice`, in order of time. */
  placeOf(slice: number): readonly number[];
}

/** A Series, or its summary. */
interface Described {
  readonly axes: readonly { readonly name: string; readonly length: number }[];
  readonly slices: number;
}

/** The axis `frame` longer than 1, else `volume`; null for a series that does not move. */
export function framesOf({ axes, slices }: Described): Frames | null {
  const at = [axes.findIndex(({ name, length }) => name === 'frame' && length > 1), axes.findIndex(({ name, length }) => name === 'volume' && length > 1)].find((i) => i >= 0);
  const axis = at === undefined ? undefined : axes[at];
  if (at === undefined || axis === undefined) return null;
  const outer = axes.slice(0, at).reduce((product, { length }) => product * length, 1);
  const count = axis.length;
  // Leading axes are flattened in C order: frames are `stride` slice indices apart.
  const stride = slices / (outer * count);
  if (!Number.isInteger(stride)) return null;
  const frameOf = (slice: number): number => Math.floor(slice / stride) % count;
  return { count, frameOf, placeOf: (slice) => Array.from({ length: count }, (_, t) => slice + (t - frameOf(slice)) * stride) };
}

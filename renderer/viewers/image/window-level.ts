/** Window and level: what a drag does, and a window found from the values. */
import type { ValueWindow } from './types.ts';

/** px of drag that double the window, or move the level by one window width. */
const DRAG_SCALE = 240;
const SMALLEST_WIDTH = 1e-12;

/**
 * Left–right widens and narrows, up–down moves the level, both relative to the present window, so that no outlier and no
 * unit matters. Up is brighter: the level falls; `invert` turns that round. `dx`, `dy` in CSS px, y downwards.
 */
export function dragWindow(window: ValueWindow, dx: number, dy: number, invert = false): ValueWindow {
  const width = Math.max(SMALLEST_WIDTH, window.width * 2 ** (dx / DRAG_SCALE));
  const centre = window.centre + ((invert ? -dy : dy) / DRAG_SCALE) * window.width;
  return { centre, width };
}

/** Same for the gain of a signed display: right or up is stronger. */
export function dragGain(gain: number, dx: number, dy: number, invert = false): number {
  return Math.min(1e4, Math.max(1e-2, gain * 2 ** ((dx + (invert ? dy : -dy)) / DRAG_SCALE)));
}

export function windowOf(low: number, high: number): ValueWindow {
  return { centre: (low + high) / 2, width: Math.max(SMALLEST_WIDTH, high - low) };
}

const BINS = 4096;

/**
 * From the `lower` to the `upper` quantile of the finite values, to 1/4096 of their span. An empty or constant set gives a
 * window about its value.
 */
export function autoWindow(values: Iterable<number> & ArrayLike<number>, lower = 0.005, upper = 0.995): ValueWindow {
  let minimum = Infinity;
  let maximum = -Infinity;
  let count = 0;
  for (let i = 0; i < values.length; i++) {
    const v = values[i] as number;
    if (!Number.isFinite(v)) continue;
    if (v < minimum) minimum = v;
    if (v > maximum) maximum = v;
    count++;
  }
  if (count === 0) return { centre: 0.5, width: 1 };
  if (minimum === maximum) return { centre: minimum, width: Math.abs(minimum) || 1 };
  const bins = new Uint32Array(BINS);
  const scale = BINS / (maximum - minimum);
  for (let i = 0; i < values.length; i++) {
    const v = values[i] as number;
    if (!Number.isFinite(v)) continue;
    const bin = Math.min(BINS - 1, Math.floor((v - minimum) * scale));
    bins[bin] = (bins[bin] as number) + 1;
  }
  const quantile = (q: number, edge: 0 | 1): number => {
    let seen = 0;
    for (let bin = 0; bin < BINS; bin++) {
      seen += bins[bin] as number;
      if (seen >= q * count) return minimum + (bin + edge) / scale;
    }
    return maximum;
  };
  return windowOf(quantile(lower, 0), quantile(upper, 1));
}

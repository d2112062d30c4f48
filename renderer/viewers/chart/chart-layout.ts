/** Where the points of a chart lie. Pure. */
import { linearTicks, logTicks } from './ticks.ts';
import type { ChartPoint, ChartSeries } from './types.ts';

export interface Axis {
  readonly low: number;
  readonly high: number;
  readonly log: boolean;
  /** px. */
  readonly from: number;
  readonly to: number;
  readonly ticks: readonly number[];
}

/** px per tick label. */
const X_TICK_ROOM = 60;
const Y_TICK_ROOM = 36;

export function axisOf(
  values: readonly number[],
  range: readonly [number, number] | undefined,
  log: boolean,
  from: number,
  to: number,
): Axis {
  const usable = values.filter((v) => Number.isFinite(v) && (!log || v > 0));
  let low = range?.[0] ?? usable.reduce((a, b) => Math.min(a, b), Infinity);
  let high = range?.[1] ?? usable.reduce((a, b) => Math.max(a, b), -Infinity);
  if (!Number.isFinite(low) || !Number.isFinite(high)) [low, high] = log ? [1, 10] : [0, 1];
  if (low === high) [low, high] = log ? [low / 2, high * 2] : [low - (Math.abs(low) || 1) / 2, high + (Math.abs(high) || 1) / 2];
  const room = from < to ? X_TICK_ROOM : Y_TICK_ROOM;
  const ticks = log ? logTicks(low, high) : linearTicks(low, high, Math.max(2, Math.floor(Math.abs(to - from) / room)));
  return { low, high, log, from, to, ticks };
}

/** px of a value; outside a log axis's domain it is held at the low end. */
export function place(value: number, axis: Axis): number {
  const t = axis.log
    ? Math.log(Math.max(value, axis.low) / axis.low) / Math.log(axis.high / axis.low)
    : (value - axis.low) / (axis.high - axis.low);
  return axis.from + t * (axis.to - axis.from);
}

/** The point nearest in x to `px`, over all series. */
export function nearestX(series: readonly ChartSeries[], axis: Axis, px: number): number | null {
  let best: number | null = null;
  let distance = Infinity;
  for (const { points } of series) {
    for (const { x } of points) {
      const d = Math.abs(place(x, axis) - px);
      if (d < distance) [best, distance] = [x, d];
    }
  }
  return best;
}

/** `M…L…`; gaps where y is not finite. */
export function linePath(points: readonly ChartPoint[], x: Axis, y: Axis): string {
  let path = '';
  let pen = 'M';
  for (const point of points) {
    if (!Number.isFinite(point.y) || (y.log && point.y <= 0)) {
      pen = 'M';
      continue;
    }
    path += `${pen}${place(point.x, x).toFixed(1)} ${place(point.y, y).toFixed(1)}`;
    pen = 'L';
  }
  return path;
}

export interface PointOf {
  readonly series: ChartSeries;
  readonly point: ChartPoint;
}

/** Where an arrow key, Home or End leads from `at`: along its series, or to the next series at the nearest x. Null for other keys. */
export function pointAfter(all: readonly ChartSeries[], at: PointOf, key: string): PointOf | null {
  const { points } = at.series;
  const i = points.findIndex(({ x }) => x === at.point.x);
  const along = { ArrowLeft: Math.max(0, i - 1), ArrowRight: Math.min(points.length - 1, i + 1), Home: 0, End: points.length - 1 }[key];
  const chosen = along === undefined ? undefined : points[along];
  if (chosen !== undefined) return { series: at.series, point: chosen };
  const step = { ArrowUp: -1, ArrowDown: 1 }[key];
  if (step === undefined) return null;
  const filled = all.filter(({ points: some }) => some.length > 0);
  const now = filled.findIndex(({ id }) => id === at.series.id);
  const series = filled[(now + step + filled.length) % filled.length] ?? at.series;
  const nearest = series.points.reduce((best, point) => (Math.abs(point.x - at.point.x) < Math.abs(best.x - at.point.x) ? point : best), series.points[0] ?? at.point);
  return { series, point: nearest };
}

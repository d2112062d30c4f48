/** What a region of a series of temperature maps does over time. Pure: the studio's panel runs it too. */
import { doseCurve } from './dose.ts';

export interface RegionMoment {
  /** Minutes after the first frame. */
  readonly minutes: number;
  /** °C; NaN where no pixel of the region has a value. */
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  /** CEM43 of the mean, minutes. */
  readonly dose: number;
}

export interface RegionInput {
  /** One map a frame, °C. */
  readonly maps: readonly ArrayLike<number>[];
  /** Flat indices of the region. */
  readonly pixels: readonly number[];
  /** Minutes between frames. */
  readonly interval: number;
  /** The percentiles that `low` and `high` are. */
  readonly percentiles: readonly [number, number];
}

/** Mean, percentiles and dose of a region, frame by frame. Values that are not finite do not count. */
export function regionCurve({ maps, pixels, interval, percentiles }: RegionInput): readonly RegionMoment[] {
  const moments = maps.map((map) => statistics(pixels.map((i) => map[i] as number).filter((value) => Number.isFinite(value)), percentiles));
  const doses = doseCurve(moments.map(({ mean }) => mean), interval);
  return moments.map((moment, n) => ({ ...moment, minutes: n * interval, dose: doses[n] as number }));
}

function statistics(values: number[], [low, high]: readonly [number, number]): Pick<RegionMoment, 'mean' | 'low' | 'high'> {
  if (values.length === 0) return { mean: NaN, low: NaN, high: NaN };
  values.sort((a, b) => a - b);
  return { mean: values.reduce((sum, value) => sum + value, 0) / values.length, low: percentile(values, low), high: percentile(values, high) };
}

/** Of ascending values, with linear interpolation (type 7 of Hyndman and Fan). */
export function percentile(sorted: readonly number[], percent: number): number {
  const at = ((sorted.length - 1) * percent) / 100;
  const below = Math.floor(at);
  const [a, b] = [sorted[below] as number, sorted[Math.min(below + 1, sorted.length - 1)] as number];
  return a + (at - below) * (b - a);
}

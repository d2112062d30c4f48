/** What the panel of a heated region asks the host for, and what it makes of the answer. Pure. */
import type { SeriesSummary, ViewRequest } from '../../../../src/host/contract.ts';
import { statedAcquisition } from '../../../../src/mri/thermometry/acquisition.ts';
import { regionCurve, type RegionMoment } from '../../../../src/mri/thermometry/curve.ts';
import { framesOf } from '../../../../src/array/frames.ts';
import { roiContains } from '../../../viewers/image/roi-statistics.ts';
import type { Roi } from '../../../viewers/image/types.ts';

type Job = Omit<ViewRequest, 'view' | 'channel'>;
type Params = Readonly<Record<string, number | string | boolean>>;

/** All frames of the place on screen, in °C, with what the person set for the temperature pane; the same whichever of the frames is on screen. */
export function curveRequest(job: Job, series: Pick<SeriesSummary, 'axes' | 'slices'>, params: Params): Omit<ViewRequest, 'channel'> {
  const first = framesOf(series)?.placeOf(job.slices[0])[0] ?? job.slices[0];
  return { ...job, slices: [first, first + 1], view: { name: 'temperature', params: { ...params, show: 'temperature', frames: 'all' } } };
}

export interface Curve {
  readonly moments: readonly RegionMoment[];
  readonly pixels: number;
  /** Minutes, or frames where the series does not state its interval; there is no dose then. */
  readonly timed: boolean;
}

/** `maps` is [frame, row, column]. */
export function curveOf(maps: { readonly shape: readonly number[]; readonly data: ArrayLike<number> }, roi: Roi, series: Pick<SeriesSummary, 'attributes'>, percentiles: readonly [number, number]): Curve {
  const [frames = 0, rows = 0, columns = 0] = maps.shape;
  const size = rows * columns;
  const pixels = Array.from({ length: size }, (_, i) => i).filter((i) => roiContains(roi, Math.floor(i / columns), i % columns));
  const { interval } = statedAcquisition(series);
  const slices = Array.from({ length: frames }, (_, n) => Array.prototype.slice.call(maps.data, n * size, (n + 1) * size) as number[]);
  return { moments: regionCurve({ maps: slices, pixels, interval: interval ?? 1, percentiles }), pixels: pixels.length, timed: interval !== undefined };
}

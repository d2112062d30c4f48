/** A residual curve as points of a chart with a logarithmic axis. */
import type { ResultSummary } from '../../../src/host/contract.ts';
import type { ChartPoint } from '../../viewers/chart/types.ts';

/** Iterations count from 1; a residual of 0 has no logarithm and is left out. */
export function curvePoints(curve: readonly number[]): readonly ChartPoint[] {
  return curve.map((y, i) => ({ x: i + 1, y })).filter(({ y }) => Number.isFinite(y) && y > 0);
}

interface StoredWish {
  readonly recording: string;
  readonly slice: number;
  /** The result that was opened from the library. */
  readonly opened: string | null;
  /** Results shown on the wall. */
  readonly onWall: readonly string[];
}
interface StoredCurve {
  readonly id: string;
  readonly label: string;
  readonly points: readonly ChartPoint[];
}

/** Curves of stored results at the slice on screen, of those that hold it and keep a curve. */
export function storedCurves(
  results: readonly Pick<ResultSummary, 'id' | 'title' | 'recording' | 'slices' | 'curves'>[],
  { recording, slice, opened, onWall }: StoredWish,
): readonly StoredCurve[] {
  return results.flatMap(({ id, title, recording: of, slices, curves }) => {
    if (of !== recording || (id !== opened && !onWall.includes(id))) return [];
    const points = curvePoints(curves?.[slice - slices[0]] ?? []);
    return points.length > 1 ? [{ id: `stored ${id}`, label: `${title}, stored`, points }] : [];
  });
}

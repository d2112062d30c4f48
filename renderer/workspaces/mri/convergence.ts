/** A residual curve as points of a chart with a logarithmic axis. */
import type { ChartPoint } from '../../viewers/chart/types.ts';

/** Iterations count from 1; a residual of 0 has no logarithm and is left out. */
export function curvePoints(curve: readonly number[]): readonly ChartPoint[] {
  return curve.map((y, i) => ({ x: i + 1, y })).filter(({ y }) => Number.isFinite(y) && y > 0);
}

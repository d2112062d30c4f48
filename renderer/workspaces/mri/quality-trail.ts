/**
 * What the preview has shown so far of one slice, against the acceleration: a curve for each setting of pattern and method. Pure.
 */
import type { JobRequest } from '../../../src/host/contract.ts';
import type { StepCall } from '../../../src/pipeline/document.ts';
import type { Estimate } from './live-state.ts';
import { metricOf } from './sweep.svelte.ts';

export interface TrailPoint {
  /** Acceleration as asked for. */
  readonly r: number;
  readonly psnr: number | null;
  readonly ssim: number | null;
  readonly ms: number;
}
export interface TrailCurve {
  /** Pattern and method with all parameters but the acceleration. */
  readonly key: string;
  readonly pattern: StepCall;
  readonly method: StepCall;
  /** Rising in R. */
  readonly points: readonly TrailPoint[];
}
export interface Trail {
  /** Recording, series, slice, acquisition, preparation and reference that all curves are of. */
  readonly scope: string;
  /** The one added to last is last. */
  readonly curves: readonly TrailCurve[];
}

export const NO_TRAIL: Trail = { scope: '', curves: [] };
/** More would be a tangle. */
export const MOST_CURVES = 4;
/** Of two results closer than this in R the later one stays, so that a slow drag does not paint the chart over. */
export const CLOSEST = 0.2;

type Asked = Pick<JobRequest, 'recording' | 'series' | 'slices' | 'acquire' | 'prepare' | 'pattern' | 'method' | 'metric'>;

export function scopeOf({ recording, series, slices, acquire, prepare, metric }: Asked): string {
  return JSON.stringify([recording, series, slices, acquire ?? null, prepare ?? [], metric ?? null]);
}

export function curveKey({ pattern, method }: Pick<Asked, 'pattern' | 'method'>): string {
  const { acceleration: _, ...others } = pattern.params;
  return JSON.stringify([pattern.name, others, method]);
}

/** The trail with one more result. One without metrics or an acceleration leaves it as it is; another slice or reference begins anew. */
export function withResult(trail: Trail, request: Asked, { metrics, ms, stage }: Pick<Estimate, 'metrics' | 'ms' | 'stage'>): Trail {
  const r = request.pattern.params['acceleration'];
  if (stage !== Infinity || metrics === undefined || ms === undefined || typeof r !== 'number') return trail;
  const scope = scopeOf(request);
  const key = curveKey(request);
  const before = trail.scope === scope ? trail.curves : [];
  const known = before.find((curve) => curve.key === key)?.points ?? [];
  const point: TrailPoint = { r, psnr: metricOf(metrics, 'PSNR'), ssim: metricOf(metrics, 'SSIM'), ms };
  const points = [...known.filter((other) => Math.abs(other.r - r) >= CLOSEST), point].sort((a, b) => a.r - b.r);
  const curve = { key, pattern: request.pattern, method: request.method, points };
  return { scope, curves: [...before.filter((other) => other.key !== key), curve].slice(-MOST_CURVES) };
}

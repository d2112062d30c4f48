/**
 * Delays between gradients and sampling, from spokes that run against each other.
 * Source: Block & Uecker, "Simple method for adaptive gradient-delay compensation in radial MRI", ISMRM 2011; ellipse of
 * shifts: Moussavi et al., MRM 71:308 (2014). Signs and axes as `bart traj -q` and `bart estdelay`.
 */
import type { NdArray } from '../../array/nd-array.ts';

/** Samples that a spoke of angle φ lies too far along its direction: x cos²φ + y sin²φ + 2 xy sin φ cos φ. */
export interface GradientDelays {
  readonly x: number;
  readonly y: number;
  readonly xy: number;
}

export function delayAt({ x, y, xy }: GradientDelays, angle: number): number {
  const [s, c] = [Math.sin(angle), Math.cos(angle)];
  return x * c * c + y * s * s + 2 * xy * s * c;
}

const MOST_COILS = 4;
/** Fewer pairs leave the ellipse undetermined. */
const FEWEST_PAIRS = 12;
/** Spokes further from opposite than this many usual angles between neighbours are no pair. */
const NEAR = 1.5;

/**
 * Least squares over all pairs of nearly opposite spokes of `slice` [coil, sample, spoke]; null where there are too few.
 * `centre`: index, in samples, of k = 0 without delays. A spoke y(r) = Y(r + d) and one against it, read backwards,
 * Y(r − d), are each other's copy 2d apart, which the peak of their cross-correlation tells.
 */
export function estimateDelays(slice: NdArray<'complex64'>, angles: readonly number[], centre: number): GradientDelays | null {
  const rows: { angle: number; delay: number }[] = [];
  for (const { spoke, opposite, angle } of oppositePairs(angles)) {
    const lag = correlationPeak(slice, spoke, opposite, centre);
    if (lag !== null) rows.push({ angle, delay: lag / 2 });
  }
  return rows.length < FEWEST_PAIRS ? null : fitEllipse(rows);
}

/** Each spoke with the nearest opposite one on either side, so that what the angle between them does cancels. */
function oppositePairs(angles: readonly number[]): { spoke: number; opposite: number; angle: number }[] {
  const pairs: { spoke: number; opposite: number; angle: number }[] = [];
  const usual = (2 * Math.PI) / angles.length;
  for (const [spoke, angle] of angles.entries()) {
    let [before, after] = [{ i: -1, apart: Infinity }, { i: -1, apart: Infinity }];
    for (const [i, other] of angles.entries()) {
      const turned = other - angle - Math.PI;
      const apart = turned - 2 * Math.PI * Math.round(turned / (2 * Math.PI));
      if (apart >= 0 && apart < after.apart) after = { i, apart };
      if (apart <= 0 && -apart < before.apart) before = { i, apart: -apart };
    }
    if (before.apart > NEAR * usual || after.apart > NEAR * usual) continue;
    pairs.push({ spoke, opposite: before.i, angle: angle - before.apart / 2 }, { spoke, opposite: after.i, angle: angle + after.apart / 2 });
  }
  return pairs;
}

/** Largest sum of two delays that is looked for, in samples. */
const MOST_LAG = 6;
/** Lags on either side that the interpolation between samples takes in. */
const WING = 8;

/** Where Σ y(r) b*(r + lag) is largest, b being the opposite spoke backwards; null at the edge of the search. */
function correlationPeak(slice: NdArray<'complex64'>, spoke: number, opposite: number, centre: number): number | null {
  const most = MOST_LAG + WING;
  const lags = Array.from({ length: 2 * most + 1 }, (_, i) => crossCorrelation(slice, spoke, opposite, centre, i - most));
  const at = (lag: number): number => {
    let [re, im] = [0, 0];
    const nearest = Math.round(lag);
    for (let l = nearest - WING; l <= nearest + WING; l++) {
      const t = lag - l;
      // Lanczos: correlations of an object that does not fill its field of view are smooth between samples.
      const weight = Math.abs(t) < 1e-9 ? 1 : Math.abs(t) >= WING ? 0 : (WING * Math.sin(Math.PI * t) * Math.sin((Math.PI * t) / WING)) / (Math.PI * t) ** 2;
      const [a, b] = lags[l + most] ?? [0, 0];
      re += weight * a;
      im += weight * b;
    }
    return Math.hypot(re, im);
  };
  let best = 0;
  for (let lag = -MOST_LAG; lag <= MOST_LAG; lag += 0.25) if (at(lag) > at(best)) best = lag;
  if (Math.abs(best) >= MOST_LAG) return null;
  for (let step = 0.125; step > 1e-4; step /= 2) {
    if (at(best + step) > at(best)) best += step;
    else if (at(best - step) > at(best)) best -= step;
  }
  return best;
}

function crossCorrelation({ data, shape }: NdArray<'complex64'>, spoke: number, opposite: number, centre: number, lag: number): readonly [number, number] {
  const [coils, samples, spokes] = shape as [number, number, number];
  let [re, im] = [0, 0];
  for (let coil = 0; coil < Math.min(coils, MOST_COILS); coil++) {
    for (let r = 0; r < samples; r++) {
      const other = 2 * centre - (r + lag);
      if (other < 0 || other >= samples) continue;
      const p = 2 * ((coil * samples + r) * spokes + spoke);
      const q = 2 * ((coil * samples + other) * spokes + opposite);
      const [a, b, c, d] = [data[p] as number, data[p + 1] as number, data[q] as number, data[q + 1] as number];
      re += a * c + b * d;
      im += b * c - a * d;
    }
  }
  return [re, im];
}

/** Normal equations of delay = x cos² + y sin² + xy sin 2φ, by Cramer's rule; null where the angles do not determine it. */
function fitEllipse(rows: readonly { angle: number; delay: number }[]): GradientDelays | null {
  const m = Array.from({ length: 3 }, () => [0, 0, 0]) as [number[], number[], number[]];
  const v = [0, 0, 0];
  for (const { angle, delay } of rows) {
    const basis = [Math.cos(angle) ** 2, Math.sin(angle) ** 2, Math.sin(2 * angle)];
    for (let i = 0; i < 3; i++) {
      v[i] = (v[i] as number) + (basis[i] as number) * delay;
      for (let j = 0; j < 3; j++) (m[i] as number[])[j] = ((m[i] as number[])[j] as number) + (basis[i] as number) * (basis[j] as number);
    }
  }
  const whole = determinant(m);
  if (Math.abs(whole) < 1e-6 * rows.length ** 3) return null;
  const [x, y, xy] = [0, 1, 2].map((column) => determinant(m.map((row, i) => row.map((value, j) => (j === column ? (v[i] as number) : value)))) / whole) as [number, number, number];
  return { x, y, xy };
}

function determinant(m: readonly (readonly number[])[]): number {
  const [a, b, c, d, e, f, g, h, i] = m.flat() as [number, number, number, number, number, number, number, number, number];
  return a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
}

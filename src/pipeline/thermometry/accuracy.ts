/** How far a temperature map is from what was simulated. */
import type { NdArray } from '../../array/nd-array.ts';
import type { ViewInput } from '../step.ts';

/** Pixels that are heated by at least this share of the hottest one. */
export const HEATED_SHARE = 0.1;

export interface Accuracy {
  /** Root mean square of the error, °C; NaN where nothing is heated. */
  readonly heated: number;
  /** Mean of the error there, °C. */
  readonly bias: number;
  /** Root mean square over all pixels that have a temperature, °C. */
  readonly object: number;
}

/** What was put in between two frames of the place on screen, °C; null for a series that is no simulation. */
export async function trueRise({ series, frames }: Pick<ViewInput, 'series' | 'frames'>, frame: number, baseline: number): Promise<NdArray<'float32'> | null> {
  if (series.readHeating === undefined) return null;
  const [now, before] = [await series.readHeating(frames[frame] as number), await series.readHeating(frames[baseline] as number)];
  return { ...now, data: now.data.map((value, i) => value - (before.data[i] as number)) };
}

/** Of a rise that is NaN where it is not known. */
export function accuracyOf(rise: NdArray<'float32'>, truth: NdArray<'float32'>): Accuracy {
  const peak = truth.data.reduce((top, value) => Math.max(top, Math.abs(value)), 0);
  let [heated, square, sum, known, all] = [0, 0, 0, 0, 0];
  for (const [i, value] of rise.data.entries()) {
    if (!Number.isFinite(value)) continue;
    const error = value - (truth.data[i] as number);
    known++;
    all += error * error;
    if (peak === 0 || Math.abs(truth.data[i] as number) < HEATED_SHARE * peak) continue;
    heated++;
    square += error * error;
    sum += error;
  }
  return { heated: Math.sqrt(square / heated), bias: sum / heated, object: Math.sqrt(all / known) };
}

/** Where a value sits on a slider's track, and which values it can take. */
import type { Scale } from './types.ts';

export interface SliderRange {
  readonly min: number;
  readonly max: number;
  /** Grid of values from `min`; absent: any value. A log scale moves in equal ratios and then rounds to the grid. */
  readonly step?: number | undefined;
  readonly scale: Scale;
}

/**
 * What is added before the logarithm: nothing above zero, one where the range starts at zero (0 = none, 10 000 = a lot).
 * Null is a linear scale, and so is a range that starts below zero.
 */
function logShift({ scale, min }: SliderRange): 0 | 1 | null {
  return scale !== 'log' || min < 0 ? null : min === 0 ? 1 : 0;
}

/** 0–1 along the track. */
export function fractionOf(value: number, range: SliderRange): number {
  const { min, max } = range;
  if (max <= min) return 0;
  const shift = logShift(range);
  const t = shift === null ? (value - min) / (max - min) : Math.log((value + shift) / (min + shift)) / Math.log((max + shift) / (min + shift));
  return Math.min(1, Math.max(0, t));
}

/** Value at a place on the track, on the grid. */
export function valueAt(fraction: number, range: SliderRange): number {
  const t = Math.min(1, Math.max(0, fraction));
  const { min, max } = range;
  const shift = logShift(range);
  const raw = shift === null ? min + t * (max - min) : (min + shift) * ((max + shift) / (min + shift)) ** t - shift;
  return snap(raw, range);
}

/** Nearest value of the grid inside the range, free of binary dust (0.30000000000000004). */
export function snap(value: number, range: SliderRange): number {
  const { min, max, step } = range;
  const clamped = Math.min(max, Math.max(min, value));
  if (step === undefined || step <= 0) return Number(clamped.toPrecision(6));
  const last = min + Math.floor((max - min) / step + 1e-9) * step;
  const onGrid = Math.min(last, min + Math.round((clamped - min) / step) * step);
  return Number(onGrid.toPrecision(12));
}

/** Arrow keys: one grid step, ten for Page keys. Without a grid, or on a log scale finer than it, 1/100 of the track. */
const KEY_STEPS: Readonly<Record<string, number>> = {
  ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10,
};

/** Value after a key, or null when the key does nothing. Shift makes arrows ten times finer where there is no grid, else ten times coarser. */
export function valueAfterKey(key: string, shift: boolean, value: number, range: SliderRange): number | null {
  if (key === 'Home') return snap(range.min, range);
  if (key === 'End') return snap(range.max, range);
  const steps = KEY_STEPS[key];
  if (steps === undefined) return null;
  const { step } = range;
  if (step !== undefined && step > 0) {
    const grid = snap(value + steps * step * (shift ? 10 : 1), range);
    if (logShift(range) === null) return grid;
    const ratio = valueAt(fractionOf(value, range) + (steps * (shift ? 10 : 1)) / 100, range);
    return Math.abs(ratio - value) > Math.abs(grid - value) ? ratio : grid;
  }
  return valueAt(fractionOf(value, range) + (steps * (shift ? 0.1 : 1)) / 100, range);
}

/** `4.0`, `0.08`, `216`: as many decimals as the grid has. */
export function formatOnGrid(value: number, step: number | undefined): string {
  if (step === undefined || step <= 0) return String(Number(value.toPrecision(3))).replace('-', '−');
  const text = String(step);
  const exponent = /e-(\d+)$/.exec(text)?.[1];
  const decimals = exponent === undefined ? (text.split('.')[1]?.length ?? 0) : Number(exponent);
  return value.toFixed(Math.min(8, decimals)).replace('-', '−');
}

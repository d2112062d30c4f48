/** Thermal dose as cumulative equivalent minutes at 43 °C (Sapareto and Dewey, Int J Radiat Oncol Biol Phys 1984;10:787). */

/** R of CEM43 = Σ Δt·R^(43 − T): 0.5 from 43 °C on, 0.25 below. */
export const DOSE_RATIO = { above: 0.5, below: 0.25 } as const;
export const DOSE_TEMPERATURE = 43;

/** Minutes at 43 °C that `minutes` at `temperature` °C are worth. NaN stays NaN. */
export function equivalentMinutes(temperature: number, minutes: number): number {
  const ratio = temperature >= DOSE_TEMPERATURE ? DOSE_RATIO.above : DOSE_RATIO.below;
  return minutes * ratio ** (DOSE_TEMPERATURE - temperature);
}

/**
 * CEM43 in minutes after each frame, at one place: every frame stands for the interval that ends with it (trapezoids of the dose rate),
 * so the first one adds nothing. `temperatures` in °C, one a frame; `interval` in minutes.
 */
export function doseCurve(temperatures: readonly number[], interval: number): number[] {
  let sum = 0;
  return temperatures.map((temperature, n) => {
    const before = temperatures[n - 1];
    if (before !== undefined) sum += (equivalentMinutes(before, interval) + equivalentMinutes(temperature, interval)) / 2;
    return sum;
  });
}

/** The same of whole maps [row, column]: after the last of them. A pixel that is NaN in a frame has no dose. */
export function doseMap(maps: readonly Float32Array[], interval: number): Float32Array {
  const size = maps[0]?.length ?? 0;
  return Float32Array.from({ length: size }, (_, i) => doseCurve(maps.map((map) => map[i] as number), interval).at(-1) ?? 0);
}

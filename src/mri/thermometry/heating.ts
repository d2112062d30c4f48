/** A Gaussian hot spot whose temperature rises and falls: what the phantom shows and what is put on real phase, known exactly. */
import { zeros, type NdArray } from '../../array/nd-array.ts';

export interface Heating {
  /** °C above the baseline in the middle of the spot, in the hottest frame. */
  readonly peak: number;
  /** Standard deviation of the Gaussian, as a share of the shorter side of the image. */
  readonly width: number;
  /** Middle of the spot, as a share of the field of view from its left and upper edge. */
  readonly x: number;
  readonly y: number;
  readonly frames: number;
}

/** The hottest frame: heating goes on for six tenths of the series. */
export function hottestFrame(frames: number): number {
  return Math.max(1, Math.round(0.6 * (frames - 1)));
}

/** Time constants of rise and fall, as a share of the time to the hottest frame. */
const TIME_CONSTANT = 0.45;

/** 0 in the first frame, 1 in the hottest one: exponential approach while heated, exponential decay afterwards. */
export function heatingCourse(frame: number, frames: number): number {
  const hottest = hottestFrame(frames);
  const time = frame / hottest / TIME_CONSTANT;
  const end = 1 / TIME_CONSTANT;
  return time <= end ? (1 - Math.exp(-time)) / (1 - Math.exp(-end)) : Math.exp(end - time);
}

/** ΔT of a frame, °C, [row, column]. */
export function heatingMap(heating: Heating, rows: number, columns: number, frame: number): NdArray<'float32'> {
  const { peak, width, x, y, frames } = heating;
  const sigma = width * Math.min(rows, columns);
  const height = peak * heatingCourse(frame, frames);
  const out = zeros('float32', [rows, columns]);
  for (let i = 0; i < out.data.length; i++) {
    const across = ((i % columns) + 0.5 - x * columns) / sigma;
    const down = (Math.floor(i / columns) + 0.5 - y * rows) / sigma;
    out.data[i] = height * Math.exp(-(across * across + down * down) / 2);
  }
  return out;
}

/** Field of a frame relative to the first, Hz, [row, column]: grows evenly to `drift` in the middle of the last frame, with a slope across. */
export function driftMap(drift: number, rows: number, columns: number, frame: number, frames: number): Float32Array {
  const now = frames > 1 ? (drift * frame) / (frames - 1) : 0;
  return Float32Array.from({ length: rows * columns }, (_, i) => {
    const x = (2 * ((i % columns) + 0.5)) / columns - 1;
    const y = (2 * (Math.floor(i / columns) + 0.5)) / rows - 1;
    return now * (1 + 0.5 * x - 0.3 * y);
  });
}

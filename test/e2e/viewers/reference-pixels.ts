/** What a pane must show, computed here from the same definitions by other code than the shader. */
import { colourTable } from '../../../renderer/viewers/image/colormaps.ts';
import type { ColormapName } from '../../../renderer/viewers/image/types.ts';
import { FIT_MARGIN } from '../../../renderer/viewers/image/view-transform.ts';

export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

export function decodePixels(raw: { width: number; height: number; base64: string }): Pixels {
  return { width: raw.width, height: raw.height, data: Buffer.from(raw.base64, 'base64') };
}

/** RGB at the middle of image pixel (row, column) of a fitted, unflipped n × n image. */
export function pixelOf(pixels: Pixels, n: number, row: number, column: number, ratio = 1): number[] {
  const margin = 2 * FIT_MARGIN * ratio;
  const scale = Math.min(pixels.width - margin, pixels.height - margin) / n;
  const x = Math.floor(pixels.width / 2 + (column + 0.5 - n / 2) * scale);
  const y = Math.floor(pixels.height / 2 + (row + 0.5 - n / 2) * scale);
  return [...pixels.data.subarray(4 * (y * pixels.width + x), 4 * (y * pixels.width + x) + 3)];
}

/** Colour of `t` (0–1), between the two nearest entries as a linearly filtered texture gives it. */
export function colourOf(name: ColormapName, t: number): number[] {
  const table = colourTable(name);
  const at = Math.min(1, Math.max(0, t)) * 255;
  const low = Math.floor(at);
  const high = Math.min(255, low + 1);
  return [0, 1, 2].map((k) => (table[4 * low + k] ?? 0) * (1 - at + low) + (table[4 * high + k] ?? 0) * (at - low));
}

export function worstDifference(a: readonly number[], b: readonly number[]): number {
  return Math.max(...a.map((v, i) => Math.abs(v - (b[i] ?? Number.NaN))));
}

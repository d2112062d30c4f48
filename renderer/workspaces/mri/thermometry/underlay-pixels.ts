/** Pixels of a layer that shows the magnitude in grey where a map has nothing to say, and is clear where it has. Pure. */

export interface UnderlaySource {
  /** The map, and the magnitude beside it, of the same pixels. */
  readonly values: ArrayLike<number>;
  readonly magnitude: ArrayLike<number>;
  readonly below: number;
  /** Cooling counts as heating does. */
  readonly signed: boolean;
}

/** The magnitude that is white: bright enough that fat does not leave tissue dark. */
const WHITE_PERCENT = 99.5;

/** RGBA8, one pixel a value. */
export function underlayPixels({ values, magnitude, below, signed }: UnderlaySource): Uint8ClampedArray<ArrayBuffer> {
  const sorted = Float32Array.from(magnitude).sort();
  const white = sorted[Math.floor((WHITE_PERCENT / 100) * (sorted.length - 1))] ?? 0;
  const pixels = new Uint8ClampedArray(4 * values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if ((signed ? Math.abs(value) : value) >= below) continue;
    const grey = white > 0 ? (255 * (magnitude[i] as number)) / white : 0;
    pixels.fill(grey, 4 * i, 4 * i + 3);
    pixels[4 * i + 3] = 255;
  }
  return pixels;
}

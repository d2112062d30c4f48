/** How often each value occurs, for a chart beside the window. */
export interface HistogramBin {
  /** Middle of the bin. */
  readonly value: number;
  readonly count: number;
}

/** `bins` equal bins from `low` to `high`; values outside and values that are not finite are not counted. */
export function histogram(values: ArrayLike<number>, low: number, high: number, bins: number): readonly HistogramBin[] {
  const counts = new Uint32Array(bins);
  const scale = bins / (high - low);
  for (let i = 0; i < values.length; i++) {
    const v = values[i] as number;
    if (!(v >= low && v <= high)) continue;
    const bin = Math.min(bins - 1, Math.floor((v - low) * scale));
    counts[bin] = (counts[bin] as number) + 1;
  }
  return Array.from(counts, (count, i) => ({ value: low + (i + 0.5) / scale, count }));
}

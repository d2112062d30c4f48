/** Kept samples as pixels of a strip. Pure. */

/** Kept fraction of the lines that fall on each of `width` pixels, 0–1. Fewer lines than pixels: each line covers several. */
export function lineCoverage(mask: ArrayLike<number>, columns: number, width: number): Float32Array {
  const coverage = new Float32Array(width);
  for (let x = 0; x < width; x++) {
    const first = Math.floor((x * columns) / width);
    const last = Math.max(first + 1, Math.floor(((x + 1) * columns) / width));
    let kept = 0;
    for (let column = first; column < last; column++) kept += (mask[column] ?? 0) > 0 ? 1 : 0;
    coverage[x] = kept / (last - first);
  }
  return coverage;
}

/** Kept samples of a mask. */
export function keptCount(mask: ArrayLike<number>): number {
  let kept = 0;
  for (let i = 0; i < mask.length; i++) if ((mask[i] ?? 0) > 0) kept++;
  return kept;
}

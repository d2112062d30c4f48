/** Rank correlation, and how well a predicted level holds. */

/** Spearman's ρ: Pearson's correlation of the ranks, those of equal values being their mean. NaN where one side does not vary. */
export function spearman(a: Float32Array, b: Float32Array): number {
  const [x, y] = [ranks(a), ranks(b)];
  const mean = (x.length - 1) / 2;
  let [xy, xx, yy] = [0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    const [dx, dy] = [(x[i] as number) - mean, (y[i] as number) - mean];
    xy += dx * dy;
    xx += dx * dx;
    yy += dy * dy;
  }
  return xy / Math.sqrt(xx * yy);
}

function ranks(values: Float32Array): Float64Array {
  const order = Uint32Array.from(values.keys()).sort((i, j) => (values[i] as number) - (values[j] as number));
  const out = new Float64Array(values.length);
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    while (end < order.length && values[order[end] as number] === values[order[start] as number]) end++;
    for (let k = start; k < end; k++) out[order[k] as number] = (start + end - 1) / 2;
    start = end;
  }
  return out;
}

/**
 * True root-mean-square error over predicted, in ten equal parts of the pixels from the smallest prediction to the largest. 1 where
 * the prediction holds; above, the error is larger than was said.
 */
export function reliability(predicted: Float32Array, truth: Float32Array): readonly number[] {
  const order = Uint32Array.from(predicted.keys()).sort((i, j) => (predicted[i] as number) - (predicted[j] as number));
  return Array.from({ length: 10 }, (_, part) => {
    const pixels = order.subarray(Math.floor((part * order.length) / 10), Math.floor(((part + 1) * order.length) / 10));
    return rms(truth, pixels) / rms(predicted, pixels);
  });
}

function rms(values: Float32Array, pixels: Uint32Array): number {
  return Math.sqrt(pixels.reduce((sum, i) => sum + (values[i] as number) ** 2, 0) / pixels.length);
}

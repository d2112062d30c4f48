/** Means over the neighbourhood of each pixel. */
import { type NdArray, zeros } from '../array/nd-array.ts';

/** Standard deviations after which the window ends. */
const REACH = 3;

/**
 * Mean of [row, column] under a Gaussian window of standard deviation `sd` pixels; beyond the edge there is nothing, and the window
 * counts for less.
 */
export function neighbourhoodMean(image: NdArray<'float32'>, sd: number): NdArray<'float32'> {
  const [rows, columns] = image.shape as [number, number];
  const across = along(image.data, { count: rows, stride: columns }, { count: columns, stride: 1 }, sd);
  return { ...zeros('float32', [rows, columns]), data: along(across, { count: columns, stride: 1 }, { count: rows, stride: columns }, sd) };
}

interface Axis {
  readonly count: number;
  readonly stride: number;
}

function along(data: Float32Array, lines: Axis, axis: Axis, sd: number): Float32Array<ArrayBuffer> {
  const out = new Float32Array(data.length);
  const reach = Math.ceil(REACH * sd);
  const window = Float64Array.from({ length: reach + 1 }, (_, d) => Math.exp(-0.5 * (d / sd) ** 2));
  for (let line = 0; line < lines.count; line++) {
    const start = line * lines.stride;
    for (let i = 0; i < axis.count; i++) {
      let [sum, weight] = [0, 0];
      for (let j = Math.max(0, i - reach); j <= Math.min(axis.count - 1, i + reach); j++) {
        const w = window[Math.abs(i - j)] as number;
        sum += w * (data[start + j * axis.stride] as number);
        weight += w;
      }
      out[start + i * axis.stride] = sum / weight;
    }
  }
  return out;
}

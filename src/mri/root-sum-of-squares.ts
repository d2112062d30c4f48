/** √Σ_c |x_c|² of complex images [coil, …] → [...] (Roemer et al., Magn Reson Med 1990;16:192). */
import { zeros, type NdArray } from '../array/nd-array.ts';

export function rootSumOfSquares(images: NdArray<'complex64'>): NdArray<'float32'> {
  const [coils, ...shape] = images.shape as [number, ...number[]];
  const pixels = coils === 0 ? 0 : images.data.length / 2 / coils;
  const sums = new Float64Array(pixels);
  for (let c = 0; c < coils; c++) {
    const z = images.data.subarray(2 * c * pixels, 2 * (c + 1) * pixels);
    for (let i = 0; i < pixels; i++) {
      const re = z[2 * i] as number;
      const im = z[2 * i + 1] as number;
      sums[i] = (sums[i] as number) + re * re + im * im;
    }
  }
  const out = zeros('float32', shape);
  for (let i = 0; i < pixels; i++) out.data[i] = Math.sqrt(sums[i] as number);
  return out;
}

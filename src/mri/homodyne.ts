/** Homodyne reconstruction of partial Fourier k-space (Noll, Nishimura and Macovski, IEEE TMI 1991;10:154). */
import { zeros, type NdArray } from '../array/nd-array.ts';
import type { SamplingPattern } from '../sampling/pattern.ts';
import { ifft2c } from '../transform/fft.ts';
import { rootSumOfSquares } from './root-sum-of-squares.ts';
import { partialExtent, phaseWindow, weighted, type PartialExtent } from './partial-extent.ts';

/** How samples whose mirror image is missing are counted twice: at once, or from 0 to 2 across the symmetric centre. */
export type HomodyneWeighting = 'ramp' | 'step';

/**
 * Magnitude image [row, column] of `kspace` [coil, row, column]: the part of the weighted image that is in phase with the
 * low-resolution one, Re Σ_c conj(l_c)·m_c / √Σ_c |l_c|², which also combines the coils; negative values become 0.
 * Throws usage.unsupported where refusePartialFourier has a reason.
 */
export function homodyne(kspace: NdArray<'complex64'>, pattern: SamplingPattern, weighting: HomodyneWeighting): NdArray<'float32'> {
  const extent = partialExtent(pattern);
  const [coils, rows, columns] = kspace.shape as [number, number, number];
  const low = ifft2c(weighted(kspace, extent.axis, phaseWindow(extent)));
  const images = ifft2c(weighted(kspace, extent.axis, homodyneWeights(extent, weighting)));
  const out = zeros('float32', [rows, columns]);
  const pixels = rows * columns;
  for (let i = 0; i < pixels; i++) {
    let inPhase = 0;
    let power = 0;
    for (let c = 0; c < coils; c++) {
      const at = 2 * (c * pixels + i);
      const [re, im] = [low.data[at] as number, low.data[at + 1] as number];
      inPhase += re * (images.data[at] as number) + im * (images.data[at + 1] as number);
      power += re * re + im * im;
    }
    out.data[i] = power > 0 ? Math.max(0, inPhase / Math.sqrt(power)) : 0;
  }
  return out;
}

/**
 * The coil maps that homodyne's model of the samples implies: the low-resolution images over their root-sum-of-squares, phase
 * included, [coil, row, column]; zero where they are.
 */
export function homodyneMaps(kspace: NdArray<'complex64'>, pattern: SamplingPattern): NdArray<'complex64'> {
  const extent = partialExtent(pattern);
  const maps = ifft2c(weighted(kspace, extent.axis, phaseWindow(extent)));
  const size = rootSumOfSquares(maps).data;
  for (let i = 0; i < maps.data.length; i++) {
    const power = size[(i >> 1) % size.length] as number;
    maps.data[i] = power > 0 ? (maps.data[i] as number) / power : 0;
  }
  return maps;
}

/** W with W(k) + W(−k) = 2 wherever one of the two was acquired; zero where nothing was. */
export function homodyneWeights({ length, start, end, half }: PartialExtent, weighting: HomodyneWeighting): Float64Array {
  const middle = Math.floor(length / 2);
  const side = end - 1 - middle >= middle - start ? 1 : -1;
  return Float64Array.from({ length }, (_, i) => {
    if (i < start || i >= end) return 0;
    const k = side * (i - middle);
    // The last negative frequency of an even length mirrors itself.
    if (2 * Math.abs(k) === length) return 1;
    if (weighting === 'step') return Math.abs(k) <= half ? 1 : 2;
    return Math.min(2, 1 + k / (half + 1));
  });
}

/**
 * What an unrolled network with its physics inside takes and gives. The graph multiplies by coil maps, mask and DFT
 * matrices itself; here its inputs are laid out, and its output is held against the measured samples.
 *
 * For line patterns the readout is fully sampled, so k-space is first taken to *hybrid space* (readout in image space,
 * phase encoding in k-space) and the graph has one DFT instead of two.
 */
import type { NdArray } from '../array/nd-array.ts';
import { zeros } from '../array/nd-array.ts';
import type { SamplingPattern } from '../sampling/pattern.ts';
import { fft1c, fft2c, ifft1c } from '../transform/fft.ts';

export type UnrolledInputs = Readonly<Record<string, NdArray<'float32'>>>;

const ROW_AXIS = 1;
const COLUMN_AXIS = 2;

/**
 * W[k, n] = e^(−2πi (k−c)(n−c)/N) / √N with c = ⌊N/2⌋, as [N, N, 2]: the centred orthonormal forward DFT of fft.ts as a
 * matrix. Angles are reduced modulo N in integers first, so that large products of indices lose no digits.
 */
export function dftMatrix(n: number): NdArray<'float32'> {
  const centre = Math.floor(n / 2);
  const scale = 1 / Math.sqrt(n);
  const out = zeros('float32', [n, n, 2]);
  for (let k = 0; k < n; k++) {
    for (let j = 0; j < n; j++) {
      const turns = ((((k - centre) * (j - centre)) % n) + n) % n;
      const angle = (-2 * Math.PI * turns) / n;
      out.data[2 * (k * n + j)] = scale * Math.cos(angle);
      out.data[2 * (k * n + j) + 1] = scale * Math.sin(angle);
    }
  }
  return out;
}

/** k-space in the space that the graph of that pattern kind works in: hybrid for lines, unchanged for points. */
export function toGraphSpace(kspace: NdArray<'complex64'>, kind: SamplingPattern['kind']): NdArray<'complex64'> {
  return kind === 'lines' ? ifft1c(kspace, ROW_AXIS) : kspace;
}

/**
 * Inputs of graph 'lines' (kspace, maps, mask, dft_columns) or 'points' (…, dft_rows, dft_columns). `measured` is in graph
 * space, [coil, row, column]; `dft` gives the matrix of a size.
 */
export function unrolledInputs(
  measured: NdArray<'complex64'>,
  maps: NdArray<'complex64'>,
  pattern: Pick<SamplingPattern, 'kind' | 'mask'>,
  dft: (n: number) => NdArray<'float32'> = dftMatrix,
): UnrolledInputs {
  const [, rows, columns] = measured.shape as [number, number, number];
  const shared = { kspace: asReal(measured), maps: asReal(maps), dft_columns: dft(columns) };
  if (pattern.kind === 'lines') return { ...shared, mask: toFloat([columns], pattern.mask) };
  return { ...shared, mask: toFloat([rows, columns], pattern.mask), dft_rows: dft(rows) };
}

/** [row, column, 2] from the graph as complex64 [row, column], sharing memory. */
export function asComplex(image: NdArray<'float32'>): NdArray<'complex64'> {
  return { dtype: 'complex64', shape: image.shape.slice(0, -1), data: image.data };
}

/** ‖M·F·S·x − y‖ / ‖y‖ with everything in graph space; 0 for silent data. `image` is [row, column], uncropped. */
export function dataResidual(
  image: NdArray<'complex64'>,
  maps: NdArray<'complex64'>,
  measured: NdArray<'complex64'>,
  pattern: Pick<SamplingPattern, 'kind' | 'mask'>,
): number {
  const coilImages = multiplyMaps(maps, image);
  const predicted = pattern.kind === 'lines' ? fft1c(coilImages, COLUMN_AXIS, coilImages) : fft2c(coilImages, coilImages);
  const { mask } = pattern;
  const found = predicted.data;
  const y = measured.data;
  let error = 0;
  let energy = 0;
  // A line mask has one value per column, a point mask one per pixel: both repeat through the array.
  for (let at = 0; at < y.length; at += 2 * mask.length) {
    for (let m = 0; m < mask.length; m++) {
      if (mask[m] === 0) continue;
      const i = at + 2 * m;
      const re = y[i] as number;
      const im = y[i + 1] as number;
      const dr = (found[i] as number) - re;
      const di = (found[i + 1] as number) - im;
      error += dr * dr + di * di;
      energy += re * re + im * im;
    }
  }
  return energy === 0 ? 0 : Math.sqrt(error / energy);
}

/** S·x: [coil, row, column]. */
export function multiplyMaps(maps: NdArray<'complex64'>, image: NdArray<'complex64'>): NdArray<'complex64'> {
  const out = zeros('complex64', maps.shape);
  const s = maps.data;
  const x = image.data;
  const y = out.data;
  for (let at = 0; at < y.length; at += x.length) {
    for (let i = 0; i < x.length; i += 2) {
      const sr = s[at + i] as number;
      const si = s[at + i + 1] as number;
      const xr = x[i] as number;
      const xi = x[i + 1] as number;
      y[at + i] = sr * xr - si * xi;
      y[at + i + 1] = sr * xi + si * xr;
    }
  }
  return out;
}

/** complex64 [...] as float32 [..., 2], sharing memory. */
function asReal(array: NdArray<'complex64'>): NdArray<'float32'> {
  return { dtype: 'float32', shape: [...array.shape, 2], data: array.data };
}

function toFloat(shape: readonly number[], mask: Uint8Array): NdArray<'float32'> {
  return { dtype: 'float32', shape, data: Float32Array.from(mask) };
}

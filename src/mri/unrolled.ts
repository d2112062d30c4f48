/**
 * What unrolled networks with their physics inside are given. The graph applies coil maps and sampling itself: it gets the
 * zero-filled image Aᴴy, the maps, and what of the Fourier transform was acquired; k-space stays here.
 *
 * 'lines': whole readouts, so the graph works along columns alone with the DFT of the acquired lines. 'points': any weights on
 * a 2-D spectrum: the mask of a Cartesian pattern, or the transfer function of a trajectory on a doubled grid, which makes
 * SᴴWᴴDWS the exact normal operator of non-uniform sampling (Wajer and Pruessmann, ISMRM 2001).
 */
import type { NdArray } from '../array/nd-array.ts';
import { zeros } from '../array/nd-array.ts';

export interface UnrolledProblem {
  readonly kind: 'lines' | 'points';
  /** Aᴴ y, [row, column]. */
  readonly adjoint: NdArray<'complex64'>;
  /** [coil, row, column], unit root-sum-of-squares. */
  readonly maps: NdArray<'complex64'>;
  /** Names the content of the maps where they come again for other patterns: equal keys, equal maps. */
  readonly mapsKey?: string;
  /** 'lines': 1 = acquired, [column]. 'points': D in centred order, [J, K]; the grid of the image or a larger one. */
  readonly weights: NdArray<'float32'>;
  /** Acquired fraction of the samples, 0–1. */
  readonly fraction: number;
  /** Standard deviation of the noise in real and imaginary part of a sample; 0 = unknown. */
  readonly noise: number;
  /** Masked, [coil, row, column]; for 'lines' rows are in image space. None along a trajectory. Made when asked for: few networks do. */
  kspace?(): NdArray<'complex64'>;
}

/** Inputs of a graph by their role in the manifest; made when asked for. */
export type RoleValues = Readonly<Record<string, () => NdArray<'float32'>>>;
/** DFT matrix of a size, [k, n, 2]; see dftMatrix. */
export type DftSource = (k: number, n: number) => NdArray<'float32'>;

/**
 * W[k, j] = e^(−2πi (k−⌊K/2⌋)(j−⌊N/2⌋)/K) / √K as [K, N, 2]: the centred orthonormal forward DFT of fft.ts as a matrix, N samples
 * in the middle of a grid of K ≥ N. Angles are reduced modulo K in integers first, so that large products of indices lose no digits.
 */
export function dftMatrix(k: number, n: number = k): NdArray<'float32'> {
  const [centre, middle] = [Math.floor(k / 2), Math.floor(n / 2)];
  const [cosines, sines] = roots(k);
  const out = zeros('float32', [k, n, 2]);
  for (let row = 0; row < k; row++) {
    for (let j = 0; j < n; j++) {
      const turn = ((((row - centre) * (j - middle)) % k) + k) % k;
      out.data[2 * (row * n + j)] = cosines[turn] as number;
      out.data[2 * (row * n + j) + 1] = sines[turn] as number;
    }
  }
  return out;
}

/** e^(−2πi t/K) / √K for t = 0 … K − 1. */
function roots(k: number): readonly [Float64Array, Float64Array] {
  const scale = 1 / Math.sqrt(k);
  const angle = (t: number): number => (-2 * Math.PI * t) / k;
  return [Float64Array.from({ length: k }, (_, t) => scale * Math.cos(angle(t))), Float64Array.from({ length: k }, (_, t) => scale * Math.sin(angle(t)))];
}

/** Rows of the DFT matrix of the lines whose flag is set, [lines, N, 2]. */
export function dftOfLines(mask: NdArray<'float32'>, dft: DftSource = dftMatrix): NdArray<'float32'> {
  const n = mask.data.length;
  const lines = [...mask.data.keys()].filter((line) => mask.data[line] !== 0);
  const matrix = dft(n, n).data;
  const out = zeros('float32', [lines.length, n, 2]);
  for (const [i, line] of lines.entries()) out.data.set(matrix.subarray(2 * line * n, 2 * (line + 1) * n), 2 * i * n);
  return out;
}

/** By TENSOR_ROLES of the model manifest; a role that is absent cannot be served for this problem. */
export function roleValues(problem: UnrolledProblem, dft: DftSource = dftMatrix): RoleValues {
  const { kind, adjoint, maps, weights, fraction, noise, kspace } = problem;
  const [, rows, columns] = maps.shape as [number, number, number];
  const [down, across] = kind === 'lines' ? [rows, columns] : (weights.shape as [number, number]);
  return {
    adjoint: () => asReal(adjoint),
    maps: () => asReal(maps),
    magnitude: () => unitMagnitude(adjoint),
    condition: () => ({ dtype: 'float32', shape: [2], data: Float32Array.of(fraction, noise) }),
    'dft-rows': () => dft(down, rows),
    'dft-columns': () => dft(across, columns),
    ...(kind === 'lines' ? { 'mask-lines': () => weights, 'dft-lines': () => dftOfLines(weights, dft) } : { weights: () => weights }),
    ...(kspace === undefined ? {} : { kspace: () => asReal(kspace()) }),
  };
}

/** Largest magnitude; 1 for a silent image, so that it can be divided by. */
export function largestMagnitude({ data }: NdArray<'complex64'>): number {
  let power = 0;
  for (let i = 0; i < data.length; i += 2) power = Math.max(power, (data[i] as number) ** 2 + (data[i + 1] as number) ** 2);
  return power > 0 ? Math.sqrt(power) : 1;
}

/** Σ|x|² / Σ|x|: the mean magnitude within the object, whatever share of air surrounds it; 0 for a silent image. */
export function selfWeightedMean({ data }: NdArray<'complex64'>): number {
  let [power, sum] = [0, 0];
  for (let i = 0; i < data.length; i += 2) {
    const energy = (data[i] as number) ** 2 + (data[i + 1] as number) ** 2;
    power += energy;
    sum += Math.sqrt(energy);
  }
  return sum > 0 ? power / sum : 0;
}

function unitMagnitude(image: NdArray<'complex64'>): NdArray<'float32'> {
  const out = zeros('float32', image.shape);
  const scale = 1 / largestMagnitude(image);
  for (let i = 0; i < out.data.length; i++) out.data[i] = scale * Math.hypot(image.data[2 * i] as number, image.data[2 * i + 1] as number);
  return out;
}

/** [..., 2] from the graph as complex64 [...], sharing memory. */
export function asComplex(image: NdArray<'float32'>): NdArray<'complex64'> {
  return { dtype: 'complex64', shape: image.shape.slice(0, -1), data: image.data };
}

/** complex64 [...] as float32 [..., 2], sharing memory. */
export function asReal(array: NdArray<'complex64'>): NdArray<'float32'> {
  return { dtype: 'float32', shape: [...array.shape, 2], data: array.data };
}

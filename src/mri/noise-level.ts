/**
 * Standard deviation of the receiver noise, found in the measured samples themselves: far from the centre of k-space there is
 * little signal, and the power of complex Gaussian noise of variance σ² in each component is exponential with median 2 ln 2 σ².
 * The median hardly sees the few samples that hold signal. σ is the root mean square over the coils.
 */
import { zeros, type NdArray } from '../array/nd-array.ts';
import type { Trajectory } from '../array/trajectory.ts';
import type { SamplingPattern } from '../sampling/pattern.ts';
import { findCoilCompression } from './coil-compression.ts';

/** Distance from the centre, as a fraction of the way to the edge, from which samples are looked at. */
const OUTER = 0.8;
const MEDIAN_OF_POWER = 2 * Math.LN2;
/** Of one coil; the median of fewer says little. */
const FEWEST_SAMPLES = 48;
/** More than this share of exact zeros: filtered away or filled in, not measured. */
const MOST_ZEROS = 0.02;

/** Weights of the channels, interleaved complex, of unit length: the combination that holds the least signal. Its noise is an average of theirs. */
export type QuietChannel = Float32Array;

/** From calibration samples, as findCoilCompression; null for a single channel. */
export function findQuietChannel(kspace: NdArray<'complex64'>, centre: SamplingPattern['centre']): QuietChannel | null {
  const coils = kspace.shape[0] as number;
  return coils < 2 ? null : findCoilCompression(kspace, centre, coils).matrix.data.slice(2 * coils * (coils - 1));
}

/** Of k-space [coil, row, column] seen through `pattern`, from the corners that it keeps; 0 where they cannot tell. */
export function cartesianNoise(
  kspace: NdArray<'complex64'>,
  { kind, mask }: Pick<SamplingPattern, 'kind' | 'mask'>,
  quiet: QuietChannel | null = null,
): number {
  const [, rows, columns] = kspace.shape as [number, number, number];
  const outer = (i: number, n: number): boolean => Math.abs(i - Math.floor(n / 2)) >= (OUTER * n) / 2;
  const corners: number[] = [];
  const edges: number[] = [];
  for (let row = 0; row < rows; row++) {
    if (!outer(row, rows)) continue;
    for (let column = 0; column < columns; column++) {
      if (mask[kind === 'lines' ? column : row * columns + column] === 0) continue;
      edges.push(row * columns + column);
      if (outer(column, columns)) corners.push(row * columns + column);
    }
  }
  const offsets = corners.length >= FEWEST_SAMPLES ? corners : edges;
  return smallest(noiseAt(kspace, offsets), noiseAt(combined(kspace, quiet, offsets), [...offsets.keys()]));
}

/** Of samples [coil, sample, readout], from those farthest out; 0 where they cannot tell. */
export function trajectoryNoise(kspace: NdArray<'complex64'>, { points }: Pick<Trajectory, 'points'>, quiet: QuietChannel | null = null): number {
  const radius = Float32Array.from({ length: points.data.length / 2 }, (_, m) => Math.hypot(points.data[2 * m] as number, points.data[2 * m + 1] as number));
  const edge = OUTER * radius.reduce((largest, value) => Math.max(largest, value), 0);
  const offsets = [...radius.keys()].filter((m) => (radius[m] as number) >= edge);
  return smallest(noiseAt(kspace, offsets), noiseAt(combined(kspace, quiet, offsets), [...offsets.keys()]));
}

/** What signal there is only adds: of two figures the smaller one is nearer. 0 is no figure. */
const smallest = (a: number, b: number): number => (a === 0 || b === 0 ? Math.max(a, b) : Math.min(a, b));

/** Combined samples at the given offsets, [1, offset]; empty without a combination. */
function combined(kspace: NdArray<'complex64'>, quiet: QuietChannel | null, offsets: readonly number[]): NdArray<'complex64'> {
  const out = zeros('complex64', [1, quiet === null ? 0 : offsets.length]);
  if (quiet === null) return out;
  const coils = quiet.length / 2;
  const size = kspace.data.length / coils;
  for (let c = 0; c < coils; c++) {
    const [mr, mi] = [quiet[2 * c] as number, quiet[2 * c + 1] as number];
    for (let i = 0; i < offsets.length; i++) {
      const at = c * size + 2 * (offsets[i] as number);
      const [yr, yi] = [kspace.data[at] as number, kspace.data[at + 1] as number];
      out.data[2 * i] = (out.data[2 * i] as number) + mr * yr - mi * yi;
      out.data[2 * i + 1] = (out.data[2 * i + 1] as number) + mr * yi + mi * yr;
    }
  }
  return out;
}

/** From the samples at the given offsets in each coil. */
function noiseAt({ data, shape }: NdArray<'complex64'>, offsets: readonly number[]): number {
  if (offsets.length < FEWEST_SAMPLES || data.length === 0) return 0;
  const [coils] = shape as [number];
  const size = data.length / coils;
  const power = new Float64Array(offsets.length);
  let variance = 0;
  for (let coil = 0; coil < coils; coil++) {
    let silent = 0;
    for (let i = 0; i < offsets.length; i++) {
      const at = coil * size + 2 * (offsets[i] as number);
      power[i] = (data[at] as number) ** 2 + (data[at + 1] as number) ** 2;
      if (power[i] === 0) silent += 1;
    }
    if (silent > MOST_ZEROS * offsets.length) return 0;
    power.sort();
    variance += (power[power.length >> 1] as number) / MEDIAN_OF_POWER;
  }
  return Math.sqrt(variance / coils);
}

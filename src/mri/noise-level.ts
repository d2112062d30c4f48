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

/** Of k-space [coil, row, column] seen through `pattern`, from the corners that it keeps; 0 where they cannot tell. */
export function cartesianNoise(kspace: NdArray<'complex64'>, { kind, mask, centre }: Pick<SamplingPattern, 'kind' | 'mask' | 'centre'>): number {
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
  return smallest(noiseAt(kspace, offsets), noiseAt(quietChannel(kspace, centre, offsets), [...offsets.keys()]));
}

/** Of samples [coil, sample, readout], from those farthest out; 0 where they cannot tell. */
export function trajectoryNoise(kspace: NdArray<'complex64'>, { points }: Pick<Trajectory, 'points'>): number {
  const [, samples, readouts] = kspace.shape as [number, number, number];
  const radius = Float32Array.from({ length: points.data.length / 2 }, (_, m) => Math.hypot(points.data[2 * m] as number, points.data[2 * m + 1] as number));
  const edge = OUTER * radius.reduce((largest, value) => Math.max(largest, value), 0);
  const offsets = [...radius.keys()].filter((m) => (radius[m] as number) >= edge);
  const all = { rows: [0, samples], columns: [0, readouts] } as const;
  return smallest(noiseAt(kspace, offsets), noiseAt(quietChannel(kspace, all, offsets), [...offsets.keys()]));
}

/** What signal there is only adds: of two figures the smaller one is nearer. 0 is no figure. */
const smallest = (a: number, b: number): number => (a === 0 || b === 0 ? Math.max(a, b) : Math.min(a, b));

/**
 * The combination of channels, of unit length, that holds the least signal of the centre, at the given offsets: [1, offset]. Its
 * noise is an average of theirs. Empty for a single channel.
 */
function quietChannel(kspace: NdArray<'complex64'>, centre: SamplingPattern['centre'], offsets: readonly number[]): NdArray<'complex64'> {
  const coils = kspace.shape[0] as number;
  const out = zeros('complex64', [1, coils < 2 ? 0 : offsets.length]);
  if (coils < 2) return out;
  const { matrix } = findCoilCompression(kspace, centre, coils);
  const size = kspace.data.length / coils;
  for (let c = 0; c < coils; c++) {
    const [mr, mi] = [matrix.data[2 * (coils * (coils - 1) + c)] as number, matrix.data[2 * (coils * (coils - 1) + c) + 1] as number];
    for (const [i, offset] of offsets.entries()) {
      const [yr, yi] = [kspace.data[c * size + 2 * offset] as number, kspace.data[c * size + 2 * offset + 1] as number];
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
    for (const [i, offset] of offsets.entries()) {
      const at = coil * size + 2 * offset;
      power[i] = (data[at] as number) ** 2 + (data[at + 1] as number) ** 2;
      if (power[i] === 0) silent += 1;
    }
    if (silent > MOST_ZEROS * offsets.length) return 0;
    power.sort();
    variance += (power[power.length >> 1] as number) / MEDIAN_OF_POWER;
  }
  return Math.sqrt(variance / coils);
}

/**
 * Standard deviation of the receiver noise, found in the measured samples themselves: far from the centre of k-space there is
 * little signal, and the power of complex Gaussian noise of variance σ² in each component is exponential with median 2 ln 2 σ².
 * The median hardly sees the few samples that hold signal. σ is the root mean square over the coils.
 */
import type { NdArray } from '../array/nd-array.ts';
import type { Trajectory } from '../array/trajectory.ts';
import type { SamplingPattern } from '../sampling/pattern.ts';

/** Distance from the centre, as a fraction of the way to the edge, from which samples are looked at. */
const OUTER = 0.8;
const MEDIAN_OF_POWER = 2 * Math.LN2;
/** Of one coil; the median of fewer says little. */
const FEWEST_SAMPLES = 48;
/** More than this share of exact zeros: filtered away or filled in, not measured. */
const MOST_ZEROS = 0.02;

/** Of k-space [coil, row, column] seen through `pattern`, from the corners that it keeps; 0 where they cannot tell. */
export function cartesianNoise(kspace: NdArray<'complex64'>, { kind, mask }: Pick<SamplingPattern, 'kind' | 'mask'>): number {
  const [, rows, columns] = kspace.shape as [number, number, number];
  const outer = (i: number, n: number): boolean => Math.abs(i - Math.floor(n / 2)) >= (OUTER * n) / 2;
  const edge = [...Array(rows).keys()].filter((row) => outer(row, rows));
  const keeps = (row: number, column: number): boolean => mask[kind === 'lines' ? column : row * columns + column] !== 0;
  const among = (wanted: (column: number) => boolean): number[] =>
    edge.flatMap((row) => [...Array(columns).keys()].filter((column) => wanted(column) && keeps(row, column)).map((column) => row * columns + column));
  const corners = among((column) => outer(column, columns));
  return noiseAt(kspace, corners.length >= FEWEST_SAMPLES ? corners : among(() => true));
}

/** Of samples [coil, sample, readout], from those farthest out; 0 where they cannot tell. */
export function trajectoryNoise(kspace: NdArray<'complex64'>, { points }: Pick<Trajectory, 'points'>): number {
  const radius = Float32Array.from({ length: points.data.length / 2 }, (_, m) => Math.hypot(points.data[2 * m] as number, points.data[2 * m + 1] as number));
  const edge = OUTER * radius.reduce((largest, value) => Math.max(largest, value), 0);
  return noiseAt(
    kspace,
    [...radius.keys()].filter((m) => (radius[m] as number) >= edge),
  );
}

/** From the samples at the given offsets in each coil. */
function noiseAt({ data, shape }: NdArray<'complex64'>, offsets: readonly number[]): number {
  if (offsets.length < FEWEST_SAMPLES) return 0;
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

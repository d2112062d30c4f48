/** Noise for pseudo-replicas (Robson et al., Magn Reson Med 2008;60:895): how much there is in the data, and more of it. */
import type { NdArray } from '../array/nd-array.ts';
import type { Trajectory } from '../array/trajectory.ts';
import { LacunaError } from '../errors.ts';
import type { Random } from '../random/xoshiro.ts';

/** Share of rows and of columns at each edge of k-space, and of its radius along a trajectory, that counts as its outskirts. */
const EDGE = 0.08;
const FEWEST_SAMPLES = 32;

/**
 * Standard deviation of the real part of the noise in each coil, from the outskirts of k-space [coil, row, column], where the
 * signal is weakest: its four corners, or what lies farthest out along `trajectory`. The median makes it robust against what
 * signal there is: |noise|² is exponential, so median = 2σ² ln 2. Samples of exactly zero were not measured and do not count.
 * Throws usage.unsupported where too few are left.
 */
export function outerNoise(kspace: NdArray<'complex64'>, trajectory?: Trajectory): Float64Array {
  const [coils, rows, columns] = kspace.shape as [number, number, number];
  const samples = trajectory === undefined ? corners(rows, columns) : farthest(trajectory);
  return Float64Array.from({ length: coils }, (_, coil) => {
    const powers = powersOf(kspace.data.subarray(2 * coil * rows * columns, 2 * (coil + 1) * rows * columns), samples);
    if (powers.length >= FEWEST_SAMPLES) return fromMedian(powers);
    throw new LacunaError('usage.unsupported', `Only ${powers.length} samples lie in the outskirts of this k-space; state the noise instead.`, { field: 'noise' });
  });
}

/** Standard deviation of the real part in each coil of a noise scan [coil, sample]. */
export function scannedNoise(noise: NdArray<'complex64'>): Float64Array {
  const coils = noise.shape[0] as number;
  const size = noise.data.length / coils;
  return Float64Array.from({ length: coils }, (_, coil) => {
    let energy = 0;
    for (let i = coil * size; i < (coil + 1) * size; i++) energy += (noise.data[i] as number) ** 2;
    return Math.sqrt(energy / size);
  });
}

/** Complex Gaussian noise of `sigma` (of the real part, one a coil) upon every sample that is not zero, into `out`. [coil, …] all. */
export function addNoise(samples: NdArray<'complex64'>, sigma: Float64Array, random: Random, out: NdArray<'complex64'>): void {
  const size = samples.data.length / sigma.length;
  for (let i = 0; i < samples.data.length; i += 2) {
    const [re, im] = [samples.data[i] as number, samples.data[i + 1] as number];
    const s = re === 0 && im === 0 ? 0 : (sigma[Math.floor(i / size)] as number);
    out.data[i] = s === 0 ? re : re + s * random.normal();
    out.data[i + 1] = s === 0 ? im : im + s * random.normal();
  }
}

function corners(rows: number, columns: number): number[] {
  const outer = (i: number, n: number) => Math.min(i, n - 1 - i) < Math.max(1, Math.round(EDGE * n));
  return Array.from({ length: rows * columns }, (_, i) => i).filter((i) => outer(Math.floor(i / columns), rows) && outer(i % columns, columns));
}

function farthest({ points }: Trajectory): number[] {
  const count = points.data.length / 2;
  const radius = Float64Array.from({ length: count }, (_, i) => Math.hypot(points.data[2 * i] as number, points.data[2 * i + 1] as number));
  const limit = (1 - EDGE) * radius.reduce((most, r) => Math.max(most, r), 0);
  return [...radius.keys()].filter((i) => (radius[i] as number) >= limit);
}

function powersOf(coil: Float32Array, samples: readonly number[]): Float64Array {
  return Float64Array.from(samples, (i) => (coil[2 * i] as number) ** 2 + (coil[2 * i + 1] as number) ** 2).filter((power) => power > 0);
}

function fromMedian(powers: Float64Array): number {
  powers.sort();
  const middle = powers.length / 2;
  const median = ((powers[Math.floor(middle)] as number) + (powers[Math.ceil(middle) - 1] as number)) / 2;
  return Math.sqrt(median / (2 * Math.LN2));
}

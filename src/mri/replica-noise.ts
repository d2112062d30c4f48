/** Noise for pseudo-replicas (Robson et al., Magn Reson Med 2008;60:895): how much there is in the data, and more of it. */
import type { NdArray } from '../array/nd-array.ts';
import type { Trajectory } from '../array/trajectory.ts';
import { LacunaError } from '../errors.ts';
import type { Random } from '../random/xoshiro.ts';

/** Share of the measured samples, those farthest from the centre of k-space, that counts as its outskirts. */
const OUTSKIRTS = 0.05;
const FEWEST_SAMPLES = 32;

/**
 * Standard deviation of the real part of the noise in each coil, from the outskirts of k-space [coil, row, column], where the
 * signal is weakest: of what was measured, the samples farthest from the centre, on the grid or along `trajectory`. The median
 * makes it robust against what signal there is: |noise|² is exponential, so median = 2σ² ln 2. Samples of exactly zero in every
 * coil were not measured. Throws usage.unsupported where too few are left.
 */
export function outerNoise(kspace: NdArray<'complex64'>, trajectory?: Trajectory): Float64Array {
  const [coils, rows, columns] = kspace.shape as [number, number, number];
  const size = rows * columns;
  const outskirts = farthest(measuredSamples(kspace.data, size), trajectory === undefined ? gridRadius(rows, columns) : radiusAlong(trajectory));
  if (outskirts.length < FEWEST_SAMPLES) {
    throw new LacunaError('usage.unsupported', `Only ${outskirts.length} samples lie in the outskirts of this k-space; state the noise instead.`, { field: 'noise' });
  }
  return Float64Array.from({ length: coils }, (_, coil) => fromMedian(powersOf(kspace.data.subarray(2 * coil * size, 2 * (coil + 1) * size), outskirts)));
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

function measuredSamples(data: Float32Array, size: number): number[] {
  const measured = new Uint8Array(size);
  for (let i = 0; i < data.length / 2; i++) if (data[2 * i] !== 0 || data[2 * i + 1] !== 0) measured[i % size] = 1;
  return [...measured.keys()].filter((i) => measured[i] !== 0);
}

type Radius = (sample: number) => number;

/** 1 in the middle of each edge of the grid. */
function gridRadius(rows: number, columns: number): Radius {
  return (i) => Math.hypot(Math.floor(i / columns) / Math.floor(rows / 2) - 1, (i % columns) / Math.floor(columns / 2) - 1);
}

function radiusAlong({ points }: Trajectory): Radius {
  return (i) => Math.hypot(points.data[2 * i] as number, points.data[2 * i + 1] as number);
}

function farthest(samples: readonly number[], radius: Radius): number[] {
  const radii = Float64Array.from(samples, radius).sort();
  const limit = radii[Math.floor((1 - OUTSKIRTS) * radii.length)] ?? 0;
  return samples.filter((i) => radius(i) >= limit);
}

function powersOf(coil: Float32Array, samples: readonly number[]): Float64Array {
  return Float64Array.from(samples, (i) => (coil[2 * i] as number) ** 2 + (coil[2 * i + 1] as number) ** 2);
}

function fromMedian(powers: Float64Array): number {
  powers.sort();
  const middle = powers.length / 2;
  const median = ((powers[Math.floor(middle)] as number) + (powers[Math.ceil(middle) - 1] as number)) / 2;
  return Math.sqrt(median / (2 * Math.LN2));
}

/**
 * The g-factor of any method from pseudo-replicas (Robson et al., Magn Reson Med 2008;60:895): noise of known strength is added to
 * the measured samples again and again, and the spread of the reconstructions is compared with that of full sampling.
 */
import { throwIfCancelled, type CancelSignal } from '../algorithms/status.ts';
import { isComplexDType, zeros, type NdArray } from '../array/nd-array.ts';
import { Random } from '../random/xoshiro.ts';
import type { GFactorStatus } from './g-factor.ts';
import { type MriEstimate, type MriMeasurement, withSamples } from './measurement.ts';
import { RunningDeviation } from './running-deviation.ts';

export interface ReplicaOptions {
  readonly replicas: number;
  /** Standard deviation of the complex noise added to a sample, which is also that of a fully sampled, optimally combined pixel. */
  readonly sigma: number;
  readonly seed: number;
  readonly signal: CancelSignal;
}

/**
 * Spread of `estimate(measurement + noise)` ÷ (σ·√R), [row, column] of the output; for magnitudes ÷ (σ·√R/√2), since only the part
 * of the noise in phase with the signal shows where the signal is strong. R is noiseAcceleration. One status a replica. The relative
 * standard error is 1/(2√replicas) for complex images, 1/√(2·replicas) for magnitudes. Throws `job.cancelled` and what the method throws.
 */
export async function* replicaGFactor(
  measurement: MriMeasurement,
  estimate: (measurement: MriMeasurement) => Promise<MriEstimate>,
  { replicas, sigma, seed, signal }: ReplicaOptions,
): AsyncGenerator<GFactorStatus, NdArray<'float32'>> {
  const full = sigma * Math.sqrt(noiseAcceleration(measurement));
  let spread: RunningDeviation | null = null;
  let complex = false;
  for (let replica = 0; replica < replicas; replica++) {
    throwIfCancelled(signal);
    const { image } = await estimate(withSamples(measurement, withNoise(measurement, sigma, new Random(seed, replica))));
    complex = isComplexDType(image.dtype);
    spread ??= new RunningDeviation(complex ? [...image.shape, 2] : image.shape);
    spread.add({ dtype: 'float32', shape: image.shape, data: image.data });
    yield { iteration: replica + 1, iterations: replicas };
  }
  const out = zeros('float32', [measurement.output.rows, measurement.output.columns]);
  const deviation = spread?.deviation().data;
  if (deviation === undefined) return out;
  for (let i = 0; i < out.data.length; i++) {
    out.data[i] = (complex ? Math.hypot(deviation[2 * i] as number, deviation[2 * i + 1] as number) : Math.SQRT2 * (deviation[i] as number)) / full;
  }
  return out;
}

/**
 * How many times fewer samples there are than cells of the Cartesian grid: what √R speaks of. Along a trajectory that counts samples,
 * not readouts: an oversampled readout averages noise too, and an arm of a spiral is longer than a line.
 */
export function noiseAcceleration({ pattern, trajectory }: Pick<MriMeasurement, 'pattern' | 'trajectory'>): number {
  if (trajectory === undefined) return pattern.achieved;
  const { points, matrix } = trajectory;
  return (2 * matrix.rows * matrix.columns) / points.data.length;
}

/** Noise on every sample that the pattern keeps; along a trajectory on all of them. */
function withNoise({ kspace, pattern, trajectory }: MriMeasurement, sigma: number, random: Random): NdArray<'complex64'> {
  const out = zeros('complex64', kspace.shape);
  const part = sigma / Math.SQRT2;
  const period = trajectory !== undefined ? 0 : pattern.mask.length;
  for (let i = 0; i < out.data.length; i++) {
    const value = kspace.data[i] as number;
    out.data[i] = period > 0 && pattern.mask[(i >> 1) % period] === 0 ? value : value + part * random.normal();
  }
  return out;
}

/**
 * The g-factor of any method from pseudo-replicas (Robson et al., Magn Reson Med 2008;60:895): noise of known strength is added to
 * the measured samples again and again, and the spread of the reconstructions is compared with that of full sampling.
 */
import { throwIfCancelled, type CancelSignal } from '../algorithms/status.ts';
import { isComplexDType, zeros, type NdArray } from '../array/nd-array.ts';
import { Random } from '../random/xoshiro.ts';
import type { GFactorStatus } from './g-factor.ts';
import type { MriEstimate, MriMeasurement } from './measurement.ts';

export interface ReplicaOptions {
  readonly replicas: number;
  /** Standard deviation of the complex noise added to a sample, which is also that of a fully sampled, optimally combined pixel. */
  readonly sigma: number;
  readonly seed: number;
  readonly signal: CancelSignal;
}

/**
 * Spread of `estimate(measurement + noise)` ÷ (σ·√R), [row, column] of the output; for magnitudes ÷ (σ·√R/√2), since only the part
 * of the noise in phase with the signal shows where the signal is strong. One status a replica. The relative standard error is
 * 1/(2√replicas) for complex images, 1/√(2·replicas) for magnitudes. Throws `job.cancelled` and what the method throws.
 */
export async function* replicaGFactor(
  measurement: MriMeasurement,
  estimate: (measurement: MriMeasurement) => Promise<MriEstimate>,
  { replicas, sigma, seed, signal }: ReplicaOptions,
): AsyncGenerator<GFactorStatus, NdArray<'float32'>> {
  let sums: { readonly mean: Float64Array; readonly square: Float64Array; readonly shape: readonly number[]; readonly complex: boolean } | null = null;
  for (let replica = 0; replica < replicas; replica++) {
    throwIfCancelled(signal);
    const { image } = await estimate({ ...measurement, kspace: withNoise(measurement, sigma, new Random(seed, replica)) });
    sums ??= { mean: new Float64Array(image.data.length), square: new Float64Array(image.data.length), shape: image.shape, complex: isComplexDType(image.dtype) };
    // Welford's update: no cancellation where the spread is small beside the image.
    for (let i = 0; i < image.data.length; i++) {
      const delta = (image.data[i] as number) - (sums.mean[i] as number);
      sums.mean[i] = (sums.mean[i] as number) + delta / (replica + 1);
      sums.square[i] = (sums.square[i] as number) + delta * ((image.data[i] as number) - (sums.mean[i] as number));
    }
    yield { iteration: replica + 1, iterations: replicas };
  }
  if (sums === null) return zeros('float32', [measurement.output.rows, measurement.output.columns]);
  const { square, shape, complex } = sums;
  const out = zeros('float32', shape);
  const full = sigma * Math.sqrt(measurement.pattern.achieved);
  for (let i = 0; i < out.data.length; i++) {
    const variance = (complex ? (square[2 * i] as number) + (square[2 * i + 1] as number) : 2 * (square[i] as number)) / Math.max(1, replicas - 1);
    out.data[i] = Math.sqrt(variance) / full;
  }
  return out;
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

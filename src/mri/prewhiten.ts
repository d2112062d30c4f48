/** Noise pre-whitening: channels are combined so that their noise is uncorrelated and alike (Roemer et al., Magn Reson Med 1990;16:192; Pruessmann et al. 2001;46:638). */
import { type NdArray, zeros } from '../array/nd-array.ts';
import { LacunaError } from '../errors.ts';
import { cholesky, solveLower } from './cholesky.ts';

export interface Prewhitening {
  /** [coil, coil]: y ← σ̄·L⁻¹·y, where Ψ = L·Lᴴ. */
  readonly matrix: NdArray<'complex64'>;
  /** σ̄ = √(tr Ψ / C): standard deviation of a complex sample, before and after, so that images keep their scale. */
  readonly sigma: number;
  /** Largest |ψ_pq|/√(ψ_pp ψ_qq) between two channels. */
  readonly correlation: number;
}

/** Samples a channel needs for a covariance that is worth inverting. */
const SAMPLES_PER_COIL = 4;

/** From noise [coil, sample]. Throws `usage.unsupported` where the samples are too few, or a channel is silent or a copy of others. */
export function findPrewhitening(noise: NdArray<'complex64'>): Prewhitening {
  const [coils, samples] = noise.shape as [number, number];
  if (samples < SAMPLES_PER_COIL * coils) {
    throw new LacunaError('usage.unsupported', `Pre-whitening ${coils} coils needs at least ${SAMPLES_PER_COIL * coils} noise samples; the scan has ${samples}.`, { field: 'prewhiten' });
  }
  const psi = noiseCovariance(noise);
  const power = (c: number): number => psi[2 * (c * coils + c)] as number;
  const sigma = Math.sqrt(Array.from({ length: coils }, (_, c) => power(c)).reduce((sum, value) => sum + value, 0) / coils);
  let correlation = 0;
  for (let p = 0; p < coils; p++) {
    for (let q = 0; q < p; q++) {
      const at = 2 * (p * coils + q);
      correlation = Math.max(correlation, Math.hypot(psi[at] as number, psi[at + 1] as number) / Math.sqrt(power(p) * power(q)));
    }
  }
  const smallest = Math.min(...Array.from({ length: coils }, (_, c) => power(c)));
  if (!cholesky(psi, coils) || smallest < 1e-12 * sigma * sigma) {
    throw new LacunaError('usage.unsupported', 'The noise scan has a silent channel, or one that repeats others; pre-whitening is not possible.', { field: 'prewhiten' });
  }
  const matrix = zeros('complex64', [coils, coils]);
  for (let k = 0; k < coils; k++) {
    const column = new Float64Array(2 * coils);
    column[2 * k] = sigma;
    solveLower(psi, coils, column);
    for (let i = 0; i < coils; i++) matrix.data.set(column.subarray(2 * i, 2 * i + 2), 2 * (i * coils + k));
  }
  return { matrix, sigma, correlation };
}

/** Ψ = Σ n·nᴴ / samples, [coil][coil] interleaved; noise has no mean to take away. */
export function noiseCovariance(noise: NdArray<'complex64'>): Float64Array {
  const [coils, samples] = noise.shape as [number, number];
  const out = new Float64Array(2 * coils * coils);
  for (let p = 0; p < coils; p++) {
    for (let q = 0; q < coils; q++) {
      let [re, im] = [0, 0];
      for (let i = 0; i < samples; i++) {
        const [a, b] = [2 * (p * samples + i), 2 * (q * samples + i)];
        const [ar, ai, br, bi] = [noise.data[a] as number, noise.data[a + 1] as number, noise.data[b] as number, noise.data[b + 1] as number];
        re += ar * br + ai * bi;
        im += ai * br - ar * bi;
      }
      out[2 * (p * coils + q)] = re / samples;
      out[2 * (p * coils + q) + 1] = im / samples;
    }
  }
  return out;
}

import { describe, expect, it } from 'vitest';
import { ndArray, zeros, type NdArray } from '../../src/array/nd-array.ts';
import { compressCoils } from '../../src/mri/coil-compression.ts';
import { findPrewhitening, noiseCovariance } from '../../src/mri/prewhiten.ts';
import { Random } from '../../src/random/xoshiro.ts';

const COILS = 4;

/** Noise of different strength in each channel, each mixed with its neighbour's. */
function correlated(samples: number): NdArray<'complex64'> {
  const random = new Random(1, samples);
  const out = zeros('complex64', [COILS, samples]);
  for (let i = 0; i < samples; i++) {
    let [br, bi] = [0, 0];
    for (let c = 0; c < COILS; c++) {
      const [ar, ai] = [random.normal(), random.normal()];
      out.data.set([(c + 1) * (ar + 0.5 * bi), (c + 1) * (ai - 0.5 * br)], 2 * (c * samples + i));
      [br, bi] = [ar, ai];
    }
  }
  return out;
}

describe('findPrewhitening', () => {
  const noise = correlated(5000);

  it('makes noise white and keeps its mean strength', () => {
    const { matrix, sigma, correlation } = findPrewhitening(noise);
    const before = noiseCovariance(noise);
    const after = noiseCovariance(ndArray('complex64', noise.shape, compressCoils(ndArray('complex64', [COILS, 1, 5000], noise.data), { matrix, kept: 1 }).data));
    let trace = 0;
    for (let p = 0; p < COILS; p++) {
      trace += before[2 * (p * COILS + p)] ?? NaN;
      for (let q = 0; q < COILS; q++) {
        expect((after[2 * (p * COILS + q)] ?? NaN) / sigma ** 2).toBeCloseTo(p === q ? 1 : 0, 5);
        expect((after[2 * (p * COILS + q) + 1] ?? NaN) / sigma ** 2).toBeCloseTo(0, 5);
      }
    }
    expect(sigma).toBeCloseTo(Math.sqrt(trace / COILS), 10);
    // ½ of a neighbour: 0.5/√(1.25·1) and 0.5/1.25.
    expect(correlation).toBeCloseTo(0.5 / Math.sqrt(1.25), 1);
  });

  it('refuses too few samples, silent channels and repeated ones', () => {
    expect(() => findPrewhitening(correlated(15))).toThrow(/at least 16 noise samples; the scan has 15/);
    const silent = { ...noise, data: noise.data.map((value, i) => (i < 10000 ? 0 : value)) };
    expect(() => findPrewhitening(silent)).toThrow(expect.objectContaining({ code: 'usage.unsupported', field: 'prewhiten' }));
    const twice = { ...noise, data: noise.data.slice() };
    twice.data.copyWithin(0, 10000, 20000);
    expect(() => findPrewhitening(twice)).toThrow(/silent channel, or one that repeats others/);
  });
});

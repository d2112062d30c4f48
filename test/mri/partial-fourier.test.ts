/** Homodyne and POCS: exact for a non-negative image with a constant or very smooth phase, and far better than zeros with noise. */
import { describe, expect, it } from 'vitest';
import { ndArray, zeros, type NdArray } from '../../src/array/nd-array.ts';
import { NEVER_CANCELLED } from '../../src/algorithms/status.ts';
import { homodyne, homodyneWeights } from '../../src/mri/homodyne.ts';
import { partialExtent, refusePartialFourier } from '../../src/mri/partial-extent.ts';
import { pocs } from '../../src/mri/pocs.ts';
import { rootSumOfSquares } from '../../src/mri/root-sum-of-squares.ts';
import { zeroFilled } from '../../src/mri/zero-filled.ts';
import { coils } from '../../src/operators/coils.ts';
import { mask } from '../../src/operators/mask.ts';
import { describePattern } from '../../src/sampling/describe.ts';
import { partialFourierLines } from '../../src/sampling/partial-fourier.ts';
import type { SamplingPattern } from '../../src/sampling/pattern.ts';
import { fft2c } from '../../src/transform/fft.ts';
import { addNoise, COILS, ellipses, ringOfCoils, SIZE } from '../support/ellipses.ts';
import { relativeError } from '../support/random-array.ts';

function pattern(rows: number, columns: number, direction: 'line' | 'readout', omit: 'start' | 'end', fraction = 0.625, spacing = 1): SamplingPattern {
  const kept = partialFourierLines(direction === 'line' ? columns : rows, { fraction, omit, spacing, calibration: 0 });
  if (direction === 'line') return describePattern({ kind: 'lines', rows, columns, mask: kept });
  return describePattern({ kind: 'points', rows, columns, mask: Uint8Array.from({ length: rows * columns }, (_, i) => kept[Math.floor(i / columns)] ?? 0) });
}

async function finish(k: NdArray<'complex64'>, p: SamplingPattern, iterations = 200): Promise<{ image: NdArray<'float32'>; residuals: number[] }> {
  const steps = pocs(k, p, { iterations, tolerance: 0, signal: NEVER_CANCELLED });
  const residuals: number[] = [];
  for (;;) {
    const next = await steps.next();
    if (next.done) return { image: rootSumOfSquares(next.value.images), residuals };
    residuals.push(next.value.residual);
  }
}

/** A positive image of odd size, so that every frequency has its mirror image, of constant phase. */
const [ROWS, COLUMNS] = [45, 51];
function positive(phase: number): { k: NdArray<'complex64'>; truth: Float32Array } {
  const image = zeros('complex64', [1, ROWS, COLUMNS]);
  const truth = new Float32Array(ROWS * COLUMNS);
  for (let i = 0; i < truth.length; i++) {
    const size = 0.3 + (Math.hypot(Math.floor(i / COLUMNS) - 20, (i % COLUMNS) - 30) < 14 ? 1 : 0) + ((i * 7919) % 101) / 400;
    truth[i] = size;
    image.data.set([size * Math.cos(phase), size * Math.sin(phase)], 2 * i);
  }
  return { k: fft2c(image), truth };
}

describe.each([['line', 'start'], ['line', 'end'], ['readout', 'start'], ['readout', 'end']] as const)('%s cut short at its %s', (direction, omit) => {
  const p = pattern(ROWS, COLUMNS, direction, omit);

  it.each(['ramp', 'step'] as const)('homodyne with a %s is exact where the phase is constant', (weighting) => {
    const { k, truth } = positive(0.7);
    expect(relativeError(homodyne(mask(p, 1).apply(k), p, weighting).data, truth)).toBeLessThan(2e-6);
  });

  it('POCS converges to the truth where the phase is constant', async () => {
    const { k, truth } = positive(-2);
    const { image, residuals } = await finish(mask(p, 1).apply(k), p);
    expect(relativeError(image.data, truth)).toBeLessThan(1e-3);
    expect(residuals.at(-1)).toBeLessThan(0.01 * (residuals[0] ?? 0));
  });
});

describe('several coils, smooth phase, noise', () => {
  const truth = ellipses(0.5);
  const size = Float32Array.from({ length: SIZE * SIZE }, (_, i) => Math.hypot(truth.data[2 * i] ?? NaN, truth.data[2 * i + 1] ?? NaN));
  const full = addNoise(fft2c(coils(ringOfCoils()).apply(truth)));

  it.each(['start', 'end'] as const)('both come much nearer than zeros (%s left out)', async (omit) => {
    const p = pattern(SIZE, SIZE, 'line', omit);
    const y = mask(p, COILS).apply(full);
    const zero = relativeError(zeroFilled(y).data, size);
    expect(relativeError(homodyne(y, p, 'ramp').data, size)).toBeLessThan(0.6 * zero);
    expect(relativeError((await finish(y, p, 30)).image.data, size)).toBeLessThan(0.6 * zero);
  });

  it('a fully sampled pattern changes next to nothing', async () => {
    const p = pattern(SIZE, SIZE, 'line', 'start', 1);
    expect(relativeError(homodyne(full, p, 'ramp').data, zeroFilled(full).data)).toBeLessThan(0.05);
    expect(relativeError((await finish(full, p, 3)).image.data, zeroFilled(full).data)).toBeLessThan(1e-6);
  });

  it('POCS stops when cancelled', async () => {
    const p = pattern(SIZE, SIZE, 'line', 'start');
    await expect(pocs(full, p, { iterations: 3, tolerance: 0, signal: { cancelled: true } }).next()).rejects.toMatchObject({ code: 'job.cancelled' });
  });
});

describe('patterns', () => {
  it('mirrored weights add up to 2', () => {
    for (const weighting of ['ramp', 'step'] as const) {
      for (const omit of ['start', 'end'] as const) {
        const weights = homodyneWeights(partialExtent(pattern(8, 33, 'line', omit)), weighting);
        for (let k = 0; k <= 16; k++) expect((weights[16 + k] ?? NaN) + (weights[16 - k] ?? NaN)).toBeCloseTo(2, 12);
      }
    }
  });

  it('takes lines that stop short of both ends', () => {
    const flags = new Uint8Array(64).fill(1, 22, 60);
    expect(partialExtent(describePattern({ kind: 'lines', rows: 8, columns: 64, mask: flags }))).toEqual({ axis: 2, length: 64, start: 22, end: 60, half: 10 });
  });

  it('refuses gaps, a missing centre and rectangles cut short both ways', () => {
    expect(refusePartialFourier(pattern(32, 32, 'line', 'start', 0.75, 2))).toMatch(/gaps/);
    expect(refusePartialFourier(pattern(32, 32, 'line', 'end', 0.5))).toMatch(/symmetric centre/);
    const corner = Uint8Array.from({ length: 256 }, (_, i) => (i % 16 < 12 && i < 192 ? 1 : 0));
    expect(refusePartialFourier(describePattern({ kind: 'points', rows: 16, columns: 16, mask: corner }))).toMatch(/gaps/);
    expect(() => homodyne(ndArray('complex64', [1, 32, 32], new Float32Array(2048)), pattern(32, 32, 'line', 'end', 0.5), 'ramp')).toThrow(/symmetric centre/);
  });
});

/** GRAPPA against NumPy with the calibration matrix itself: test/fixtures/scripts/grappa.py. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { magnitude, zeros, type NdArray } from '../../src/array/nd-array.ts';
import { NEVER_CANCELLED, type CancelSignal } from '../../src/algorithms/status.ts';
import { grappa, refuseGrappa, type GrappaResult } from '../../src/mri/grappa.ts';
import { grappaGeometry, regularSpacing } from '../../src/mri/grappa-geometry.ts';
import { zeroFilled } from '../../src/mri/zero-filled.ts';
import { coils } from '../../src/operators/coils.ts';
import { mask } from '../../src/operators/mask.ts';
import step from '../../src/pipeline/steps/method/grappa.ts';
import type { MethodContext } from '../../src/pipeline/step.ts';
import { Random } from '../../src/random/xoshiro.ts';
import { describePattern } from '../../src/sampling/describe.ts';
import { randomLines } from '../../src/sampling/fastmri.ts';
import type { SamplingPattern } from '../../src/sampling/pattern.ts';
import { fft2c } from '../../src/transform/fft.ts';
import { addNoise, COILS, ellipses, ringOfCoils, SIZE } from '../support/ellipses.ts';
import { relativeError } from '../support/random-array.ts';

const golden = JSON.parse(readFileSync(new URL('../fixtures/grappa.json', import.meta.url), 'utf8')) as {
  grappa: { acceleration: number; zeroFilled: number; grappa: number }[];
};
const truth = ellipses(0.5);
const kspace = addNoise(fft2c(coils(ringOfCoils()).apply(truth)));
const KERNEL = { readout: 5, lines: 4 };

const lines = (kept: (column: number) => boolean): SamplingPattern =>
  describePattern({ kind: 'lines', rows: SIZE, columns: SIZE, mask: Uint8Array.from({ length: SIZE }, (_, i) => (kept(i) ? 1 : 0)) });
const points = (kept: (row: number, column: number) => boolean): SamplingPattern =>
  describePattern({ kind: 'points', rows: SIZE, columns: SIZE, mask: Uint8Array.from({ length: SIZE * SIZE }, (_, i) => (kept(Math.floor(i / SIZE), i % SIZE) ? 1 : 0)) });
const middle = (i: number): boolean => i >= SIZE / 2 - 8 && i < SIZE / 2 + 8;
const nmse = (k: NdArray<'complex64'>): number => relativeError(zeroFilled(k).data, magnitude(truth).data) ** 2;

async function run(pattern: SamplingPattern, signal: CancelSignal = NEVER_CANCELLED): Promise<GrappaResult & { y: NdArray<'complex64'>; steps: number }> {
  const y = mask(pattern, COILS).apply(kspace);
  const iterator = grappa(y, pattern, { ...KERNEL, lambda: 1e-4, signal });
  for (let steps = 0; ; steps++) {
    const next = await iterator.next();
    if (next.done) return { ...next.value, y, steps };
    expect(next.value.iteration).toBe(steps + 1);
  }
}

describe('grappa', () => {
  it.each(golden.grappa)('has the error of the reference at R = $acceleration', async ({ acceleration, zeroFilled: zero, grappa: expected }) => {
    const { y, kspace: filled, geometry } = await run(lines((i) => i % acceleration === 0 || middle(i)));
    expect(nmse(y) / zero).toBeCloseTo(1, 4);
    expect(Math.abs(nmse(filled) / expected - 1)).toBeLessThan(0.02);
    expect(geometry.spacing).toBe(acceleration);
    expect(geometry.neighbourhoods.length).toBe(acceleration - 1);
  });

  it.each([
    ['random lines', lines((i) => randomLines(SIZE, { acceleration: 2, centreFraction: 0.25, seed: 2 })[i] === 1), 0.4],
    ['a lattice of points shifted from line to line', points((r, c) => (middle(r) && middle(c)) || (c % 2 === 0 && (r + c / 2) % 2 === 0)), 0.02],
    ['random points', points((r, c) => (middle(r) && middle(c)) || new Random(1, r, c).uniform() < 0.4), 0.05],
  ])('brings the error of %s far below zero filling, and keeps measured samples', async (_name, pattern, share) => {
    const { y, kspace: filled, steps, geometry } = await run(pattern);
    expect(nmse(filled)).toBeLessThan(share * nmse(y));
    expect(mask(pattern, COILS).apply(filled).data).toEqual(y.data);
    expect(steps).toBe(geometry.neighbourhoods.length);
  });

  it('leaves what lies beyond the measured lines at zero, and counts it', async () => {
    const pattern = lines((i) => i > 20 && (i % 2 === 0 || middle(i)));
    const { kspace: filled, geometry } = await run(pattern);
    expect(geometry.unreached).toBe(21 * SIZE);
    expect(geometry.spacing).toBe(2);
    for (let column = 0; column < 21; column++) expect(filled.data[2 * (30 * SIZE + column)]).toBe(0);
    expect(filled.data[2 * (30 * SIZE + 43)]).not.toBe(0);
  });

  it('does nothing to full data, and gives zeros for silent data', async () => {
    const full = await run(lines(() => true));
    expect(full.kspace.data).toEqual(full.y.data);
    const pattern = lines((i) => i % 2 === 0 || middle(i));
    const steps = grappa(zeros('complex64', [2, SIZE, SIZE]), pattern, { ...KERNEL, lambda: 1e-4, signal: NEVER_CANCELLED });
    for (let next = await steps.next(); ; next = await steps.next()) {
      if (!next.done) continue;
      expect(next.value.kspace.data.every((v) => v === 0)).toBe(true);
      break;
    }
  });

  it('stops when cancelled', async () => {
    await expect(run(lines((i) => i % 2 === 0 || middle(i)), { cancelled: true })).rejects.toMatchObject({ code: 'job.cancelled' });
  });

  it('refuses a centre that is too small, saying what it needs', async () => {
    const bare = lines((i) => i % 3 === 0 || i === 32);
    expect(refuseGrappa(bare, COILS, KERNEL)).toMatch(/at least 5×4 samples for this pattern; it has 64×/);
    await expect(run(bare)).rejects.toMatchObject({ code: 'usage.unsupported' });
    const few = describePattern({ kind: 'lines', rows: 8, columns: 16, mask: Uint8Array.from({ length: 16 }, (_, i) => (i % 2 === 0 || Math.abs(i - 8) < 3 ? 1 : 0)) });
    expect(refuseGrappa(few, 32, KERNEL)).toMatch(/too small to find GRAPPA’s weights for 32 coils/);
    expect(refuseGrappa(points((r, c) => (r + c) % 2 === 0), COILS, KERNEL)).toMatch(/at least 5×5/);
  });

  it('refuses points whose neighbourhoods are too many', () => {
    const irregular = describePattern({
      kind: 'points', rows: 256, columns: 256,
      mask: Uint8Array.from({ length: 256 * 256 }, (_, i) => (new Random(2, i).uniform() < 0.5 || (Math.abs((i >> 8) - 128) < 8 && Math.abs((i & 255) - 128) < 8) ? 1 : 0)),
    });
    expect(refuseGrappa(irregular, 32, KERNEL)).toMatch(/different neighbourhoods of this pattern, which takes too long/);
    expect(refuseGrappa(irregular, 2, KERNEL)).toBeNull();
  });
});

describe('regularSpacing', () => {
  it('sees every R-th line besides the centre, and nothing else', () => {
    expect(regularSpacing(lines((i) => i % 3 === 1 || middle(i)))).toEqual({ spacing: 3, phase: 1 });
    expect(regularSpacing(lines(() => true))).toEqual({ spacing: 1, phase: 0 });
    expect(regularSpacing(lines((i) => i % 4 === 0))).toEqual({ spacing: 4, phase: 0 });
    expect(regularSpacing(lines((i) => (i % 4 === 0 && i !== 12) || middle(i)))).toBeNull();
    expect(regularSpacing(lines((i) => i % 4 === 0 || i === 5 || middle(i)))).toBeNull();
  });

  it('is what the weights are shared by', () => {
    const { neighbourhoods } = grappaGeometry(lines((i) => i % 3 === 0 || middle(i)), COILS, { readout: 3, lines: 2 });
    expect(neighbourhoods.map(({ sources }) => [...new Set(sources.map(({ column }) => column))])).toEqual([[-1, 2], [-2, 1]]);
  });
});

it('the step delivers a cropped root-sum-of-squares whose samples are the measured ones', async () => {
  const pattern = lines((i) => i % 3 === 0 || middle(i));
  const measurement = { kspace: mask(pattern, COILS).apply(kspace), pattern, output: { rows: 60, columns: 50 } };
  const nothing = (): never => {
    throw new Error('a classical method does not infer');
  };
  const context: MethodContext = { signal: NEVER_CANCELLED, infer: { providers: nothing, run: nothing }, loadModel: nothing, cache: new Map() };
  const steps = step.run(measurement, step.params.parse({}), context);
  for (let next = await steps.next(); ; next = await steps.next()) {
    if (!next.done) {
      expect(next.value.preview?.().shape).toEqual([60, 50]);
      continue;
    }
    const { image, dataResidual, residual, notes } = next.value;
    expect([image.shape, image.dtype]).toEqual([[60, 50], 'float32']);
    expect(dataResidual).toBe(0);
    expect(residual?.().data.every((v) => v === 0)).toBe(true);
    expect(notes).toEqual(['Weights: every line in 3, 2 offsets']);
    break;
  }
});

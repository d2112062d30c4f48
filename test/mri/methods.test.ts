/** The method steps, as the runner drives them. */
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { magnitude, zeros } from '../../src/array/nd-array.ts';
import type { MriEstimate, MriMeasurement } from '../../src/mri/measurement.ts';
import { zeroFilled as zeroFilledImage } from '../../src/mri/zero-filled.ts';
import { coils } from '../../src/operators/coils.ts';
import { mask } from '../../src/operators/mask.ts';
import { drain } from '../../src/pipeline/runner.ts';
import l1Wavelet from '../../src/pipeline/steps/method/l1-wavelet.ts';
import sense from '../../src/pipeline/steps/method/sense.ts';
import tv from '../../src/pipeline/steps/method/tv.ts';
import zeroFilled from '../../src/pipeline/steps/method/zero-filled.ts';
import type { MethodContext, MethodStatus, MethodStep } from '../../src/pipeline/step.ts';
import { describePattern } from '../../src/sampling/describe.ts';
import { fft2c } from '../../src/transform/fft.ts';
import { addNoise, COILS, ellipses, ringOfCoils, SIZE } from '../support/ellipses.ts';
import { relativeError } from '../support/random-array.ts';

const truth = ellipses(0);
const pattern = describePattern({
  kind: 'lines', rows: SIZE, columns: SIZE, mask: Uint8Array.from({ length: SIZE }, (_, i) => (i % 3 === 0 || Math.abs(i - 32) < 8 ? 1 : 0)),
});
const measurement: MriMeasurement = {
  kspace: mask(pattern, COILS).apply(addNoise(fft2c(coils(ringOfCoils()).apply(truth)))),
  pattern,
  output: { rows: 60, columns: 56 },
};
const inferred = (): never => {
  throw new Error('a classical method does not infer');
};
const context = (cancelled = false): MethodContext => ({
  signal: { cancelled }, infer: { providers: inferred, run: inferred }, loadModel: inferred, cache: new Map(),
});

async function reconstruct(step: MethodStep, params: Record<string, unknown> = {}): Promise<{ statuses: MethodStatus[]; estimate: MriEstimate }> {
  const complete = step.params.parse(params) as z.infer<typeof step.params>;
  const steps = step.run(measurement, complete, context());
  const statuses: MethodStatus[] = [];
  for (;;) {
    const next = await steps.next();
    if (next.done) return { statuses, estimate: next.value };
    expect(next.value.preview?.().shape).toEqual([60, 56]);
    statuses.push(next.value);
  }
}

/** NRMSE of the magnitude against the truth, cropped as the output. */
function error({ image }: MriEstimate): number {
  const reference: number[] = [];
  for (let r = 2; r < 62; r++) for (let c = 4; c < 60; c++) reference.push(truth.data[2 * (r * SIZE + c)] ?? NaN);
  return relativeError(magnitude(image).data, reference);
}

describe.each([zeroFilled, sense, l1Wavelet, tv])('$name', (step) => {
  it('delivers the cropped image, its provider and what it did', async () => {
    const { statuses, estimate } = await reconstruct(step);
    expect(estimate.image.shape).toEqual([60, 56]);
    expect(estimate.image.dtype).toBe(step === zeroFilled ? 'float32' : 'complex64');
    expect(estimate.provider).toBe('cpu (TypeScript)');
    expect(statuses.map((status) => status.iteration)).toEqual(statuses.map((_, i) => i + 1));
    if (step === zeroFilled) return;
    expect(estimate.notes[0]).toBe('Maps: 32×16 calibration');
    expect(estimate.dataResidual).toBeGreaterThan(0);
    expect(estimate.dataResidual).toBeLessThan(0.1);
  });

  it('gives the same bits again', async () => {
    expect((await reconstruct(step)).estimate.image.data).toEqual((await reconstruct(step)).estimate.image.data);
  });

  it('stops when cancelled', async () => {
    const steps = step.run(measurement, step.params.parse({}), context(true));
    await expect(steps.next()).rejects.toMatchObject({ code: 'job.cancelled' });
  });

  it('forecasts the memory of a slice', () => {
    const about = { coils: 8, rows: 320, columns: 320 };
    expect(step.memory(about)).toBeGreaterThan(2 * 8 * 320 * 320 * 8);
    expect(step.memory({ ...about, coils: 16 })).toBeGreaterThan(1.5 * step.memory(about));
  });
});

it('SENSE, L1-wavelet and TV beat the zero-filled image by far', async () => {
  const [zero, least, sparse, flat] = [await reconstruct(zeroFilled), await reconstruct(sense), await reconstruct(l1Wavelet), await reconstruct(tv)].map(({ estimate }) => error(estimate));
  expect(least).toBeLessThan(0.6 * (zero ?? 0));
  expect(sparse).toBeLessThan(0.6 * (zero ?? 0));
  expect(flat).toBeLessThan(0.6 * (zero ?? 0));
});

it('SENSE takes ESPIRiT maps, and two sets where the object folds onto itself', async () => {
  const whole = (await reconstruct(sense, { maps: 'espirit' })).estimate;
  expect(error(whole)).toBeLessThan(0.6 * error((await reconstruct(zeroFilled)).estimate));
  // Every second row of k-space: half the field of view along rows, into which the object does not fit.
  const rows = SIZE / 2;
  const half = zeros('complex64', [COILS, rows, SIZE]);
  const full = addNoise(fft2c(coils(ringOfCoils()).apply(truth)));
  for (let i = 0; i < COILS * rows; i++) half.data.set(full.data.subarray(4 * i * SIZE, (4 * i + 2) * SIZE), 2 * i * SIZE);
  const lines = describePattern({ kind: 'lines', rows, columns: SIZE, mask: Uint8Array.from({ length: SIZE }, (_, i) => (i % 2 === 0 || Math.abs(i - 32) < 12 ? 1 : 0)) });
  const folded: MriMeasurement = { kspace: mask(lines, COILS).apply(half), pattern: lines, output: { rows, columns: SIZE } };
  const reference = zeroFilledImage(half).data;
  const errors: number[] = [];
  for (const mapSets of [1, 2]) {
    const { image, notes, residual } = await drain(sense.run(folded, sense.params.parse({ maps: 'espirit', mapSets }), context()));
    errors.push(relativeError(magnitude(image).data, reference));
    expect(notes[0]).toMatch(mapSets === 2 ? /ESPIRiT \(2 sets\)/ : /ESPIRiT,/);
    expect(residual?.().shape).toEqual([rows, SIZE]);
  }
  expect(errors[1]).toBeLessThan(0.5 * (errors[0] ?? NaN));
});

it('methods with maps refuse a pattern without a centre', () => {
  const bare = describePattern({ kind: 'lines', rows: SIZE, columns: SIZE, mask: Uint8Array.from({ length: SIZE }, (_, i) => (i % 3 === 0 ? 1 : 0)) });
  for (const step of [sense, l1Wavelet, tv]) expect(step.refuses?.({ pattern: bare, coils: COILS })).toMatch(/fully sampled centre/);
  expect(zeroFilled.refuses).toBeUndefined();
});

it('the scale of the data does not matter to L1-wavelet', async () => {
  const { image } = (await reconstruct(l1Wavelet, { iterations: 10 })).estimate;
  const small = { ...measurement, kspace: { ...measurement.kspace, data: measurement.kspace.data.map((v) => v * 2 ** -20) } };
  const steps = l1Wavelet.run(small, l1Wavelet.params.parse({ iterations: 10 }), context());
  for (;;) {
    const next = await steps.next();
    if (!next.done) continue;
    expect(relativeError((next.value.image.data as Float32Array).map((v) => v * 2 ** 20), image.data as Float32Array)).toBeLessThan(1e-6);
    return;
  }
});

/** The method steps on measurements along a trajectory, as the runner drives them. */
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { magnitude, zeros } from '../../src/array/nd-array.ts';
import { keptReadouts } from '../../src/mri/along-trajectory.ts';
import { type MriEstimate, type MriMeasurement, residualOf } from '../../src/mri/measurement.ts';
import { coils } from '../../src/operators/coils.ts';
import { measure } from '../../src/pipeline/measure.ts';
import l1Wavelet from '../../src/pipeline/steps/method/l1-wavelet.ts';
import sense from '../../src/pipeline/steps/method/sense.ts';
import zeroFilled from '../../src/pipeline/steps/method/zero-filled.ts';
import radial from '../../src/pipeline/steps/pattern/radial.ts';
import spiral from '../../src/pipeline/steps/pattern/spiral.ts';
import type { MethodContext, MethodStep, PatternStep } from '../../src/pipeline/step.ts';
import { describePattern } from '../../src/sampling/describe.ts';
import { fft2c } from '../../src/transform/fft.ts';
import { addNoise, ellipses, ringOfCoils, SIZE } from '../support/ellipses.ts';
import { relativeError } from '../support/random-array.ts';

const truth = ellipses(0.5);
const kspace = addNoise(fft2c(coils(ringOfCoils()).apply(truth)));
const output = { rows: SIZE, columns: SIZE };
const inferred = (): never => {
  throw new Error('a classical method does not infer');
};
const context = (cancelled = false): MethodContext => ({
  signal: { cancelled }, infer: { providers: inferred, run: inferred }, loadModel: inferred, cache: new Map(),
});

async function along(step: PatternStep, params: Record<string, unknown>): Promise<MriMeasurement> {
  const pattern = await step.create({ rows: SIZE, columns: SIZE, output }, step.params.parse(params));
  return measure(kspace, pattern, { output });
}

async function reconstruct(step: MethodStep, measurement: MriMeasurement, params: Record<string, unknown> = {}): Promise<MriEstimate> {
  const steps = step.run(measurement, step.params.parse(params) as z.infer<typeof step.params>, context());
  for (;;) {
    const next = await steps.next();
    if (next.done) return next.value;
    expect(next.value.preview?.().shape).toEqual([measurement.output.rows, measurement.output.columns]);
  }
}

const errorOf = ({ image }: MriEstimate): number => relativeError(magnitude(image).data, magnitude(truth).data);

it('gridding is on the scale of a Cartesian reconstruction', async () => {
  const estimate = await reconstruct(zeroFilled, await along(radial, { acceleration: 1, ordering: 'uniform' }));
  const [found, expected] = [magnitude(estimate.image).data, magnitude(truth).data];
  const inside = [...expected.keys()].filter((i) => (expected[i] ?? 0) > 0.35 && (expected[i] ?? 0) < 0.45);
  const ratio = inside.reduce((sum, i) => sum + (found[i] ?? NaN) / (expected[i] ?? NaN), 0) / inside.length;
  expect(Math.abs(ratio - 1)).toBeLessThan(0.05);
  expect(estimate.notes).toEqual(['Gridding: Pipe–Menon density compensation']);
});

describe.each([
  ['radial', radial, { acceleration: 2, ordering: 'golden' }, 0.17],
  ['spiral', spiral, { acceleration: 2, turns: 1, density: 1.5 }, 0.17],
] as const)('%s, half the readouts', (_name, pattern, params, bound) => {
  it('SENSE and L1-wavelet are nearer to the truth than gridding', async () => {
    const measurement = await along(pattern, params);
    const gridded = errorOf(await reconstruct(zeroFilled, measurement));
    for (const step of [sense, l1Wavelet]) {
      const estimate = await reconstruct(step, measurement);
      expect(estimate.image).toMatchObject({ dtype: 'complex64', shape: [SIZE, SIZE] });
      expect(errorOf(estimate)).toBeLessThan(bound);
      expect(errorOf(estimate)).toBeLessThan(0.75 * gridded);
      expect(estimate.notes[0]).toMatch(/^Maps: \d+×\d+ calibration$/);
    }
  });

  it('the residual has one value a sample, and its energy is the data residual', async () => {
    const measurement = await along(pattern, params);
    const estimate = await reconstruct(sense, measurement);
    const residual = estimate.residual?.();
    expect(residual?.shape).toEqual(measurement.kspace.shape.slice(1));
    expect(Math.hypot(...(residual?.data ?? [])) / Math.hypot(...measurement.kspace.data)).toBeCloseTo(residualOf(estimate) ?? NaN, 5);
    expect(residualOf(estimate)).toBeLessThan(0.2);
  });
});

it('two sets of ESPIRiT maps are summed over', async () => {
  const estimate = await reconstruct(sense, await along(radial, { acceleration: 1.5 }), { maps: 'espirit', mapSets: 2, mapCalibration: 20 });
  expect(estimate.image.shape).toEqual([SIZE, SIZE]);
  expect(estimate.notes[0]).toContain('2 sets');
  expect(estimate.dataResidual).toBeLessThan(0.1);
});

describe('a recording along a trajectory', () => {
  it('is reconstructed from the spokes that are kept, on its matrix, cropped to its output', async () => {
    const { kspace: spokes, trajectory } = await along(radial, { acceleration: 1, ordering: 'golden' });
    if (trajectory === undefined) throw new Error('no trajectory');
    const [, rows, columns] = spokes.shape as [number, number, number];
    const pattern = describePattern({ kind: 'lines', rows, columns, mask: Uint8Array.from({ length: columns }, (_, j) => j % 2) });
    const measurement = measure(spokes, pattern, { output: { rows: 50, columns: 40 }, trajectory });
    expect(measurement.kspace.shape).toEqual([8, rows, columns / 2]);
    expect(measurement.kspace.data).toEqual(keptReadouts(spokes, trajectory, pattern).kspace.data);
    expect(sense.refuses?.({ pattern, coils: 8, nonCartesian: true })).toBeNull();
    expect((await reconstruct(sense, measurement)).image.shape).toEqual([50, 40]);
  });
});

describe('refusals', () => {
  it('too few readouts for coil maps are refused, with the same words before the run and in it', async () => {
    const measurement = await along(radial, { spokes: 3 });
    const reason = sense.refuses?.({ pattern: measurement.pattern, coils: 8, nonCartesian: true });
    expect(reason).toContain('without gaps');
    expect(l1Wavelet.refuses?.({ pattern: measurement.pattern, coils: 8, nonCartesian: true })).toBe(reason);
    await expect(reconstruct(sense, measurement)).rejects.toMatchObject({ code: 'usage.unsupported', message: reason });
    await expect(reconstruct(zeroFilled, measurement)).resolves.toMatchObject({ image: { shape: [SIZE, SIZE] } });
  });

  it('stops when cancelled', async () => {
    const measurement = await along(radial, { acceleration: 2 });
    for (const step of [sense, l1Wavelet]) {
      await expect(step.run(measurement, step.params.parse({}), context(true)).next()).rejects.toMatchObject({ code: 'job.cancelled' });
    }
  });

  it('silent samples give a silent image', async () => {
    const measurement = await along(radial, { acceleration: 2 });
    const silent = { ...measurement, kspace: zeros('complex64', measurement.kspace.shape) };
    for (const step of [zeroFilled, sense, l1Wavelet]) {
      expect((await reconstruct(step, silent)).image.data.every((value) => value === 0)).toBe(true);
    }
  });
});

it('the same measurement gives the same bits again', async () => {
  const measurement = await along(spiral, { acceleration: 2 });
  for (const step of [zeroFilled, sense, l1Wavelet]) {
    expect((await reconstruct(step, measurement)).image.data).toEqual((await reconstruct(step, measurement)).image.data);
  }
});

/** The residual as an image and as a number are one and the same, for every method that states them. */
import { beforeAll, expect, it } from 'vitest';
import { NEVER_CANCELLED } from '../../../../src/algorithms/status.ts';
import type { NdArray } from '../../../../src/array/nd-array.ts';
import type { Series } from '../../../../src/array/recording.ts';
import { type MriMeasurement, residualOf } from '../../../../src/mri/measurement.ts';
import { makePattern } from '../../../../src/pipeline/make-pattern.ts';
import { measure } from '../../../../src/pipeline/measure.ts';
import { checkParams, findStep } from '../../../../src/pipeline/registry.ts';
import { drain } from '../../../../src/pipeline/runner.ts';

let series: Series;
let kspace: NdArray<'complex64'>;
beforeAll(async () => {
  const sample = findStep('sample', 'brain');
  const recording = await sample.run(checkParams(sample, { matrix: 64, coils: 4, slices: 1 }));
  series = recording.series[0] as Series;
  kspace = (await series.read(0)) as NdArray<'complex64'>;
});

async function measured(pattern: string): Promise<MriMeasurement> {
  return measure(kspace, await makePattern({ pattern: { name: pattern, params: {} } }, series), series);
}
const norm = (data: Float32Array): number => Math.sqrt(data.reduce((sum, value) => sum + value * value, 0));

it.each([
  ['sense', 'regular'],
  ['l1-wavelet', 'random'],
  ['tv', 'random'],
  ['homodyne', 'partial-fourier'],
  ['pocs', 'partial-fourier'],
  ['sense', 'radial'],
])('%s after %s', async (method, pattern) => {
  const measurement = await measured(pattern);
  const step = findStep('method', method);
  const refuse = () => Promise.reject(new Error('no inference in this test'));
  const context = { signal: NEVER_CANCELLED, cache: new Map(), infer: { providers: async () => [], run: refuse }, loadModel: refuse };
  const estimate = await drain(step.run(measurement, checkParams(step, {}), context));
  const map = estimate.residual?.();
  const relative = residualOf(estimate);
  if (map === undefined || relative === undefined) throw new Error('no residual');
  expect(map.shape).toEqual(measurement.kspace.shape.slice(1));
  expect(relative).toBeGreaterThan(0);
  expect(relative).toBeLessThan(0.5);
  expect(norm(map.data) / norm(measurement.kspace.data)).toBeCloseTo(relative, 5);
});

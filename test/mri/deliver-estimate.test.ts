import { describe, expect, it } from 'vitest';
import type { AlgorithmStatus } from '../../src/algorithms/status.ts';
import { ndArray, type NdArray } from '../../src/array/nd-array.ts';
import { predictSamples } from '../../src/mri/data-residual.ts';
import { combineSets, deliverEstimate } from '../../src/mri/deliver-estimate.ts';
import type { MriMeasurement } from '../../src/mri/measurement.ts';
import { randomComplex } from '../support/random-array.ts';
import { randomPattern } from '../support/random-pattern.ts';

const pattern = randomPattern('lines', 8, 10);

async function* steps(x: NdArray<'complex64'>): AsyncGenerator<AlgorithmStatus, NdArray<'complex64'>> {
  yield { iteration: 1, iterations: 1, residual: 0.5, x };
  return x;
}

async function deliver(x: NdArray<'complex64'>, maps: NdArray<'complex64'>, kspace: NdArray<'complex64'>, predict?: (x: NdArray<'complex64'>) => NdArray<'complex64'>) {
  const measurement: MriMeasurement = { kspace, pattern, output: { rows: 6, columns: 4 } };
  const run = deliverEstimate(measurement, { maps, note: 'Maps: none' }, steps(x), ['Scale 1'], predict);
  for (;;) {
    const { value, done } = await run.next();
    if (done) return value;
    expect(value.preview().shape).toEqual([6, 4]);
  }
}

describe('deliverEstimate', () => {
  it.each([
    ['one set', [3, 8, 10], [8, 10]],
    ['two sets', [2, 3, 8, 10], [2, 8, 10]],
  ])('states how far the image is from the samples, %s', async (_name, mapShape, shape) => {
    const [maps, x] = [randomComplex(mapShape, 1), randomComplex(shape, 2)];
    const y = predictSamples(x, maps, pattern);
    const exact = await deliver(x, maps, y);
    expect(exact.dataResidual).toBe(0);
    expect(exact.image.shape).toEqual([6, 4]);
    expect(exact.notes).toEqual(['Maps: none', 'Scale 1']);
    const off = ndArray('complex64', y.shape, y.data.slice());
    const line = pattern.mask.indexOf(1);
    const at = 2 * ((8 + 3) * 10 + line);
    off.data[at] = (off.data[at] ?? NaN) + 2;
    const { residual, dataResidual } = await deliver(x, maps, off);
    const map = residual?.();
    expect(map?.shape).toEqual([8, 10]);
    map?.data.forEach((value, i) => {
      expect(value).toBeCloseTo(i === 3 * 10 + line ? 2 : 0, 5);
    });
    expect(dataResidual).toBeCloseTo(2 / Math.hypot(...off.data), 5);
  });

  it('takes another model of the samples', async () => {
    const [maps, x] = [randomComplex([3, 8, 10], 1), randomComplex([8, 10], 2)];
    const y = randomComplex([3, 5, 7], 3);
    const { dataResidual, residual } = await deliver(x, maps, y, () => ndArray('complex64', y.shape, y.data.slice()));
    expect(dataResidual).toBe(0);
    expect(residual?.().shape).toEqual([5, 7]);
  });
});

describe('combineSets', () => {
  it('is the root-sum-of-squares with the phase of the first set', () => {
    const x = ndArray('complex64', [2, 1, 3], Float32Array.from([0, 3, 0, 0, -1, 0, 4, 0, 0, 2, 0, 0]));
    expect(combineSets(x)).toEqual(ndArray('complex64', [1, 3], Float32Array.from([0, 5, 2, 0, -1, 0])));
    const one = randomComplex([4, 4]);
    expect(combineSets(one)).toBe(one);
  });
});

/** What methods along a trajectory keep between runs: found by content, shared, dropped when it is too much. */
import { describe, expect, it } from 'vitest';
import { ndArray } from '../../src/array/nd-array.ts';
import { beginningOf } from '../../src/mri/noncartesian-beginning.ts';
import { gridded } from '../../src/mri/noncartesian-gridding.ts';
import { describePattern } from '../../src/sampling/describe.ts';
import { radialTrajectory } from '../../src/sampling/radial.ts';
import { toeplitzSpectrum } from '../../src/transform/nufft/toeplitz.ts';
import { randomComplex } from '../support/random-array.ts';

const N = 48;
const spokes = 120;
const trajectory = radialTrajectory({ rows: N, columns: N }, { spokes, ordering: 'golden', tinyNumber: 1, oversampling: 1, offset: 0, frame: 0 });
const pattern = describePattern({ kind: 'lines', rows: N, columns: spokes, mask: new Uint8Array(spokes).fill(1) });
const measurement = (coils: number, seed: number) => ({ kspace: randomComplex([coils, N, spokes], seed), pattern, output: { rows: N, columns: N } });
const kept = (cache: Map<string, unknown>): number => [...cache.keys()].filter((key) => key.startsWith('beginning:')).length;

describe('beginningOf', () => {
  it('is the gridded images and the spectrum of the density-compensated samples', () => {
    const { kspace, ...rest } = measurement(2, 1);
    const { weights, images, spectrum } = beginningOf({ kspace, ...rest }, trajectory, new Map());
    expect(images.data).toEqual(gridded(kspace, trajectory, weights).data);
    expect(spectrum.values).toEqual(toeplitzSpectrum(trajectory, weights).values);
  });

  it('comes back for the same samples in another array, and is made anew for a sample that differs', () => {
    const cache = new Map<string, unknown>();
    const one = measurement(2, 1);
    const first = beginningOf(one, trajectory, cache);
    const copy = { ...one, kspace: ndArray('complex64', one.kspace.shape, one.kspace.data.slice()) };
    expect(beginningOf(copy, trajectory, cache)).toBe(first);
    copy.kspace.data[copy.kspace.data.length - 1] = 7;
    const second = beginningOf(copy, trajectory, cache);
    expect(second).not.toBe(first);
    expect(second.images.data).not.toEqual(first.images.data);
    expect(kept(cache)).toBe(2);
  });

  it('follows the size of the output, which decides where maps come from', () => {
    const cache = new Map<string, unknown>();
    const one = measurement(1, 1);
    const whole = beginningOf(one, trajectory, cache);
    const half = beginningOf({ ...one, output: { rows: N / 2, columns: N / 2 } }, trajectory, cache);
    expect(half.calibration.pattern.centre).not.toEqual(whole.calibration.pattern.centre);
  });

  it('drops the ones unused for longest beyond 128 MiB, and keeps the newest', () => {
    const cache = new Map<string, unknown>();
    const coils = 600;
    const each = 2 * coils * N * N * 8 + (2 * N) ** 2 * 4;
    for (let seed = 1; seed <= 8; seed++) beginningOf(measurement(coils, seed), trajectory, cache);
    expect(kept(cache)).toBe(Math.floor((128 * 2 ** 20) / each));
  });
});

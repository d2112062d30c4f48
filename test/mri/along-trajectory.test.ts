import { describe, expect, it } from 'vitest';
import { ndArray } from '../../src/array/nd-array.ts';
import { alongTrajectory, keptReadouts } from '../../src/mri/along-trajectory.ts';
import { describePattern } from '../../src/sampling/describe.ts';
import { trajectoryPattern } from '../../src/sampling/trajectory-pattern.ts';
import { fft2c } from '../../src/transform/fft.ts';
import { directNufft } from '../support/direct-nufft.ts';
import { randomTrajectory } from '../support/nufft-inputs.ts';
import { randomComplex, relativeError } from '../support/random-array.ts';

describe('Cartesian k-space measured anew', () => {
  const trajectory = randomTrajectory(10, 12, 9, 5);
  const pattern = trajectoryPattern(trajectory, 4, 16);

  it('is the direct sum over the coil images, cropped to the output', () => {
    const images = randomComplex([3, 20, 16], 1);
    const cropped = ndArray('complex64', [3, 10, 12], new Float32Array(3 * 10 * 12 * 2));
    for (let c = 0; c < 3; c++) {
      for (let r = 0; r < 10; r++) {
        const from = 2 * ((c * 20 + r + 5) * 16 + 2);
        cropped.data.set(images.data.subarray(from, from + 24), 24 * (c * 10 + r));
      }
    }
    const measured = alongTrajectory(fft2c(images), pattern, { rows: 10, columns: 12 });
    expect(measured.trajectory).toBe(trajectory);
    expect(measured.kspace.shape).toEqual([3, 9, 5]);
    expect(relativeError(measured.kspace.data, directNufft(trajectory, 3).apply(cropped).data)).toBeLessThan(2e-5);
  });

  it('needs the matrix of the trajectory, and k-space that covers it', () => {
    const kspace = randomComplex([1, 20, 16]);
    expect(() => alongTrajectory(kspace, pattern, { rows: 10, columns: 10 })).toThrow(expect.objectContaining({ code: 'input.mismatch' }));
    expect(() => alongTrajectory(randomComplex([1, 8, 16]), pattern, { rows: 10, columns: 12 })).toThrow(
      expect.objectContaining({ code: 'usage.unsupported', message: expect.stringContaining('this recording has 8×16') }),
    );
  });
});

describe('readouts that are kept', () => {
  const trajectory = randomTrajectory(8, 8, 3, 4);
  const kspace = randomComplex([2, 3, 4], 1);

  it('come with their part of the trajectory', () => {
    const pattern = describePattern({ kind: 'lines', rows: 3, columns: 4, mask: Uint8Array.of(0, 1, 0, 1) });
    const kept = keptReadouts(kspace, trajectory, pattern);
    expect(kept.kspace.shape).toEqual([2, 3, 2]);
    expect(kept.trajectory.points.shape).toEqual([3, 2, 2]);
    for (let line = 0; line < 6; line++) {
      for (const [i, column] of [1, 3].entries()) {
        expect(kept.kspace.data.slice(4 * line + 2 * i, 4 * line + 2 * i + 2)).toEqual(kspace.data.slice(8 * line + 2 * column, 8 * line + 2 * column + 2));
      }
    }
    expect(kept.trajectory.points.data.slice(2, 4)).toEqual(trajectory.points.data.slice(6, 8));
  });

  it('all of them are handed on as they are', () => {
    const pattern = describePattern({ kind: 'lines', rows: 3, columns: 4, mask: new Uint8Array(4).fill(1) });
    expect(keptReadouts(kspace, trajectory, pattern)).toEqual({ kspace, trajectory });
  });
});

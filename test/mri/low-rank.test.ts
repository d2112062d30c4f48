/** Singular value thresholding against matrices whose singular values are known. */
import { describe, expect, it } from 'vitest';
import { subArray, zeros, type NdArray } from '../../src/array/nd-array.ts';
import { shrinkSingularValues } from '../../src/mri/low-rank.ts';
import { timeAverage } from '../../src/mri/time-average.ts';
import { describePattern } from '../../src/sampling/describe.ts';
import { kernels } from '../../src/transform/kernels.ts';
import { RowBlocks } from '../../src/transform/row-blocks.ts';
import { SeriesBlocks } from '../../src/transform/series.ts';
import { randomComplex, relativeError } from '../support/random-array.ts';

/** X = Σ_j σ_j u_j v_jᴴ with orthonormal u (complex exponentials over pixels) and v (over frames). */
function known(singular: readonly number[], frames: number, pixels: number) {
  const x = zeros('complex64', [frames, pixels]);
  for (const [j, sigma] of singular.entries()) {
    for (let t = 0; t < frames; t++) {
      for (let p = 0; p < pixels; p++) {
        const angle = 2 * Math.PI * ((3 * j * p) / pixels - (j * t) / frames);
        const at = 2 * (t * pixels + p);
        x.data[at] = (x.data[at] ?? NaN) + (sigma * Math.cos(angle)) / Math.sqrt(frames * pixels);
        x.data[at + 1] = (x.data[at + 1] ?? NaN) + (sigma * Math.sin(angle)) / Math.sqrt(frames * pixels);
      }
    }
  }
  return x;
}

/** The series X in kernel memory with its singular values shrunk, S being 0. */
function shrunk(x: NdArray<'complex64'>, thresholdOf: (largest: number) => number) {
  const [frames, pixels] = x.shape as [number, number];
  const space = new RowBlocks(kernels(), 1, pixels);
  const series = new SeriesBlocks(space, frames);
  for (let t = 0; t < frames; t++) space.set(series.frame(t), subArray(x, t).data);
  const { projector, rank, threshold } = shrinkSingularValues(series.gram(), frames, thresholdOf);
  series.shrink(projector, Infinity);
  const out = zeros('complex64', x.shape);
  for (let t = 0; t < frames; t++) out.data.set(series.toArray(t).data, 2 * t * pixels);
  series.dispose();
  space.dispose();
  return { x: out, rank, threshold };
}

describe('shrinkSingularValues', () => {
  it('subtracts the threshold from every singular value and counts what is left', () => {
    const x = known([9, 5, 2, 0.5], 6, 600);
    let largest = 0;
    const { x: result, rank, threshold } = shrunk(x, (value) => {
      largest = value;
      return 1.5;
    });
    expect(largest).toBeCloseTo(9, 4);
    expect(rank).toBe(3);
    expect(threshold).toBe(1.5);
    expect(relativeError(result.data, known([7.5, 3.5, 0.5], 6, 600).data)).toBeLessThan(1e-5);
  });

  it('with threshold 0 changes nothing, also of full rank', () => {
    const x = randomComplex([5, 700], 2);
    const { x: result, rank } = shrunk(x, () => 0);
    expect(rank).toBe(5);
    expect(relativeError(result.data, x.data)).toBeLessThan(1e-6);
  });
});

it('timeAverage: the mean of the frames that have a sample', () => {
  const pattern = (mask: number[]) => describePattern({ kind: 'lines', rows: 1, columns: 3, mask: Uint8Array.from(mask) });
  const frame = (values: number[], mask: number[]) => ({ kspace: { ...zeros('complex64', [1, 1, 3]), data: Float32Array.from(values) }, pattern: pattern(mask) });
  const { kspace, pattern: kept } = timeAverage([frame([2, 4, 0, 0, 0, 0], [1, 0, 0]), frame([4, 0, 6, 1, 0, 0], [1, 1, 0])]);
  expect([...kspace.data]).toEqual([3, 2, 6, 1, 0, 0]);
  expect([...kept.mask]).toEqual([1, 1, 0]);
});

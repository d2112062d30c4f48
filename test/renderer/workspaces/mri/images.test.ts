import { describe, expect, it } from 'vitest';
import { zeros } from '../../../../src/array/nd-array.ts';
import { presetWindow } from '../../../../renderer/workspaces/mri/preset-window.ts';
import { signedError, anatomyWindow } from '../../../../renderer/workspaces/mri/images.ts';
import { ndArray } from '../../../../src/array/nd-array.ts';

describe('presetWindow', () => {
  const now = { centre: 3, width: 2 };
  it('follows the range of the reference', () => {
    expect(presetWindow(2, 8, now)).toEqual({ centre: 4, width: 8 });
    expect(presetWindow(6, 8, now)).toEqual({ centre: 6, width: 4 });
  });
  it('narrows and widens by a fifth, back and forth', () => {
    expect(presetWindow(9, 8, presetWindow(8, 8, now)).width).toBeCloseTo(2, 12);
  });
});

describe('signedError', () => {
  it('subtracts magnitudes, whatever the phase', () => {
    const estimate = ndArray('complex64', [1, 2], Float32Array.of(3, 4, 0, -1));
    const reference = ndArray('float32', [1, 2], Float32Array.of(4, 2));
    expect(Array.from(signedError(estimate, reference)?.data ?? [])).toEqual([1, -1]);
  });
  it('is nothing for images of different size', () => {
    expect(signedError(zeros('float32', [2, 2]), zeros('float32', [2, 3]))).toBeNull();
  });
});

describe('anatomyWindow', () => {
  it('starts at zero and leaves single bright pixels out', () => {
    const values = Float32Array.from({ length: 10_000 }, (_, i) => (i === 0 ? 100 : (i % 100) / 100));
    const window = anatomyWindow(ndArray('float32', [100, 100], values));
    expect(window.centre - window.width / 2).toBeCloseTo(0, 6);
    expect(window.centre + window.width / 2).toBeLessThan(1.2);
  });
});

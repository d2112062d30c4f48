/** Patterns that are known in closed form: regular lines, sheared lattices, partial Fourier, elliptical Poisson-disc. */
import { describe, expect, it } from 'vitest';
import { caipiPoints } from '../../src/sampling/caipi.ts';
import { frameSeed } from '../../src/sampling/params.ts';
import { partialFourierLines } from '../../src/sampling/partial-fourier.ts';
import { poissonDiscPoints } from '../../src/sampling/poisson-disc.ts';
import { regularLines } from '../../src/sampling/regular.ts';

const kept = (mask: Uint8Array): number[] => [...mask.keys()].filter((i) => mask[i] === 1);

describe('regularLines', () => {
  it('keeps every third line from the offset on, and the centre', () => {
    expect(kept(regularLines(12, { spacing: 3, calibration: 0, offset: 1 }))).toEqual([1, 4, 7, 10]);
    expect(kept(regularLines(12, { spacing: 3, calibration: 4, offset: 3 }))).toEqual([0, 3, 4, 5, 6, 7, 9]);
    expect(kept(regularLines(4, { spacing: 4, calibration: 4, offset: 0 }))).toEqual([0, 1, 2, 3]);
    expect(() => regularLines(8, { spacing: 2, calibration: 9, offset: 0 })).toThrow(/does not fit/);
  });
});

describe('caipiPoints', () => {
  const plain = { rowSpacing: 2, columnSpacing: 2, shift: 1, calibrationRows: 0, calibrationColumns: 0 };

  it('is the 2×2 lattice with every other column moved by one row', () => {
    const mask = caipiPoints(4, 4, plain);
    expect([0, 1, 2, 3].map((row) => [...mask.subarray(4 * row, 4 * row + 4)].join(''))).toEqual(['0010', '1000', '0010', '1000']);
  });

  it('keeps one of Ry·Rz points for every shift, the centre among them', () => {
    for (const shift of [0, 1, 2]) {
      const mask = caipiPoints(24, 24, { ...plain, rowSpacing: 3, columnSpacing: 2, shift });
      expect(kept(mask).length).toBe((24 * 24) / 6);
      expect(mask[12 * 24 + 12]).toBe(1);
    }
  });

  it('adds the calibration block', () => {
    const mask = caipiPoints(16, 16, { ...plain, calibrationRows: 4, calibrationColumns: 6 });
    for (let row = 6; row < 10; row++) for (let column = 5; column < 11; column++) expect(mask[row * 16 + column]).toBe(1);
    expect(() => caipiPoints(8, 8, { ...plain, calibrationRows: 9, calibrationColumns: 2 })).toThrow(/does not fit/);
  });
});

describe('partialFourierLines', () => {
  const half = { fraction: 0.625, omit: 'start', spacing: 1, calibration: 0 } as const;

  it('keeps 5/8 from one end, and never less than the centre', () => {
    expect(kept(partialFourierLines(16, half))).toEqual([6, 7, 8, 9, 10, 11, 12, 13, 14, 15]);
    expect(kept(partialFourierLines(16, { ...half, omit: 'end' }))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(partialFourierLines(16, { ...half, fraction: 0.5, omit: 'end' })[8]).toBe(1);
    expect(kept(partialFourierLines(16, { ...half, fraction: 1 })).length).toBe(16);
  });

  it('can be thinned outside the centre', () => {
    expect(kept(partialFourierLines(16, { ...half, spacing: 2, calibration: 4 }))).toEqual([6, 7, 8, 9, 10, 12, 14]);
  });
});

describe('poissonDiscPoints', () => {
  it('elliptical: nothing in the corners, and still as many points', () => {
    const params = { acceleration: 6, centreFraction: 0.05, seed: 2 };
    const [round, square] = [poissonDiscPoints(96, 64, { ...params, elliptical: true }), poissonDiscPoints(96, 64, params)];
    expect(kept(round).length).toBe(kept(square).length);
    for (const point of kept(round)) expect(Math.hypot((Math.floor(point / 64) - 48) / 48, ((point % 64) - 32) / 32)).toBeLessThanOrEqual(1);
    expect(kept(square).some((point) => Math.hypot((Math.floor(point / 64) - 48) / 48, ((point % 64) - 32) / 32) > 1)).toBe(true);
  });

  it('takes the size of the centre in each direction', () => {
    const mask = poissonDiscPoints(64, 64, { acceleration: 8, centreFraction: 0.1, calibrationRows: 20, calibrationColumns: 8, seed: 1 });
    for (let row = 22; row < 42; row++) for (let column = 28; column < 36; column++) expect(mask[row * 64 + column]).toBe(1);
  });
});

it('frames draw anew unless told not to', () => {
  expect(frameSeed({ seed: 7, vary: true })).toBe(7);
  expect(frameSeed({ seed: 7, vary: true }, 3)).toBe(10);
  expect(frameSeed({ seed: 7, vary: false }, 3)).toBe(7);
  expect(frameSeed({ seed: 4294967295, vary: true }, 1)).toBe(0);
});

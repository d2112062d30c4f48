import { describe, expect, it } from 'vitest';
import { trajectoryPath } from '../../../../renderer/viewers/mask/trajectory-path.ts';
import { ndArray } from '../../../../src/array/nd-array.ts';

// Two spokes of two samples on a 4 × 6 grid: one along the rows, one along the columns.
const points = ndArray('float32', [2, 2, 2], Float32Array.of(-2, 0, 0, -3, 1, 0, 0, 2));
const matrix = { rows: 4, columns: 6 };

describe('trajectoryPath', () => {
  it('draws a line a readout, through the middle of the centre pixel', () => {
    expect(trajectoryPath({ points, matrix }, matrix)).toBe('M3.50 0.50L3.50 3.50M0.50 2.50L5.50 2.50');
  });
  it('fits a k-space with more samples over the same extent', () => {
    expect(trajectoryPath({ points, matrix }, { rows: 8, columns: 6 })).toBe('M3.50 0.50L3.50 6.50M0.50 4.50L5.50 4.50');
  });
  it('leaves out readouts that were not measured', () => {
    expect(trajectoryPath({ points, matrix }, matrix, Uint8Array.of(0, 1))).toBe('M0.50 2.50L5.50 2.50');
    expect(trajectoryPath({ points, matrix }, matrix, Uint8Array.of(0, 1, 1))).toContain('M3.50');
  });
});

import { expect, it } from 'vitest';
import { denseRadius } from '../../src/sampling/dense-centre.ts';
import { trajectoryOf } from '../support/nufft-inputs.ts';

const grid = (missing: (row: number, column: number) => boolean) =>
  trajectoryOf([21, 21], 40, 40, (m) => {
    const [row, column] = [Math.floor(m / 21) - 10, (m % 21) - 10];
    return missing(row, column) ? [15, 15] : [row + 0.3, column - 0.4];
  });

it('reaches to the nearest cell without a sample', () => {
  expect(denseRadius(grid(() => false))).toBe(10);
  expect(denseRadius(grid((row, column) => row === 0 && column === 6))).toBe(5);
  expect(denseRadius(grid((row, column) => row === 3 && column === -4))).toBe(4);
  expect(denseRadius(grid((row, column) => row === 4 && column === 5))).toBe(6);
});

it('is at most what is asked for, and −1 where the centre itself is missing', () => {
  expect(denseRadius(grid(() => false), 4)).toBe(4);
  expect(denseRadius(grid((row, column) => row === 0 && column === 0))).toBe(-1);
});

import { expect, it } from 'vitest';
import { describeCrosshair } from '../../../../renderer/viewers/volume/crosshair-text.ts';

it('names the sides of the patient', () => {
  expect(describeCrosshair({ place: [12, 3.46, -40], voxel: [0, 0, 0], value: 0.5 }, true)).toMatch(/^R 12\.0 {2}A 3\.5 {2}I 40\.0 mm {3}0\.5/);
  expect(describeCrosshair({ place: [-1, -2, 3], voxel: [0, 0, 0], value: 1 }, true)).toMatch(/^L 1\.0 {2}P 2\.0 {2}S 3\.0/);
});

it('counts voxels where the file does not say how it lies', () => {
  expect(describeCrosshair({ place: [1, 2, 3], voxel: [11, 6, 2], value: 2 }, false)).toMatch(/^column 12 {2}row 7 {2}slice 3 {3}2/);
});

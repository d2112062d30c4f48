import { expect, it } from 'vitest';
import { describeCrosshair } from '../../../../renderer/viewers/volume/crosshair-text.ts';

it('names the sides of the patient', () => {
  expect(describeCrosshair({ place: [12, 3.46, -40], voxel: [0, 0, 0], value: 0.5 })).toMatch(/^R 12\.0 {2}A 3\.5 {2}I 40\.0 mm {3}0\.5/);
  expect(describeCrosshair({ place: [-1, -2, 3], voxel: [0, 0, 0], value: 1 })).toMatch(/^L 1\.0 {2}P 2\.0 {2}S 3\.0/);
});

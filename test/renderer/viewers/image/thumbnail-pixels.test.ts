import { expect, it } from 'vitest';
import { ndArray } from '../../../../src/array/nd-array.ts';
import { thumbnailPixels } from '../../../../renderer/viewers/image/thumbnail-pixels.ts';

const window = { kind: 'window', window: { centre: 0.5, width: 1 } } as const;

it('averages the pixels under each thumbnail pixel', () => {
  const image = ndArray('float32', [4, 4], Float32Array.from({ length: 16 }, (_, i) => (i % 2 === 0 ? 0 : 1)));
  const pixels = thumbnailPixels(image, 2, window);
  expect([...pixels]).toEqual([128, 128, 128, 255, 128, 128, 128, 255, 128, 128, 128, 255, 128, 128, 128, 255]);
});

it('keeps the shape of an oblong image, on black', () => {
  const image = ndArray('float32', [2, 8], new Float32Array(16).fill(1));
  const pixels = thumbnailPixels(image, 8, window);
  const red = (x: number, y: number): number | undefined => pixels[4 * (8 * y + x)];
  expect([0, 1, 2, 3, 4, 5, 6, 7].map((y) => red(4, y))).toEqual([0, 0, 0, 255, 255, 0, 0, 0]);
});

it('shows the magnitude of complex values', () => {
  const image = ndArray('complex64', [1, 1], Float32Array.from([0.6, -0.8]));
  expect(thumbnailPixels(image, 1, window)[0]).toBe(255);
});

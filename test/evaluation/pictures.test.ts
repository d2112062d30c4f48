import { expect, it } from 'vitest';
import { ndArray } from '../../src/array/nd-array.ts';
import { failurePicture } from './pictures.ts';

/** Noise, which no compression makes smaller, in [1, rows, columns]. */
const noise = (rows: number, columns: number, seed: number) =>
  ndArray('float32', [1, rows, columns], Float32Array.from({ length: rows * columns }, (_, i) => (Math.sin(seed + i * 12.9898) * 43758.5453) % 1 + 1));

it('draws three parts of at most 128 pixels a side, below 60 kB whatever the image', () => {
  for (const [rows, columns] of [[320, 300], [100, 90]] as const) {
    const png = failurePicture(noise(rows, columns, 1), noise(rows, columns, 2), 'test');
    const view = new DataView(png.buffer, png.byteOffset);
    expect([view.getUint32(16), view.getUint32(20)]).toEqual([3 * Math.min(128, columns) + 4, Math.min(128, rows)]);
    expect(png.byteLength).toBeLessThan(60_000);
  }
});

it('looks where the error is', () => {
  const reference = ndArray('float32', [1, 300, 300], new Float32Array(90_000).fill(1));
  const estimate = ndArray('float32', [1, 300, 300], new Float32Array(90_000).fill(1));
  const plain = failurePicture(reference, estimate, 'test');
  estimate.data[290 * 300 + 290] = 0;
  expect(failurePicture(reference, estimate, 'test')).not.toEqual(plain);
});

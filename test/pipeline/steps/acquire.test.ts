import { expect, it } from 'vitest';
import { ndArray } from '../../../src/array/nd-array.ts';
import type { Series } from '../../../src/array/recording.ts';
import { checkParams, findStep } from '../../../src/pipeline/registry.ts';

it('multicoil: makes k-space of the asked number of coils from an image', async () => {
  const image: Series = {
    id: 'image',
    title: 'Photo',
    domain: 'image',
    dtype: 'float32',
    axes: [
      { name: 'row', length: 9 },
      { name: 'column', length: 12 },
    ],
    slices: 1,
    coils: 1,
    rows: 9,
    columns: 12,
    output: { rows: 9, columns: 12 },
    attributes: [],
    read: () => Promise.resolve(ndArray('float32', [9, 12], new Float32Array(108).fill(5))),
  };
  const step = findStep('acquire', 'multicoil');
  const series = await step.run(image, checkParams(step, { coils: 3, snr: 100 }));
  expect(series).toMatchObject({ domain: 'kspace', coils: 3, title: 'Photo (simulated 3-coil acquisition)' });
  const kspace = await series.read(0);
  expect(kspace).toMatchObject({ dtype: 'complex64', shape: [3, 9, 12] });
  expect((await step.run(image, checkParams(step, {}))).coils).toBe(8);
});

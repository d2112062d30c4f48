import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RecordingSummary, SeriesSummary } from '../../src/host/contract.ts';
import { magnitude, ndArray } from '../../src/array/nd-array.ts';
import { encodeNpy } from '../../src/array/npy.ts';
import { openBytes } from '../../src/formats/registry.ts';
import { only, request, TestHost } from './support.ts';

let host: TestHost;
let recording: RecordingSummary;
beforeAll(async () => {
  host = await TestHost.start();
  recording = await host.small();
});
afterAll(() => host.stop());

async function niftiAt(path: string) {
  const response = await host.fetch(path);
  expect(response.status).toBe(200);
  const opened = await openBytes('volume.nii', new Uint8Array(await response.arrayBuffer()));
  const series = opened.series[0];
  if (series === undefined) throw new Error('no series');
  return series;
}

it('gives a series as NIfTI with the pixels that single slices have', async () => {
  const { id, slices } = recording.series[0] as SeriesSummary;
  const series = await niftiAt(`/api/recordings/${recording.id}/volume?series=${id}`);
  expect(series.slices).toBe(slices);
  const found = magnitude(await series.read(1)).data.toSorted();
  const expected = magnitude((await host.array(`/api/recordings/${recording.id}/image?series=${id}&slice=1`)) as never).data.toSorted();
  expect(found).toEqual(expected);
});

it('gives a result as NIfTI', async () => {
  const [done] = only(await host.all(request(recording, { purpose: 'run', slices: [0, 2] })), 'done');
  const series = await niftiAt(`/api/results/${done?.result?.id}/volume`);
  expect(series).toMatchObject({ slices: 2, rows: 64, columns: 64, dtype: 'float32' });
  expect(Math.max(...magnitude(await series.read(0)).data)).toBeGreaterThan(0);
});

it('names what there is not', async () => {
  expect((await host.fetch(`/api/recordings/${recording.id}/volume?series=none`)).status).toBe(404);
  expect((await host.fetch('/api/results/none/volume')).status).toBe(404);
});

it('gathers the slices of each volume, whichever axis is stored first', async () => {
  const numbers = ndArray('float32', [3, 2, 4, 5], Float32Array.from({ length: 120 }, (_, i) => Math.floor(i / 20)));
  const bytes = encodeNpy(numbers) as Uint8Array<ArrayBuffer>;
  const bare = await host.json<RecordingSummary>('/api/recordings?name=four.npy', { method: 'POST', body: bytes });
  const id = bare.series[0]?.id ?? '';
  const told = await host.json<RecordingSummary>(`/api/recordings/${bare.id}/reading`, {
    method: 'PUT', body: JSON.stringify({ axes: { [id]: ['slice', 'echo', 'row', 'column'] }, domains: { [id]: 'image' } }),
  });
  const nifti = await niftiAt(`/api/recordings/${told.id}/volume?series=${id}`);
  expect(nifti.axes.map(({ length }) => length)).toEqual([2, 3, 4, 5]);
  const firsts = [];
  for (let slice = 0; slice < 6; slice++) firsts.push(magnitude(await nifti.read(slice)).data[0]);
  expect(firsts).toEqual([0, 2, 4, 1, 3, 5]);
});

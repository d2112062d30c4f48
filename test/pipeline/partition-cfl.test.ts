/** BART's PHS2: three-dimensional k-space opens with a partition axis, which the pipeline turns into slices. */
import { expect, it } from 'vitest';
import { ndArray, type NdArray } from '../../src/array/nd-array.ts';
import type { Series } from '../../src/array/recording.ts';
import { memorySource } from '../../src/formats/byte-source.ts';
import { openSources } from '../../src/formats/registry.ts';
import { asKspace } from '../../src/pipeline/kspace-source.ts';

it('a point at the middle of a volume is in its middle slice', async () => {
  const [rows, columns, partitions, coils] = [12, 10, 6, 2] as const;
  // The transform of a point at the centre is constant: every sample 1.
  const constant = ndArray('complex64', [coils * partitions * columns * rows], Float32Array.from({ length: 2 * coils * partitions * columns * rows }, (_, i) => 1 - (i % 2)));
  const header = new TextEncoder().encode(`# Dimensions\n${rows} ${columns} ${partitions} ${coils}\n`);
  const sources = [memorySource('v.hdr', header), memorySource('v.cfl', new Uint8Array(constant.data.buffer))];
  const recording = await openSources(sources, 'v.hdr', { domains: { array: 'kspace' } });
  const stored = recording.series[0] as Series;
  expect(stored.axes.map(({ name, length }) => `${name} ${length}`)).toEqual(['partition 6', 'coil 2', 'row 12', 'column 10']);
  const series = await asKspace(stored, undefined);
  expect(series).toMatchObject({ slices: 6, coils: 2, rows: 12, columns: 10 });
  const energy: number[] = [];
  for (let slice = 0; slice < 6; slice++) energy.push(((await series.read(slice)) as NdArray<'complex64'>).data.reduce((sum, v) => sum + v * v, 0));
  expect(energy.map((e) => Math.round(e / (energy[3] as number) * 1e6))).toEqual([0, 0, 0, 1e6, 0, 0]);
  await recording.close();
});

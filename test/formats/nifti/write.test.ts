import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { Series } from '../../../src/array/recording.ts';
import { memorySource } from '../../../src/formats/byte-source.ts';
import { parseHeader } from '../../../src/formats/nifti/header.ts';
import { niftiReader } from '../../../src/formats/nifti/read.ts';
import { quaternion } from '../../../src/formats/nifti/write.ts';
import nifti from '../../../src/pipeline/steps/export/nifti.ts';
import niftiPlain from '../../../src/pipeline/steps/export/nifti-plain.ts';
import type { ExportInput, ExportStep } from '../../../src/pipeline/step.ts';
import { expectClose } from '../../support/close-to.ts';
import { asymmetricVolume, complexVolume, exportInput, obliqueGeometry, placeOf, SHAPE } from '../../support/export-input.ts';

async function write(input: ExportInput, step = niftiPlain): Promise<Uint8Array> {
  const [file] = await (step as ExportStep).run(input, {});
  expect(file?.suffix).toBe('');
  return file?.bytes as Uint8Array;
}
async function read(bytes: Uint8Array): Promise<Series> {
  const { series } = await niftiReader.open([memorySource('a.nii', bytes)], { id: 'ab', name: 'a.nii', bytes: bytes.length });
  return series[0] as Series;
}

test('every voxel reads back bit for bit in its place', async () => {
  const volume = asymmetricVolume(Math.PI);
  const back = await read(await write(exportInput({ geometry: obliqueGeometry() }, volume)));
  const places = new Map<number, number[]>();
  const geometry = obliqueGeometry();
  const [slices, rows, columns] = SHAPE;
  for (const [i, v] of volume.data.entries())
    places.set(v, placeOf(geometry, Math.floor(i / (rows * columns)), Math.floor(i / columns) % rows, i % columns));
  expect(places.size).toBe(volume.data.length);
  expect([back.slices, back.rows, back.columns]).toEqual([slices, rows, columns]);
  for (let s = 0; s < slices; s++) {
    const { data } = await back.read(s);
    for (const [i, v] of data.entries()) {
      const there = placeOf(back.geometry as NonNullable<Series['geometry']>, s, Math.floor(i / columns), i % columns);
      expectClose(there, places.get(v), 4);
    }
  }
});

test('packed holds the plain bytes, and the same bytes each time, without a time in them', async () => {
  const [packed, again] = [await write(exportInput(), nifti), await write(exportInput(), nifti)];
  expect(again).toEqual(packed);
  expect(Array.from(packed.subarray(4, 10))).toEqual([0, 0, 0, 0, expect.any(Number), 255]);
  expect(new Uint8Array(gunzipSync(packed))).toEqual(await write(exportInput()));
});

test('complex64, several volumes, receipt and description inside', async () => {
  const complex = complexVolume();
  const bytes = await write(exportInput({}, complex));
  const header = parseHeader(bytes);
  expect([header.datatype.name, header.single, header.affine]).toEqual(['complex64', true, undefined]);
  expect(Array.from((await (await read(bytes)).read(3)).data)).toEqual(Array.from(complex.data.subarray(3 * 2 * 108, 4 * 2 * 108)));
  expect(header.description).toBe(exportInput().derivation.slice(0, 79));
  const extension = new DataView(bytes.buffer, 352, 8);
  expect([bytes[348], extension.getInt32(0, true) % 16, extension.getInt32(4, true)]).toEqual([1, 0, 6]);
  expect(JSON.parse(Buffer.from(bytes.subarray(360, header.voxelOffset)).toString().replace(/\0+$/, ''))).toMatchObject({
    lacunaReceipt: 1,
  });

  const twice = { ...asymmetricVolume(), shape: [4, 15, 9] };
  const volumes = parseHeader(await write(exportInput({ geometry: obliqueGeometry(2) }, twice)));
  expect(volumes.size).toEqual([9, 15, 2, 2]);
});

test('qform and sform agree', async () => {
  const bytes = await write(exportInput());
  const withoutSform = bytes.slice();
  withoutSform.set([0, 0], 254);
  const [sform, qform] = [parseHeader(bytes).affine, parseHeader(withoutSform).affine];
  expect(qform).toBeDefined();
  expectClose(qform?.flat(), sform?.flat(), 4);
});

test.each([
  ['identity', [0, 0, 0]],
  ['half a turn about x', [1, 0, 0]],
  ['half a turn about y', [0, 1, 0]],
  ['half a turn about z', [0, 0, 1]],
  ['oblique', [0.1, -0.3, 0.5]],
  ['nearly half a turn', [0.8, 0.4, Math.sqrt(1 - 0.64 - 0.16 - 0.0001)]],
] as const)('quaternion: %s', (_, [b, c, d]) => {
  const a = Math.sqrt(Math.max(0, 1 - b * b - c * c - d * d));
  const x = [a * a + b * b - c * c - d * d, 2 * (b * c + a * d), 2 * (b * d - a * c)] as const;
  const y = [2 * (b * c - a * d), a * a + c * c - b * b - d * d, 2 * (c * d + a * b)] as const;
  const z = [2 * (b * d + a * c), 2 * (c * d - a * b), a * a + d * d - b * b - c * c] as const;
  expectClose(quaternion(x, y, z), [b, c, d], 9);
});

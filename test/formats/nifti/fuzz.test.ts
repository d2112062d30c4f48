import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { niftiReader } from '../../../src/formats/nifti/read.ts';
import { fuzzReader } from '../../support/fuzz-reader.ts';

const folder = join(import.meta.dirname, '../../fixtures/nifti');
const plain = readdirSync(folder)
  .filter((name) => !name.startsWith('pair'))
  .map((name) => new Uint8Array(readFileSync(join(folder, name))));

test('2,400 damaged NIfTI files: an input error naming the file or a readable recording, never slow, never greedy', async () => {
  const report = await fuzzReader(niftiReader, plain, 'broken.nii', { count: 2400 });
  expect(report.broken).toEqual([]);
  expect(report.refused).toBeGreaterThan(500);
  expect(report.opened).toBeGreaterThan(300);
  expect(report.slowest).toBeLessThan(5000);
  expect(report.peakGrowth).toBeLessThan(256 * 2 ** 20 + 20_000);
});

test('600 files damaged before they were packed', async () => {
  const unpacked = plain.map((bytes) => (bytes[0] === 0x1f ? new Uint8Array(gunzipSync(bytes)) : bytes));
  const pack = (bytes: Uint8Array): Uint8Array => new Uint8Array(gzipSync(bytes, { level: 1 }));
  const report = await fuzzReader(niftiReader, unpacked, 'broken.nii.gz', { count: 600, first: 50_000, wrap: pack });
  expect(report.broken).toEqual([]);
  expect(report.opened).toBeGreaterThan(50);
  expect(report.refused).toBeGreaterThan(50);
  expect(report.peakGrowth).toBeLessThan(256 * 2 ** 20 + 20_000);
});

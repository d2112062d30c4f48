import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dicomReader } from '../../../src/formats/dicom/read.ts';
import { fuzzReader } from '../../support/fuzz-reader.ts';

const folder = join(import.meta.dirname, '../../fixtures/dicom');
const seeds = readdirSync(folder).map((name) => new Uint8Array(readFileSync(join(folder, name))));

test('2,600 damaged DICOM files: an input error naming the file or a readable recording, never slow, never greedy', async () => {
  const report = await fuzzReader(dicomReader, seeds, 'broken.dcm', { count: 2600 });
  expect(report.broken).toEqual([]);
  expect(report.refused).toBeGreaterThan(500);
  expect(report.opened).toBeGreaterThan(200);
  expect(report.slowest).toBeLessThan(5000);
  // Twice the largest seed and 256 MB.
  expect(report.peakGrowth).toBeLessThan(256 * 2 ** 20 + 20_000);
});

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { twixReader } from '../../../src/formats/twix/reader.ts';
import { fixtureBytes } from '../../support/format-fixtures.ts';
import { fuzzReader } from '../../support/fuzz-reader.ts';

const names = readdirSync(join(import.meta.dirname, '../../fixtures/twix')).filter((name) => name.endsWith('.dat'));
const whole = names.map((name) => fixtureBytes(`twix/${name}`));
/** Multi-raid files with their one measurement right behind a list of one, so that damage strikes headers and readouts. */
const dense = names.filter((name) => name !== 'vb.dat' && name !== 'raid.dat').map((name) => {
  const bytes = fixtureBytes(`twix/${name}`);
  const out = new Uint8Array(160 + bytes.length - 10_240);
  out.set(bytes.subarray(0, 160));
  out.set(bytes.subarray(10_240), 160);
  new DataView(out.buffer).setBigUint64(16, 160n, true);
  return out;
});

test.each([['as written', whole, 1], ['without room between', dense, 100_000]] as const)('1,200 damaged raw-data files %s: an input error naming the file or a readable recording, never slow, never greedy', async (_, seeds, first) => {
  const report = await fuzzReader(twixReader, seeds, 'broken.dat', { count: 1200, first });
  expect(report.broken).toEqual([]);
  expect(report.refused).toBeGreaterThan(100);
  expect(report.opened).toBeGreaterThan(100);
  expect(report.slowest).toBeLessThan(5000);
  expect(report.peakGrowth).toBeLessThan(256 * 2 ** 20 + 220_000);
});

import { expect, it } from 'vitest';
import { memorySource } from '../../../src/formats/byte-source.ts';
import { sniffFormat } from '../../../src/formats/registry.ts';
import { twixReader } from '../../../src/formats/twix/reader.ts';
import { fixtureBytes } from '../../support/format-fixtures.ts';

const FIRST_MEASUREMENT = 10_240;

async function open(bytes: Uint8Array): Promise<string[]> {
  const recording = await twixReader.open([memorySource('bad.dat', bytes)], { id: 'ab', name: 'bad.dat', bytes: bytes.length });
  return (recording.findings ?? []).map(({ id }) => id);
}

/** grappa.dat with a word written at an offset of its measurement (below 8) or of its first readout. */
function damaged(write: (view: DataView, measurement: number, readout: number) => void): Uint8Array {
  const bytes = fixtureBytes('twix/grappa.dat').slice();
  const view = new DataView(bytes.buffer);
  write(view, FIRST_MEASUREMENT, FIRST_MEASUREMENT + view.getUint32(FIRST_MEASUREMENT, true));
  return bytes;
}

it('knows both kinds by their content alone', () => {
  for (const name of ['vb.dat', 'grappa.dat']) expect(sniffFormat(fixtureBytes(`twix/${name}`).subarray(0, 512), 'x.bin')?.reader.format).toBe('twix');
  expect(twixReader.sniff(new Uint8Array(512), 'x.dat')).toBe('no');
});

it.each([
  ['a header longer than any', 'input.too-large', (view: DataView, at: number) => view.setUint32(at, 0xffff_fff0, true)],
  ['a header longer than the file', 'input.truncated', (view: DataView, at: number) => view.setUint32(at, 60_000_000, true)],
  ['no header', 'input.malformed', (view: DataView, at: number) => view.setUint32(at, 0, true)],
  ['a million buffers', 'input.malformed', (view: DataView, at: number) => view.setUint32(at + 4, 1_000_000, true)],
  ['a buffer that does not fit', 'input.malformed', (view: DataView, at: number) => view.setUint32(at + 14, 0x7fff_ffff, true)],
  ['other channels in one readout', 'input.unsupported', (view: DataView, _: number, readout: number) => {
    view.setUint16(readout + 50, 1, true);
    // The second channel's 288 bytes become a packet to pass over.
    view.setUint32(readout + 480, 288, true);
    view.setUint32(readout + 480 + 40, 1 << 5, true);
  }],
  ['nothing but cut samples', 'input.malformed', (view: DataView, _: number, readout: number) => view.setUint16(readout + 80, 60_000, true)],
] as const)('refuses %s', async (_, code, write) => {
  await expect(open(damaged(write))).rejects.toMatchObject({ code, file: 'bad.dat' });
});

it('does not go round in circles over packets without length, nor over empty readouts', async () => {
  const bytes = damaged((view, _, readout) => {
    view.setUint32(readout, 0, true);
    view.setUint32(readout + 40, 1 << 5, true);
  });
  await expect(open(bytes)).rejects.toMatchObject({ code: 'input.unsupported' });
  const empty = damaged((view, _, readout) => {
    view.setUint16(readout + 48, 0, true);
    view.setUint16(readout + 50, 0, true);
    view.setUint32(readout, 0, true);
  });
  await expect(open(empty)).rejects.toMatchObject({ code: 'input.unsupported' });
});

it('a counter that runs off makes k-space no larger than it may be', async () => {
  const far = damaged((view, _, readout) => view.setUint16(readout + 52, 65_535, true));
  // The first readout is a calibration line, which does not stretch the matrix.
  expect(await open(far)).toEqual([]);
  const slices = fixtureBytes('twix/slices.dat').slice();
  const view = new DataView(slices.buffer);
  const first = FIRST_MEASUREMENT + view.getUint32(FIRST_MEASUREMENT, true);
  view.setUint16(first + 52, 65_535, true);
  expect(await open(slices)).toContain('matrix-size');
});

it('an offset beyond the file is said', async () => {
  const bytes = fixtureBytes('twix/grappa.dat').slice();
  new DataView(bytes.buffer).setBigUint64(16, 1n << 40n, true);
  await expect(open(bytes)).rejects.toMatchObject({ code: 'input.truncated', field: 'measurement 1 of 1' });
});

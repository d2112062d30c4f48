import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openBytes, openPath, sniffFormat } from '../../src/formats/registry.ts';
import { fixtureBytes, fixturePath } from '../support/format-fixtures.ts';

const temporary = mkdtempSync(join(tmpdir(), 'lacuna-registry-'));
afterAll(() => rmSync(temporary, { recursive: true }));

function folder(name: string, files: Readonly<Record<string, Uint8Array>>): string {
  const path = join(temporary, name);
  mkdirSync(path);
  for (const [file, bytes] of Object.entries(files)) writeFileSync(join(path, file), bytes);
  return path;
}

describe('openPath', () => {
  it('gives name, size and SHA-256 of the file', async () => {
    const bytes = fixtureBytes('npy/volume.npy');
    const recording = await openPath(fixturePath('npy/volume.npy'));
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    expect(recording).toMatchObject({ name: 'volume.npy', bytes: bytes.length, format: 'npy', id: sha256 });
    expect(await recording.sha256()).toBe(sha256);
    await recording.close();
  });

  it('believes the content, not the extension, and says so', async () => {
    const path = join(temporary, 'scan.npy');
    copyFileSync(fixturePath('hdf5/reconstruction.h5'), path);
    const recording = await openPath(path);
    expect(recording.format).toBe('fastmri');
    expect(recording.warnings[0]).toMatch(/named like NumPy array, but its content is HDF5/);
    await recording.close();
  });

  it('opens the one readable file of a folder', async () => {
    const recording = await openPath(folder('one', { 'a.npy': fixtureBytes('npy/volume.npy'), 'notes.txt': new TextEncoder().encode('hello') }));
    expect(recording).toMatchObject({ name: 'a.npy', format: 'npy' });
    await recording.close();
  });

  it('refuses a folder of several, and names them', async () => {
    const two = folder('two', { 'a.npy': fixtureBytes('npy/volume.npy'), 'b.npy': fixtureBytes('npy/kspace.npy') });
    await expect(openPath(two)).rejects.toMatchObject({ code: 'input.unsupported', file: 'two', message: expect.stringContaining('a.npy, b.npy') });
  });

  it.each([
    ['an empty folder', () => folder('none', {}), 'input.unrecognised', /holds no files/],
    ['a folder of other things', () => folder('other', { 'x.txt': Uint8Array.of(1) }), 'input.unrecognised', /no DICOM file/],
    ['a missing file', () => join(temporary, 'gone.h5'), 'io.read', /does not exist/],
  ])('refuses %s', async (_, path, code, message) => {
    await expect(openPath(path())).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });
});

describe('openBytes', () => {
  it.each([
    ['empty.h5', new Uint8Array(0), 'input.truncated', /is empty/],
    ['letter.doc', new TextEncoder().encode('Dear reader'), 'input.unrecognised', /Read are: HDF5/],
    ['a.tar.gz', Uint8Array.of(0x1f, 0x8b, 8, 0), 'input.unrecognised', /gzip archive; unpack it first/],
    ['lies.npy', new TextEncoder().encode('no array'), 'input.truncated', /at least 10 bytes/],
  ])('refuses %s', async (name, bytes, code, message) => {
    await expect(openBytes(name, bytes)).rejects.toMatchObject({ code, file: name, message: expect.stringMatching(message) });
  });

  it('opens HDF5 that is not on disk', async () => {
    const recording = await openBytes('memory.h5', fixtureBytes('hdf5/reconstruction.h5'));
    expect(recording.series[0]).toMatchObject({ slices: 2, rows: 3, columns: 4 });
    await recording.close();
  });
});

it('tells formats by their first bytes', () => {
  const head = (path: string) => fixtureBytes(path).subarray(0, 512);
  expect(sniffFormat(head('hdf5/not_mri.h5'), 'x')).toMatchObject({ reader: { format: 'hdf5' }, certainty: 'certain' });
  expect(sniffFormat(head('npy/volume.npy'), 'x')).toMatchObject({ reader: { format: 'npy' }, certainty: 'certain' });
  expect(sniffFormat(head('npy/mixed.npz'), 'x')).toMatchObject({ reader: { format: 'npz' }, certainty: 'certain' });
  expect(sniffFormat(new Uint8Array(512), 'x')).toBeNull();
});

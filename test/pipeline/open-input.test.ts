import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeNpy } from '../../src/array/npy.ts';
import { normalisedOptions, openInput } from '../../src/pipeline/open-input.ts';
import { randomComplex } from '../support/random-array.ts';

let folder = '';
let path = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lacuna-open-'));
  path = join(folder, 'bare.npy');
  writeFileSync(path, encodeNpy(randomComplex([2, 16, 12], 1)));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function idOf(read?: Parameters<typeof normalisedOptions>[0]): Promise<string> {
  const recording = await openInput({ kind: 'path', path, ...(read === undefined ? {} : { read }) });
  await recording.close();
  return recording.id;
}

describe('normalisedOptions', () => {
  it('leaves out what says nothing, and orders fixes', () => {
    expect(normalisedOptions({ axes: {}, domains: {}, fixes: [] })).toBeUndefined();
    expect(normalisedOptions({ axes: {}, fixes: ['b', 'a', 'b'] })).toEqual({ fixes: ['a', 'b'] });
  });
});

describe('openInput', () => {
  it('gives a file read another way an id of its own, the same each time', async () => {
    const kspace = { domains: { array: 'kspace' as const } };
    const [plain, empty, other, again, third] = [await idOf(), await idOf({ axes: {} }), await idOf(kspace), await idOf({ ...kspace, fixes: [] }), await idOf({ domains: { array: 'image' } })];
    expect(empty).toBe(plain);
    expect(other).toBe(again);
    expect(new Set([plain, other, third]).size).toBe(3);
  });

  it('keeps the content hash, which receipts name', async () => {
    const [plain, told] = [await openInput({ kind: 'path', path }), await openInput({ kind: 'path', path, read: { domains: { array: 'kspace' } } })];
    expect(await told.sha256()).toBe(await plain.sha256());
    expect(told.read).toEqual({ domains: { array: 'kspace' } });
    await Promise.all([plain.close(), told.close()]);
  });

  it('refuses a fix that the doctor does not offer', async () => {
    await expect(idOf({ fixes: ['nonsense'] })).rejects.toMatchObject({ code: 'usage.invalid', field: 'fixes' });
  });
});

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { present } from '../support/tools.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeNpy, encodeNpy } from '../../src/array/npy.ts';
import { randomComplex } from '../support/random-array.ts';
import { lacuna } from './support.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lacuna-cli-'));
  writeFileSync(join(folder, 'bare.npy'), encodeNpy(randomComplex([4, 32, 24], 3)));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const SMALL = ['sample:brain', '--sample-matrix', '64', '--sample-coils', '3', '--sample-slices', '2'];
const run = (...args: string[]) => lacuna(args, folder);
const json = async (...args: string[]) => {
  const result = await run(...args, '--json', '--quiet');
  expect(result.code, result.stderr).toBe(0);
  return JSON.parse(result.stdout);
};
const npy = (name: string) => decodeNpy(readFileSync(join(folder, name)));

describe('lacuna view', () => {
  it('writes the images of a view as .npy and as a picture, and prints the same facts as JSON', async () => {
    const seen = await json('view', 'coil-images', ...SMALL, '--slices', '1', '--output', 'coils.npy', '--output', 'coils.png');
    expect(seen).toMatchObject({ slice: 1, shape: [3, 64, 64], labels: ['Coil 1', 'Coil 2', 'Coil 3'], space: 'image', files: ['coils.npy', 'coils.png'] });
    expect(npy('coils.npy').shape).toEqual([3, 64, 64]);
    const png = readFileSync(join(folder, 'coils.png'));
    // Three images of 64×64 stand two by two.
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([128, 128]);
  });

  it('has the flags of the view that is named, of the pattern and of the method', async () => {
    const { stdout } = await run('view', 'residual', '--method', 'sense', '--help');
    for (const flag of ['--scale log|linear', '--acceleration', '--lambda', '--output']) expect(stdout).toContain(flag);
    const seen = await json('view', 'residual', ...SMALL, '--method', 'sense', '--acceleration', '2', '--scale', 'linear');
    expect(seen.numbers[0]).toMatchObject({ label: 'Relative residual', value: expect.any(Number) });
  });

  it.each([
    ['no view', [], 'Name a view'],
    ['no such view', ['nothing', ...SMALL], 'expected one of coil-images'],
    ['an unknown ending', ['kspace', ...SMALL, '--output', 'x.tiff'], '.npy or .png'],
    ['nothing to see', ['residual', ...SMALL], 'no model of them'],
  ])('answers mistakes in words: %s', async (_what, args, words) => {
    expect(await run('view', ...args)).toMatchObject({ code: 2, stderr: expect.stringContaining(words) });
  });
});

describe('reading a file another way', () => {
  it('takes axes and domain from the line, and the receipt repeats them', async () => {
    const info = await json('info', 'bare.npy', '--axes', 'coil,column,row', '--domain', 'kspace');
    expect(info.series[0]).toMatchObject({ domain: 'kspace', rows: 24, columns: 32 });
    const { receipt } = await json('reconstruct', 'bare.npy', '--axes', 'coil,column,row', '--domain', 'kspace', '--pattern', 'full', '--output', 'turned.npy');
    expect(receipt.pipeline.input.read).toEqual({ axes: { array: ['coil', 'column', 'row'] }, domains: { array: 'kspace' } });
    expect(npy('turned.npy').shape).toEqual([1, 24, 32]);
    expect((await json('run', 'turned.npy.lacuna.json')).identical).toBe(true);
  });

  it('refuses axes, domains and fixes that there are none of', async () => {
    expect(await run('info', 'bare.npy', '--axes', 'coil,up,row')).toMatchObject({ code: 2, stderr: expect.stringContaining('knows no “up”') });
    expect(await run('info', 'bare.npy', '--domain', 'frequency')).toMatchObject({ code: 2, stderr: expect.stringContaining('kspace or image') });
    expect(await run('info', 'bare.npy', '--fix', 'nonsense')).toMatchObject({ code: 2, stderr: expect.stringContaining('offers no fix') });
  });
});

describe('--prepare', () => {
  const PLAIN = ['bare.npy', '--axes', 'coil,row,column', '--domain', 'kspace', '--pattern', 'full'];

  it('runs the named steps with their flags; none runs nothing', async () => {
    const { receipt } = await json('reconstruct', ...PLAIN, '--prepare', 'compress-coils', '--virtual-coils', '2', '--output', 'two.npy');
    expect(receipt.pipeline.prepare).toEqual([{ name: 'compress-coils', params: { virtualCoils: 2 } }]);
    expect((await json('run', 'two.npy.lacuna.json', '--output', 'two-again.npy')).files[0].identical).toBe(true);
    const none = await json('reconstruct', ...PLAIN, '--prepare', 'none');
    expect(none.receipt.pipeline.prepare).toBeUndefined();
  });

  it('refuses names there are none of and steps that cannot serve the series', async () => {
    expect(await run('reconstruct', ...PLAIN, '--prepare', 'polish')).toMatchObject({ code: 2, stderr: expect.stringContaining('no prepare “polish”') });
    expect(await run('reconstruct', ...PLAIN, '--prepare', 'prewhiten')).toMatchObject({ code: 2, stderr: expect.stringContaining('no noise scan') });
  });
});

describe('patterns as files', () => {
  it.each(['csv', 'json', 'npy'])('go out and in as .%s', async (format) => {
    const made = await json('sample', ...SMALL, '--pattern', 'random', '--acceleration', '2', '--mask', `mask.${format}`);
    const used = await json('reconstruct', ...SMALL, '--pattern', `mask.${format}`);
    expect(used.receipt.pattern.kept).toBe(made.pattern.kept);
    expect(used.receipt.pipeline.mask).toMatchObject({ kind: 'lines', columns: 64 });
  });

  it('of other endings are refused', async () => {
    expect(await run('sample', ...SMALL, '--mask', 'mask.txt')).toMatchObject({ code: 2, stderr: expect.stringContaining('.npy, .csv or .json') });
  });
});

describe('lacuna doctor', () => {
  it('has nothing to say of a recording that nothing contradicts', async () => {
    expect(await run('doctor', 'sample:brain')).toMatchObject({ code: 0, stdout: expect.stringContaining('nothing contradicts the data') });
  });

  const scan = resolve(process.env['LACUNA_TEST_DATA'] ?? '../shared/data', 'mri/kspace/gadgetron_SNR_R3_14ch_ismrmrd.h5');
  it.runIf(present('a real recording that contradicts its header', { [scan]: existsSync(scan) }))('lists what contradicts the data, and a fix is in the receipt', async () => {
    const { findings } = await json('doctor', scan);
    const offered = findings.find((finding: { fix?: unknown }) => finding.fix !== undefined);
    expect(offered).toMatchObject({ stated: expect.any(String), found: expect.any(String), remedy: expect.any(String), fix: { applied: false } });
    expect((await run('doctor', scan)).stdout).toContain(`--fix ${offered.id}`);
    expect((await run('doctor', scan, '--fix', offered.id)).stdout).toContain('(applied)');
    const { receipt } = await json('reconstruct', scan, '--fix', offered.id, '--pattern', 'full', '--output', 'fixed.npy');
    expect(receipt.pipeline.input.read).toEqual({ fixes: [offered.id] });
    expect(receipt.pipeline.prepare).toEqual([{ name: 'prewhiten', params: {} }]);
    expect((await json('run', 'fixed.npy.lacuna.json', '--input', scan)).identical).toBe(true);
    expect((await run('info', scan)).stdout).toMatch(/Besides: noise scan[\s\S]*Suggested preparation: prewhiten/);
  });
});

describe('a recording that the scanner undersampled', () => {
  it('keeps its own pattern unless another is asked for', async () => {
    const kspace = randomComplex([4, 32, 24], 5);
    // Columns 0, 3, 6 … and the centre.
    for (let i = 0; i < kspace.data.length; i++) if ((i >> 1) % 24 % 3 !== 0 && Math.abs(((i >> 1) % 24) - 12) > 4) kspace.data[i] = 0;
    writeFileSync(join(folder, 'scanned.npy'), encodeNpy(kspace));
    const scanned = ['scanned.npy', '--axes', 'coil,row,column', '--domain', 'kspace'];
    const own = (await json('reconstruct', ...scanned)).receipt;
    expect(own.pipeline.pattern).toEqual({ name: 'full', params: {} });
    expect(own.pattern).toMatchObject({ kept: 14, total: 24 });
    expect((await json('sample', ...scanned)).pattern).toMatchObject({ name: 'full', kept: 14 });
    expect((await json('reconstruct', ...scanned, '--acceleration', '2')).receipt.pipeline.pattern.name).toBe('random');
    expect((await json('reconstruct', ...SMALL, '--slices', '0')).receipt.pipeline.pattern.name).toBe('random');
  });
});

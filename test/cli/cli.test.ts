import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { zeros } from '../../src/array/nd-array.ts';
import { decodeNpy, encodeNpy } from '../../src/array/npy.ts';
import { lacuna } from './support.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lacuna-cli-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const SMALL = ['sample:brain', '--sample-matrix', '64', '--sample-coils', '3', '--sample-slices', '3'];
const run = (...args: string[]) => lacuna(args, folder);

describe('lacuna', () => {
  it('lists its commands and knows its exit codes', async () => {
    const overview = await run('--help');
    expect(overview.code).toBe(0);
    for (const name of ['info', 'doctor', 'sample', 'reconstruct', 'view', 'compare', 'sweep', 'run', 'serve', 'models', 'bench']) {
      expect(overview.stdout).toContain(`  ${name} `);
    }
    expect((await run()).code).toBe(2);
    expect(await run('nonsense')).toMatchObject({ code: 2, stderr: expect.stringContaining('no command “nonsense”') });
  });

  it.each(['info', 'doctor', 'sample', 'reconstruct', 'view', 'compare', 'sweep', 'run', 'serve', 'models', 'bench'])('%s --help says what it takes', async (name) => {
    const help = await run(name, '--help');
    expect(help.code).toBe(0);
    expect(help.stdout).toMatch(new RegExp(`^lacuna ${name} `));
    expect(help.stdout).toContain('--json');
  });

  it('generates the flags of a step from its schema', async () => {
    const l1 = await run('reconstruct', '--method', 'l1-wavelet', '--pattern', 'poisson-disc', '--help');
    expect(l1.stdout).toContain('--acceleration');
    expect(l1.stdout).toContain('--lambda');
    expect(l1.stdout).toContain('--method-seed');
    const sense = await run('reconstruct', '--method', 'sense', '--help');
    expect(sense.stdout).not.toContain('--method-seed');
  });
});

describe('reconstruct', () => {
  it('writes float32 magnitude on the scale of the data, and compare agrees with the metrics it printed', async () => {
    const made = await run('reconstruct', ...SMALL, '--pattern', 'random', '--acceleration', '4', '--seed', '1', '--method', 'sense', '--output', 'est.npy', '--slices', '1:3', '--json');
    expect(made.stderr).not.toMatch(/error/i);
    expect(made.code).toBe(0);
    const { receipt, files } = JSON.parse(made.stdout);
    expect(files.map((f: { name: string }) => f.name)).toEqual(['est.npy', 'est.npy.lacuna.json']);
    const estimate = decodeNpy(readFileSync(join(folder, 'est.npy')));
    expect(estimate).toMatchObject({ dtype: 'float32', shape: [2, 64, 64] });
    expect((await run('sample', ...SMALL, '--slices', '1:3', '--reference', 'ref.npy')).code).toBe(0);
    const compared = JSON.parse((await run('compare', 'ref.npy', 'est.npy', '--json')).stdout);
    const psnr = receipt.metrics.values.find((v: { name: string }) => v.name === 'PSNR').value;
    expect(compared.psnr).toBeCloseTo(psnr, 4);
    expect(compared.contract).toMatch(/7×7/);
  });

  it('repeats a receipt to the same bits, and the exported file to the same bytes', async () => {
    const common = [...SMALL, '--pattern', 'gaussian', '--acceleration', '3', '--method', 'l1-wavelet', '--iterations', '20', '--slices', '0'];
    expect((await run('reconstruct', ...common, '--output', 'a.nii.gz', '--output', 'a.dcm')).code).toBe(0);
    for (const name of ['a.nii.gz', 'a.dcm']) {
      const again = await run('run', `${name}.lacuna.json`, '--output', `again-${name}`, '--threads', '1', '--json');
      expect(again.code, again.stderr).toBe(0);
      expect(JSON.parse(again.stdout)).toMatchObject({ identical: true, files: [{ identical: true }] });
      expect(readFileSync(join(folder, `again-${name}`)).equals(readFileSync(join(folder, name)))).toBe(true);
    }
  });

  it('says with exit code 4 when the bits differ', async () => {
    await run('reconstruct', ...SMALL, '--slices', '0', '--output', 'b.npy');
    const receipt = JSON.parse(readFileSync(join(folder, 'b.npy.lacuna.json'), 'utf8'));
    receipt.pipeline.pattern.params.seed += 1;
    writeFileSync(join(folder, 'changed.lacuna.json'), JSON.stringify(receipt));
    const again = await run('run', 'changed.lacuna.json', '--json');
    expect(again.code).toBe(4);
    expect(JSON.parse(again.stdout).identical).toBe(false);
  });

  it('takes a pattern file, one value a line or a point, and carries it in the receipt', async () => {
    const mask = zeros('bool', [64]);
    for (let i = 0; i < 64; i += 3) mask.data[i] = 1;
    mask.data.fill(1, 26, 38);
    writeFileSync(join(folder, 'mask.npy'), encodeNpy(mask));
    const made = await run('reconstruct', ...SMALL, '--slices', '0', '--pattern', 'mask.npy', '--method', 'sense', '--output', 'c.npy', '--json');
    expect(made.code, made.stderr).toBe(0);
    const { receipt } = JSON.parse(made.stdout);
    expect(receipt.pattern).toMatchObject({ kind: 'lines', kept: mask.data.reduce((a, b) => a + b, 0), total: 64 });
    rmSync(join(folder, 'mask.npy'));
    expect((await run('run', 'c.npy.lacuna.json')).code).toBe(0);
  });

  it('answers mistakes with the code and the words for them', async () => {
    expect(await run('reconstruct', 'gone.h5', '--json')).toMatchObject({ code: 3, stderr: expect.stringContaining('does not exist') });
    expect(await run('reconstruct', ...SMALL, '--acceleration', 'many')).toMatchObject({ code: 2, stderr: expect.stringContaining('--acceleration expects a number') });
    expect(await run('reconstruct', ...SMALL, '--method', 'magic')).toMatchObject({ code: 2, stderr: expect.stringContaining('expected one of') });
    expect(await run('reconstruct', ...SMALL, '--nonsense')).toMatchObject({ code: 2 });
    expect(await run('reconstruct', ...SMALL, '--output', 'x.bmp')).toMatchObject({ code: 2, stderr: expect.stringContaining('no known extension') });
    expect(await run('reconstruct', ...SMALL, '--slices', '5:9')).toMatchObject({ code: 2, stderr: expect.stringContaining('within 0:3') });
    writeFileSync(join(folder, 'broken.npy'), 'not numbers');
    const broken = await run('info', 'broken.npy', '--json');
    expect(broken.code).toBe(3);
    expect(JSON.parse(broken.stdout).error).toMatchObject({ file: 'broken.npy', code: expect.stringMatching(/^input\./) });
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });
});

describe('info, sample, sweep, models', () => {
  it('info describes a recording', async () => {
    const info = JSON.parse((await run('info', ...SMALL.slice(0, 1), '--json')).stdout);
    expect(info).toMatchObject({ format: 'sample', series: [{ domain: 'kspace', coils: 8 }] });
  });

  it('sample writes k-space whose zeros are the skipped samples', async () => {
    const made = await run('sample', ...SMALL, '--pattern', 'poisson-disc', '--acceleration', '4', '--output', 'k.npy', '--mask', 'm.npy', '--slices', '1', '--json');
    expect(made.code, made.stderr).toBe(0);
    const kspace = decodeNpy(readFileSync(join(folder, 'k.npy')));
    const mask = decodeNpy(readFileSync(join(folder, 'm.npy')));
    expect(kspace).toMatchObject({ dtype: 'complex64', shape: [1, 3, 64, 64] });
    expect(mask.shape).toEqual([64, 64]);
    for (let i = 0; i < 64 * 64; i++) {
      const present = Number(kspace.data[2 * i]) !== 0 || Number(kspace.data[2 * i + 1]) !== 0;
      expect(present).toBe(Number(mask.data[i]) !== 0);
    }
  });

  it('sweep leaves out what a method cannot take, and fails where nothing is left', async () => {
    const swept = await run('sweep', ...SMALL, '--slices', '1', '--accelerations', '2', '--methods', 'homodyne,sense', '--json');
    expect(swept.code, swept.stderr).toBe(0);
    expect(swept.stderr).toMatch(/left out: homodyne at R 2: Partial Fourier/);
    expect(JSON.parse(swept.stdout).points).toMatchObject([{ method: 'sense' }]);
    expect(await run('sweep', ...SMALL, '--slices', '1', '--accelerations', '2', '--methods', 'homodyne,pocs')).toMatchObject({ code: 2, stderr: expect.stringContaining('Partial Fourier') });
  });

  it('sweep scores methods over accelerations', async () => {
    const swept = await run('sweep', ...SMALL, '--slices', '1', '--accelerations', '2,4', '--methods', 'zero-filled,sense', '--json', '--output', 't.csv');
    expect(swept.code, swept.stderr).toBe(0);
    const { points } = JSON.parse(swept.stdout);
    expect(points.map((p: { method: string; acceleration: number }) => `${p.method} ${p.acceleration}`)).toEqual(['zero-filled 2', 'sense 2', 'zero-filled 4', 'sense 4']);
    expect(points[1].metrics.values[0].value).toBeGreaterThan(points[3].metrics.values[0].value);
    const [head, ...rows] = readFileSync(join(folder, 't.csv'), 'utf8').trim().split('\n');
    expect(head).toBe('acceleration,achieved,method,psnr,ssim,nmse,milliseconds,provider');
    expect(rows.map((row) => Number(row.split(',')[3]))).toEqual(points.map((p: { metrics: { values: { value: number }[] } }) => p.metrics.values[0]?.value));
  });

  it('models lists what is installed with its hashes checked', async () => {
    const models = JSON.parse((await run('models', '--json')).stdout);
    expect(models.models.map((m: { id: string }) => m.id)).toContain('unrolled-s');
    expect(await run('models', 'no-such-model')).toMatchObject({ code: 2, stderr: expect.stringContaining('no-such-model') });
  });

  it('refuses more names than it takes instead of looking at the first alone', async () => {
    expect(await run('info', 'a.dcm', 'b.dcm')).toMatchObject({ code: 2, stderr: expect.stringContaining('name their folder') });
    expect(await run('compare', 'a.npy', 'b.npy', 'c.npy')).toMatchObject({ code: 2, stdout: '' });
  });

  it('takes a pattern by its name though a file is called so', async () => {
    mkdirSync(join(folder, 'named'), { recursive: true });
    writeFileSync(join(folder, 'named', 'random'), 'no pattern');
    const sampled = await lacuna(['sample', ...SMALL, '--pattern', 'random', '--acceleration', '2', '--mask', 'm.npy'], join(folder, 'named'));
    expect(sampled.code, sampled.stderr).toBe(0);
    expect(sampled.stderr).toBe('');
  });
});

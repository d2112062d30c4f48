import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askOnTerminal } from '../../src/cli/commands/models-questions.ts';
import { folding, halving, notFinite, physics } from '../support/networks.ts';
import { lacuna } from './support.ts';

let folder: string;
let home: string | undefined;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lacuna-cli-models-'));
  home = process.env['LACUNA_HOME'];
  process.env['LACUNA_HOME'] = join(folder, 'home');
  const networks = { folding: folding(8), halving: halving(), fixed: halving([1, 1, 64, 64]), physics: physics(), 'not-finite': notFinite() };
  for (const [name, graph] of Object.entries(networks)) await writeFile(join(folder, `${name}.onnx`), graph);
});
afterAll(async () => {
  if (home === undefined) delete process.env['LACUNA_HOME'];
  else process.env['LACUNA_HOME'] = home;
  await rm(folder, { recursive: true, force: true });
});
const run = (...args: string[]) => lacuna(['models', ...args], folder);

describe('lacuna models', { timeout: 900_000 }, () => {
  it('adds a network by flags, and finds what its sides must be multiples of', async () => {
    const { code, stdout } = await run('add', 'folding.onnx', '--title', 'Folds', '--acceleration', '2:8', '--licence', 'MIT', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      added: { id: 'folding', title: 'Folds', licence: 'MIT', trained: { acceleration: [2, 8] }, inference: { multiple: 8 } },
      trial: { multiple: 8, difference: 0 },
    });
    expect(await readFile(join(folder, 'home', 'models', 'folding', 'CARD.md'), 'utf8')).toContain('Acceleration: 2 to 8');
  });

  it('adds one with coil maps and a mask, runs it in a reconstruction, and verifies it', async () => {
    expect((await run('add', 'physics.onnx')).stdout).toContain('mask-lines');
    const made = await lacuna(['reconstruct', 'sample:brain', '--method', 'network', '--model', 'physics', '--consistency', '2', '--output', 'out.npy', '--json'], folder);
    expect(made.code, made.stderr).toBe(0);
    expect(await readFile(join(folder, 'out.npy.lacuna.json'), 'utf8')).toContain('"physics"');
    const { code, stdout } = await run('verify', 'physics');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ok\s+physics network on cpu: hash as promised; finite/m);
  });

  it('says of a recording that does not fit what it takes', async () => {
    expect((await run('add', 'fixed.onnx')).code).toBe(0);
    const { code, stderr } = await lacuna(['reconstruct', 'sample:brain', '--method', 'network', '--model', 'fixed', '--output', 'out.npy'], folder);
    expect(code).toBe(2);
    expect(stderr).toContain('It takes 64 × 64 samples');
  });

  it('refuses with reasons and exit codes', async () => {
    await writeFile(join(folder, 'text.onnx'), 'not a graph');
    for (const [args, exit, reason] of [
      [['add', 'text.onnx'], 3, /text\.onnx.*not an ONNX graph/],
      [['add', 'not-finite.onnx'], 3, /not finite/],
      [['add', 'halving.onnx', '--map', 'q=maps'], 2, /no “q”; it has x, y/],
      [['add', 'halving.onnx', '--acceleration', '8:2'], 2, /the smaller first/],
      [['add', 'halving.onnx', '--task', 'super-resolution'], 2, /--task/],
      [['add', 'halving.onnx', '--id', 'unrolled-s'], 2, /not your own/],
      [['add', 'folding.onnx'], 2, /already/],
      [['remove', 'unrolled-s'], 2, /only those can be removed/],
      [['paint', 'x'], 2, /knows list, show/],
    ] as const) {
      const { code, stderr } = await run(...args);
      expect(stderr, args.join(' ')).toMatch(reason);
      expect(code, args.join(' ')).toBe(exit);
    }
  });

  it('lists, shows and removes', async () => {
    expect((await run()).stdout).toMatch(/folding\s+1\.0\.0\s+Folds/);
    expect((await run('show', 'folding')).stdout).toContain('has not measured how well it does');
    expect((await run('folding')).stdout).toContain('has not measured');
    expect((await run('remove', 'folding')).code).toBe(0);
    expect((await run('show', 'folding')).code).toBe(2);
  });

  it('tells of a package whose bytes were changed', async () => {
    await writeFile(join(folder, 'home', 'models', 'fixed', 'network.onnx'), 'x'.repeat(halving([1, 1, 64, 64]).length));
    const { code, stderr } = await run('verify');
    expect(code).toBe(3);
    expect(stderr).toMatch(/fixed cannot be used: network\.onnx has SHA-256/);
  });
});

describe('questions', () => {
  it('take the proposal for Enter, numbers or words, and ask again for anything else', async () => {
    const input = new PassThrough();
    const output = new PassThrough();
    const answers = ['', 'Mine', 'seven', '2', 'maps', ''];
    output.on('data', (chunk: Buffer) => {
      if (chunk.toString().includes(': ')) input.write(`${answers.shift() ?? ''}\n`);
    });
    const given = await askOnTerminal(async ({ text, choice }) => [
      await text('Id', 'net'),
      await text('Title', 'net'),
      await choice('What is x?', ['adjoint', 'magnitude'], 'adjoint'),
      await choice('What is y?', ['kspace', 'maps'], 'kspace'),
      await choice('What is z?', ['kspace', 'maps'], 'kspace'),
    ], { input, output });
    expect(given).toEqual(['net', 'Mine', 'magnitude', 'maps', 'kspace']);
  });
});

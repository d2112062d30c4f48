import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LacunaError } from '../../src/errors.ts';
import type { ModelDescription } from '../../src/host/contract.ts';
import { describeModel } from '../../src/models/describe.ts';
import { findModel, listModels, surveyModels } from '../../src/models/find.ts';
import { modelFolders } from '../../src/models/folders.ts';
import { loadModel } from '../../src/models/load.ts';

const GRAPH = Buffer.from('a graph, as far as its hash is concerned');
const tensor = { name: 'x', dtype: 'float32', shape: ['rows', 2], help: 'values' };
const manifest = (id: string) => ({
  lacunaModel: 1,
  id,
  version: '1.0.0',
  title: 'Test',
  summary: 'A package made by a test.',
  licence: 'MIT',
  task: 'mri-reconstruction',
  graphs: {
    lines: {
      file: 'lines.onnx',
      sha256: createHash('sha256').update(GRAPH).digest('hex'),
      bytes: GRAPH.length,
      inputs: [tensor],
      outputs: [tensor],
    },
  },
  parameters: 12,
  tolerance: { maxAbs: 1e-3, nrmse: 1e-4 },
  trained: { acceleration: [2, 8], coils: [1, 8], matrix: [128, 384], patterns: ['random'], data: ['none'] },
});

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'lacuna-models-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function write(id: string, overrides: object = {}, graph: Buffer | null = GRAPH): Promise<string> {
  const folder = join(root, id);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'model.json'), JSON.stringify({ ...manifest(id), ...overrides }));
  await writeFile(join(folder, 'CARD.md'), '# Test\n');
  if (graph !== null) await writeFile(join(folder, 'lines.onnx'), graph);
  return folder;
}

describe('a sound package', () => {
  it('is found by id, with checked graphs and its card', async () => {
    const folder = await write('one');
    const model = await findModel('one', [root]);
    expect(model.graphs['lines']).toEqual({ path: join(folder, 'lines.onnx'), sha256: manifest('one').graphs.lines.sha256 });
    expect(model.card).toBe('# Test\n');
  });

  it('is described for people', async () => {
    await write('one');
    const description: ModelDescription = describeModel(await findModel('one', [root]));
    expect(description).toMatchObject({ id: 'one', parameters: 12, bytes: GRAPH.length, licence: 'MIT', trained: { coils: [1, 8] } });
  });

  it('comes from the first folder that has it', async () => {
    const first = join(root, 'a');
    await write('a/one', { id: 'one', title: 'First' });
    await write('b/one', { id: 'one', title: 'Second' });
    const models = await listModels([first, join(root, 'b')]);
    expect(models.map(({ manifest: { title } }) => title)).toEqual(['First']);
  });
});

describe('a broken package', () => {
  it('with other bytes names both hashes', async () => {
    await write('one', {}, Buffer.from(GRAPH.toString().toUpperCase()));
    const expected = manifest('one').graphs.lines.sha256;
    await expect(findModel('one', [root])).rejects.toMatchObject({
      code: 'input.mismatch',
      file: 'lines.onnx',
      field: 'sha256',
      message: expect.stringMatching(new RegExp(`^lines.onnx has SHA-256 [0-9a-f]{64}, its manifest promises ${expected}$`)),
    });
  });

  it('with too few, too many or no bytes says so before hashing', async () => {
    await write('one', {}, GRAPH.subarray(1));
    await expect(findModel('one', [root])).rejects.toMatchObject({ code: 'input.truncated', file: 'lines.onnx' });
    await write('one', {}, Buffer.concat([GRAPH, GRAPH]));
    await expect(findModel('one', [root])).rejects.toMatchObject({ code: 'input.too-large', file: 'lines.onnx' });
    await rm(join(root, 'one', 'lines.onnx'));
    await expect(findModel('one', [root])).rejects.toMatchObject({ code: 'io.read', file: 'lines.onnx' });
  });

  it('with a manifest that is not one names the field', async () => {
    const folder = await write('one', { parameters: 'many' });
    await expect(loadModel(folder)).rejects.toMatchObject({ code: 'input.malformed', file: 'model.json', field: 'parameters' });
    await writeFile(join(folder, 'model.json'), '{');
    await expect(loadModel(folder)).rejects.toMatchObject({ code: 'input.malformed', message: 'model.json is not JSON' });
    await write('one', { graphs: {} });
    await expect(loadModel(folder)).rejects.toMatchObject({ field: 'graphs' });
    await write('one', { run: 'rm -rf /' });
    await expect(loadModel(folder)).rejects.toMatchObject({ code: 'input.malformed', message: expect.stringContaining('run') });
  });

  it.each(['../one/lines.onnx', '/etc/passwd', 'sub/lines.onnx', '..'])('cannot name the file %s', async (file) => {
    await write('one', { graphs: { lines: { ...manifest('one').graphs.lines, file } } });
    await expect(findModel('one', [root])).rejects.toMatchObject({ code: 'input.malformed', field: 'graphs.lines.file' });
  });

  it('cannot lead out of its folder by a link', async () => {
    const folder = await write('one', {}, null);
    await writeFile(join(root, 'outside.onnx'), GRAPH);
    await symlink(join(root, 'outside.onnx'), join(folder, 'lines.onnx'));
    await expect(findModel('one', [root])).rejects.toMatchObject({ code: 'input.malformed', file: 'lines.onnx' });
  });

  it('cannot pass itself off as another', async () => {
    await write('one', { id: 'two' });
    await expect(findModel('one', [root])).rejects.toMatchObject({ code: 'input.mismatch', field: 'id' });
    await expect(findModel('two', [root])).rejects.toMatchObject({ code: 'usage.not-found' });
  });

  it('does not hide the sound ones', async () => {
    await write('good');
    await write('bad', {}, GRAPH.subarray(3));
    const { models, problems } = await surveyModels([root, join(root, 'nowhere')]);
    expect(models.map((model) => model.manifest.id)).toEqual(['good']);
    expect(problems.map(({ error }) => error.code)).toEqual(['input.truncated']);
  });
});

describe('adversarial manifests', () => {
  it('are always refused with a typed error, or read', { timeout: 60_000 }, async () => {
    const folder = await write('one');
    const sound = Buffer.from(JSON.stringify(manifest('one')));
    const random = mulberry(7);
    const refused = new Set<string>();
    for (let i = 0; i < 2000; i++) {
      await writeFile(join(folder, 'model.json'), mutate(sound, random));
      const error: unknown = await loadModel(folder).then(
        () => null,
        (thrown: unknown) => thrown,
      );
      if (error === null) continue;
      expect(error).toBeInstanceOf(LacunaError);
      refused.add((error as LacunaError).code);
    }
    expect([...refused].sort()).toEqual(expect.arrayContaining(['input.malformed', 'input.mismatch']));
    expect(refused).not.toContain('internal');
  });
});

/** One to four bytes changed, a piece cut out or doubled. */
function mutate(bytes: Buffer, random: () => number): Buffer {
  const at = () => Math.floor(random() * bytes.length);
  const kind = random();
  if (kind < 0.2) return bytes.subarray(0, at());
  if (kind < 0.35) {
    const [from, to] = [at(), at()].sort((a, b) => a - b) as [number, number];
    return Buffer.concat([bytes.subarray(0, to), bytes.subarray(from)]);
  }
  const changed = Buffer.from(bytes);
  for (let n = 1 + Math.floor(random() * 4); n > 0; n--)
    changed[at()] = kind < 0.7 ? 0x20 + Math.floor(random() * 95) : Math.floor(random() * 256);
  return changed;
}

function mulberry(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

describe('an id from outside', () => {
  it.each(['../one', '/etc', 'one/../one', ''])('never becomes a path: %s', async (id) => {
    await write('one');
    await expect(findModel(id, [root])).rejects.toMatchObject({ code: 'usage.not-found', field: 'model' });
  });
});

describe('folders', () => {
  it('are those of LACUNA_MODELS, the studio’s own, the user’s', () => {
    const folders = modelFolders('/data', { LACUNA_MODELS: '/extra' });
    expect(folders[0]).toBe('/extra');
    expect(folders[1]).toMatch(/[\\/]models$/);
    expect(folders.at(-1)).toBe(join('/data', 'models'));
  });
});

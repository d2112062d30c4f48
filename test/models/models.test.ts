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
import { loadModel, readModelFile } from '../../src/models/load.ts';

const GRAPH = Buffer.from('a graph, as far as its hash is concerned');
const PATTERNS = Buffer.from('{"lines":[1,0,1]}');
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const tensor = { name: 'x', role: 'adjoint', dtype: 'float32', shape: ['rows', 'columns', 2], help: 'values' };
const patternsFile = { file: 'patterns.json', sha256: sha256(PATTERNS), bytes: PATTERNS.length };
const manifest = (id: string) => ({
  lacunaModel: 2,
  id,
  version: '1.0.0',
  title: 'Test',
  summary: 'A package made by a test.',
  licence: 'MIT',
  task: 'mri-reconstruction',
  graphs: {
    lines: {
      file: 'lines.onnx',
      sha256: sha256(GRAPH),
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
    const description: Omit<ModelDescription, 'own' | 'times'> = describeModel(await findModel('one', [root]));
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

describe('files beside the graphs', () => {
  it('are hash-checked and read by key', async () => {
    const folder = await write('one', { files: { patterns: patternsFile } });
    await writeFile(join(folder, 'patterns.json'), PATTERNS);
    const model = await loadModel(folder);
    expect(model.files['patterns']).toEqual({ path: join(folder, 'patterns.json'), sha256: patternsFile.sha256 });
    expect(await readModelFile(model, 'patterns')).toEqual(PATTERNS);
    await expect(readModelFile(model, 'masks')).rejects.toMatchObject({ code: 'usage.not-found', field: 'files' });
    // Exchanged after loading: read no more.
    await writeFile(join(folder, 'patterns.json'), PATTERNS.toString().replace('0', '1'));
    await expect(readModelFile(model, 'patterns')).rejects.toMatchObject({ code: 'input.mismatch', file: 'patterns.json' });
    await expect(loadModel(folder)).rejects.toMatchObject({ code: 'input.mismatch', file: 'patterns.json' });
  });

  it('that are missing, links or of another size break the package', async () => {
    const folder = await write('one', { files: { patterns: patternsFile } });
    await expect(loadModel(folder)).rejects.toMatchObject({ code: 'io.read', file: 'patterns.json' });
    await writeFile(join(root, 'outside.json'), PATTERNS);
    await symlink(join(root, 'outside.json'), join(folder, 'patterns.json'));
    await expect(loadModel(folder)).rejects.toMatchObject({ code: 'input.malformed', file: 'patterns.json' });
    await rm(join(folder, 'patterns.json'));
    await mkdir(join(folder, 'patterns.json'));
    await expect(loadModel(folder)).rejects.toMatchObject({ file: 'patterns.json' });
    await rm(join(folder, 'patterns.json'), { recursive: true });
    await writeFile(join(folder, 'patterns.json'), Buffer.concat([PATTERNS, PATTERNS]));
    await expect(loadModel(folder)).rejects.toMatchObject({ code: 'input.too-large', file: 'patterns.json' });
  });

  it.each(['run.js', '../patterns.json', 'patterns.onnx', 'a/b.json'])('cannot be named %s', async (file) => {
    const folder = await write('one', { files: { patterns: { ...patternsFile, file } } });
    await expect(loadModel(folder)).rejects.toMatchObject({ code: 'input.malformed', field: 'files.patterns.file' });
  });

  it('may come without any graph in a package of learned patterns alone', async () => {
    const folder = await write('one', { task: 'sampling-pattern', graphs: {}, files: { patterns: patternsFile } });
    await writeFile(join(folder, 'patterns.json'), PATTERNS);
    expect((await loadModel(folder)).graphs).toEqual({});
    await write('one', { task: 'mri-reconstruction', graphs: {}, files: { patterns: patternsFile } });
    await expect(loadModel(folder)).rejects.toMatchObject({ code: 'input.malformed', field: 'graphs' });
    await write('one', { task: 'sampling-pattern', graphs: {} });
    await expect(loadModel(folder)).rejects.toMatchObject({ code: 'input.malformed', field: 'files' });
  });
});

describe('conditions of training', () => {
  it('may be unknown', async () => {
    const folder = await write('one', { trained: {} });
    expect((await loadModel(folder)).manifest.trained).toEqual({ patterns: [], data: [] });
  });

  it('say noise, and are ranges from small to large', async () => {
    const folder = await write('one', { trained: { snr: [20, 330], noise: 'white' } });
    expect((await loadModel(folder)).manifest.trained).toMatchObject({ snr: [20, 330], noise: 'white' });
    await write('one', { trained: { acceleration: [8, 2] } });
    await expect(loadModel(folder)).rejects.toMatchObject({ code: 'input.malformed', field: 'trained.acceleration' });
    await write('one', { trained: { coils: [1, 2, 3] } });
    await expect(loadModel(folder)).rejects.toMatchObject({ code: 'input.malformed' });
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
    await write('one', { lacunaModel: 1 });
    await expect(loadModel(folder)).rejects.toMatchObject({ code: 'input.malformed', field: 'lacunaModel' });
    const { lines } = manifest('one').graphs;
    await write('one', { graphs: { lines: { ...lines, inputs: [{ ...tensor, role: 'waveform' }] } } });
    await expect(loadModel(folder)).rejects.toMatchObject({ code: 'input.malformed', field: 'graphs.lines.inputs.0.role' });
    await write('one', { graphs: { lines: { ...lines, bytes: 2 ** 40 } } });
    await expect(loadModel(folder)).rejects.toMatchObject({ code: 'input.malformed', field: 'graphs.lines.bytes' });
    await write('one', { graphs: Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`g${i}`, lines])) });
    await expect(loadModel(folder)).rejects.toMatchObject({ code: 'input.malformed', field: 'graphs' });
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
    const folder = await write('one', { files: { patterns: patternsFile } });
    await writeFile(join(folder, 'patterns.json'), PATTERNS);
    const sound = Buffer.from(JSON.stringify({ ...manifest('one'), files: { patterns: patternsFile } }));
    const random = mulberry(7);
    const refused = new Set<string>();
    for (let i = 0; i < 800; i++) {
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

import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { draftManifest, packageAnswers, type PackageAnswers, triedManifest, writeCard } from '../../src/models/draft.ts';
import { loadModel } from '../../src/models/load.ts';
import { readOnnxHeader } from '../../src/models/onnx-header.ts';
import { type NewPackage, removePackage, writePackage } from '../../src/models/own-packages.ts';
import { halving, physics } from '../support/networks.ts';

const GRAPH = halving([1, 1, 'h', 'w']);
const TRIED = { outputShape: [1, 1, 'rows', 'columns'], multiple: 4, size: { rows: 52, columns: 68, coils: 2 }, difference: 0 };
const answers = (more: Partial<Record<keyof PackageAnswers, unknown>> = {}): PackageAnswers =>
  packageAnswers.parse({ id: 'half', title: 'Half', task: 'mri-artefact-removal', inputs: { x: 'magnitude' }, outputs: { y: 'image-magnitude' }, ...more });
function packageOf(more: Partial<Record<keyof PackageAnswers, unknown>> = {}): NewPackage {
  const header = readOnnxHeader(GRAPH);
  const manifest = triedManifest(draftManifest(GRAPH, header, answers(more)), TRIED);
  return { manifest, graph: GRAPH, card: writeCard(manifest, header, TRIED) };
}

let own: string;
beforeEach(async () => {
  own = join(await mkdtemp(join(tmpdir(), 'lacuna-own-')), 'models');
});
afterEach(() => rm(join(own, '..'), { recursive: true, force: true }));

describe('a draft', () => {
  it('has shapes with their axes named, and what the trial found', () => {
    const { manifest } = packageOf({ trained: { acceleration: [2, 8] } });
    expect(manifest.graphs['network']).toMatchObject({ inputs: [{ name: 'x', shape: [1, 1, 'rows', 'columns'] }], outputs: [{ shape: [1, 1, 'rows', 'columns'] }] });
    expect(manifest.inference).toMatchObject({ scale: 'maximum', multiple: 4 });
    expect(manifest.trained).toEqual({ acceleration: [2, 8], patterns: [], data: [] });
  });

  it('has a card that says what is known and what is not', () => {
    const { card, manifest } = packageOf();
    for (const part of ['Not for diagnostic use', 'has not measured', manifest.graphs['network']?.sha256 ?? '?', 'multiples of 4', 'Acceleration: not stated', '52 × 68', '## Unknown']) {
      expect(card).toContain(part);
    }
  });

  it.each([
    [{ inputs: { x: 'magnitude', z: 'maps' } }, 'z', /no input or output “z”; it has x, y/],
    [{ inputs: {} }, 'x', /say what x holds/],
    [{ inputs: { x: 'maps' } }, 'x', /x is \[1, 1, h, w\], which maps cannot have/],
    [{ inputs: { x: 'image' } }, 'x', /x cannot be image/],
    [{ outputs: {} }, 'outputs', /name one output/],
    [{ trained: { coils: [8, 1] } }, 'trained.coils', /smallest, largest/],
  ] as const)('is refused for %j', (more, field, message) => {
    expect(() => packageOf(more)).toThrow(message);
    try {
      packageOf(more);
    } catch (error) {
      expect(error).toMatchObject({ code: 'usage.invalid', field });
    }
  });

  it('gives no role to two inputs', () => {
    const graph = physics();
    const given = answers({ inputs: { zero_filled: 'adjoint', sens_maps: 'maps', mask: 'mask-lines' }, outputs: { out: 'image' } });
    expect(Object.keys(draftManifest(graph, readOnnxHeader(graph), given).graphs)).toEqual(['network']);
    const twice = answers({ inputs: { zero_filled: 'adjoint', sens_maps: 'adjoint', mask: 'mask-lines' }, outputs: { out: 'image' } });
    expect(() => draftManifest(graph, readOnnxHeader(graph), twice)).toThrow(/which adjoint cannot have|role adjoint/);
  });
});

describe('a package', () => {
  it('is written whole, and reads back with every check', async () => {
    const model = await writePackage(own, packageOf(), { replace: false, taken: [] });
    expect(model.folder).toBe(join(own, 'half'));
    expect(await loadModel(model.folder)).toEqual(model);
    expect(await readdir(own)).toEqual(['half']);
  });

  it('never takes the place of another unasked', async () => {
    await writePackage(own, packageOf({ title: 'First' }), { replace: false, taken: [] });
    await expect(writePackage(own, packageOf(), { replace: false, taken: [] })).rejects.toMatchObject({ code: 'usage.invalid', field: 'id' });
    expect(JSON.parse(await readFile(join(own, 'half', 'model.json'), 'utf8'))).toMatchObject({ title: 'First' });
    await writePackage(own, packageOf({ title: 'Second' }), { replace: true, taken: [] });
    expect((await loadModel(join(own, 'half'))).manifest.title).toBe('Second');
    await expect(writePackage(own, packageOf({ id: 'unrolled-s' }), { replace: true, taken: ['unrolled-s'] })).rejects.toMatchObject({ field: 'id' });
    expect(await readdir(own)).toEqual(['half']);
  });

  it('that cannot be read back leaves nothing behind', async () => {
    const broken = { ...packageOf(), graph: GRAPH.subarray(1) };
    await expect(writePackage(own, broken, { replace: false, taken: [] })).rejects.toMatchObject({ code: 'input.truncated' });
    expect(await readdir(own)).toEqual([]);
  });

  it('is removed; ids that are paths are not', async () => {
    await writePackage(own, packageOf(), { replace: false, taken: [] });
    for (const id of ['../models/half', '..', '.', '', 'other']) await expect(removePackage(own, id)).rejects.toMatchObject({ code: 'usage.not-found' });
    await removePackage(own, 'half');
    expect(await readdir(own)).toEqual([]);
  });
});

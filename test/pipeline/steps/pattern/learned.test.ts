import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findModel } from '../../../../src/models/find.ts';
import { completeDocument } from '../../../../src/pipeline/complete-document.ts';
import type { PipelineDocument } from '../../../../src/pipeline/document.ts';
import { checkParams, findStep } from '../../../../src/pipeline/registry.ts';
import type { PatternContext } from '../../../../src/pipeline/step.ts';
import { decodePattern, encodePattern, PATTERN_FORMATS } from '../../../../src/sampling/pattern-files.ts';
import { readLearnedPatterns } from '../../../../src/sampling/learned-file.ts';

const models = fileURLToPath(new URL('../../../../models', import.meta.url));
const shipped: PatternContext = { rows: 128, columns: 320, loadModel: (id) => findModel(id, [models]) };

async function make(name: 'learned-lines' | 'learned-points', params: Record<string, number | string>, context: PatternContext = shipped) {
  const step = findStep('pattern', name);
  return step.create(context, checkParams(step, params));
}
const kept = (mask: Uint8Array): number[] => [...mask.keys()].filter((k) => mask[k] === 1);

describe('the shipped package', () => {
  it('says what its card says, and is trained on nothing that is held out', async () => {
    const { manifest, card } = await findModel('learned-patterns', [models]);
    expect(manifest).toMatchObject({ task: 'sampling-pattern', licence: 'MIT', graphs: {} });
    expect(card).toContain(manifest.files['patterns']?.sha256);
    expect(card).toContain('Not for diagnostic use');
    for (const entry of manifest.trained.data) expect(card).toContain(entry.split(' ')[0]);
    const split = await readFile(join(models, 'training/lacuna_training/split.py'), 'utf8');
    for (const file of split.slice(split.indexOf('\nDEV = ')).match(/[\w-]+\.(?:nii\.gz|npz)/g) ?? []) expect(manifest.trained.data.join('\n')).not.toContain(file);
  });

  it('has densities that fall towards the edges of k-space', async () => {
    const bytes = await readFile(join(models, 'learned-patterns/patterns.json'));
    const { family, lines, points } = readLearnedPatterns(bytes, 'patterns.json');
    expect(lines.map(({ name, acceleration }) => [name, acceleration])).toEqual([
      ['r4', 4],
      ['r6', 6],
      ['r8', 8],
    ]);
    for (const { logits } of [family, ...lines]) {
      const at = (f: number): number => logits[Math.round((f + 0.5) * (logits.length - 1))] as number;
      for (const side of [-1, 1]) {
        expect(at(side * 0.1)).toBeGreaterThan(at(side * 0.25));
        expect(at(side * 0.25)).toBeGreaterThan(at(side * 0.45));
      }
    }
    expect(points.map(({ name }) => name)).toEqual(['r8']);
  });

  it('keeps lines nearer to DC than random ones at 8×', async () => {
    const random = await findStep('pattern', 'random').create(shipped, checkParams(findStep('pattern', 'random'), { acceleration: 8, centreFraction: 0.05 }));
    const distance = (mask: Uint8Array): number => kept(mask).reduce((sum, k) => sum + Math.abs(k - 160), 0) / kept(mask).length;
    expect(distance((await make('learned-lines', { acceleration: 8 })).mask)).toBeLessThan(0.7 * distance(random.mask));
  });
});

describe('learned-lines', () => {
  it('automatic takes the design of a trained acceleration, else the family', async () => {
    for (const [acceleration, design] of [
      [4, 'r4'],
      [6, 'r6'],
      [8, 'r8'],
      [5, 'family'],
      [7.9, 'family'],
    ] as const) {
      const automatic = await make('learned-lines', { acceleration });
      expect(automatic.mask, `${acceleration}`).toEqual((await make('learned-lines', { acceleration, design })).mask);
      expect(automatic).toMatchObject({ kind: 'lines', nominal: acceleration, kept: Math.round(320 / acceleration) });
    }
    expect((await make('learned-lines', { acceleration: 4 })).mask).not.toEqual((await make('learned-lines', { acceleration: 4, design: 'family' })).mask);
  });

  it('the family is nested while the slider moves', async () => {
    let more = new Set(kept((await make('learned-lines', { acceleration: 2, design: 'family' })).mask));
    for (const acceleration of [2.5, 3, 4, 5, 6.3, 8, 10, 12, 16]) {
      const lines = kept((await make('learned-lines', { acceleration, design: 'family' })).mask);
      expect(lines.filter((k) => !more.has(k))).toEqual([]);
      more = new Set(lines);
    }
  });

  it('keeps a centre that coil maps can be made of', async () => {
    for (const columns of [64, 128, 320, 640]) {
      for (const acceleration of [4, 6, 8]) {
        const { centre } = await make('learned-lines', { acceleration }, { ...shipped, columns });
        expect(centre.columns[1] - centre.columns[0]).toBeGreaterThanOrEqual(Math.max(6, Math.floor(0.05 * columns)));
      }
    }
  });

  it('is exported as a list like any other pattern', async () => {
    const pattern = await make('learned-lines', { acceleration: 6 });
    for (const format of PATTERN_FORMATS) {
      const read = decodePattern(`mask.${format}`, encodePattern(pattern, format));
      expect(Uint8Array.from(read.data as ArrayLike<number>), format).toEqual(pattern.mask);
    }
  });

  it('goes into receipts as a mask, since another package would give other lines', async () => {
    const pattern = await make('learned-lines', { acceleration: 8 });
    const document: PipelineDocument = {
      lacuna: 1,
      input: { name: 'x', sha256: '0'.repeat(64), series: 'a' },
      slices: [0, 1],
      pattern: { name: 'learned-lines', params: { acceleration: 8 } },
      method: { name: 'zero-filled', params: {} },
      provider: 'cpu',
    };
    expect(completeDocument(document, pattern).mask).toMatchObject({ kind: 'lines', columns: 320 });
    expect(completeDocument({ ...document, pattern: { name: 'random', params: {} } }, pattern).mask).toBeUndefined();
  });
});

describe('learned-points', () => {
  it('keeps an exact number at any acceleration, with a square centre', async () => {
    for (const acceleration of [4, 8, 12.5]) {
      const pattern = await make('learned-points', { acceleration }, { ...shipped, columns: 160 });
      expect(pattern).toMatchObject({ kind: 'points', kept: Math.round((128 * 160) / acceleration), nominal: acceleration });
      expect(pattern.centre.rows[1] - pattern.centre.rows[0]).toBeGreaterThanOrEqual(9);
      expect(pattern.centre.columns[1] - pattern.centre.columns[0]).toBeGreaterThanOrEqual(9);
    }
  });
});

describe('without a sound package', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'lacuna-patterns-'));
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  async function install(content: string): Promise<PatternContext> {
    const bytes = Buffer.from(content);
    const folder = join(root, 'learned-patterns');
    await mkdir(folder, { recursive: true });
    const manifest = JSON.parse(await readFile(join(models, 'learned-patterns/model.json'), 'utf8')) as Record<string, unknown>;
    const files = { patterns: { file: 'patterns.json', bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') } };
    await writeFile(join(folder, 'model.json'), JSON.stringify({ ...manifest, files }));
    await writeFile(join(folder, 'CARD.md'), '# Test\n');
    await writeFile(join(folder, 'patterns.json'), bytes);
    return { ...shipped, loadModel: (id) => findModel(id, [root]) };
  }

  it.each(['learned-lines', 'learned-points'] as const)('%s says what is missing or wrong, and where', async (name) => {
    await expect(make(name, {}, { rows: 64, columns: 64 })).rejects.toMatchObject({ code: 'usage.unsupported' });
    await expect(make(name, {}, { ...shipped, loadModel: (id) => findModel(id, [root]) })).rejects.toMatchObject({ code: 'usage.not-found' });
    const sound = JSON.parse(await readFile(join(models, 'learned-patterns/patterns.json'), 'utf8')) as { family: object; lines: object[]; points: object[] };
    const broken = await install(JSON.stringify({ ...sound, family: { ...sound.family, centreFraction: 2 } }));
    await expect(make(name, {}, broken)).rejects.toMatchObject({ code: 'input.malformed', file: 'patterns.json', field: 'family.centreFraction' });
    const others = await install(JSON.stringify({ ...sound, lines: [{ ...sound.lines[0], name: 'r3' }], points: [{ ...sound.points[0], name: 'r3' }] }));
    await expect(make(name, { design: 'r8' }, others)).rejects.toMatchObject({ code: 'input.mismatch', field: 'design' });
  });
});

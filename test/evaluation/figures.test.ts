import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { modelManifestSchema } from '../../src/models/manifest.ts';
import { bars } from './bars.ts';
import { figuresText, statedFigures, withFigures, writeFigures } from './card.ts';
import { cardText } from './card-text.ts';
import { METHODS } from './classical.ts';
import { type Figures, type FigureRow, figuresJson, figuresSchema, lies } from './figures.ts';
import { settings } from './settings.ts';

const MODEL = 'unrolled-x';

function row(setting: string, slice: number, method: string, psnr: number, ssim: number): FigureRow {
  return { setting, data: 'head', slice, method, psnr, ssim, nmse: 0.01, rss: { psnr: psnr - 1, ssim: ssim - 0.1, nmse: 0.02 } };
}

/** Two slices; the network is `gain` dB above TV, which is above L1-wavelet on the first and below it on the second. */
function rowsOf(setting: string, gain: number, ssim = 0.93): FigureRow[] {
  return [0, 1].flatMap((slice) => [
    row(setting, slice, METHODS.zeroFilled, 25, 0.6),
    row(setting, slice, METHODS.sense, 28, 0.62),
    row(setting, slice, METHODS.l1, 32 + slice, 0.89 + 0.02 * slice),
    row(setting, slice, METHODS.tv, 32.5, 0.9),
    row(setting, slice, MODEL, 32.5 + gain, ssim),
  ]);
}

const figures = (rows: readonly FigureRow[]): Figures => ({
  lacunaFigures: 1, model: MODEL, version: '2.0.0', graphs: { lines: 'a'.repeat(64) }, rows: [...rows],
  measured: [{ data: 'bottles', method: METHODS.sense, residual: 0.1 }, { data: 'bottles', method: MODEL, residual: 0.09 }],
  trust: [{ data: 'head', slice: 0, acceleration: 4, rank: 0.7, rankAlone: 0.3, level: 1.1 }, { data: 'foot', slice: 2, acceleration: 4, rank: 0.4, rankAlone: 0.1, level: 0.9 }],
});

describe('lies', () => {
  const found = figures(rowsOf('random-4', 2));
  const changed = (change: (row: FigureRow) => FigureRow): Figures => ({ ...found, rows: found.rows.map(change) });

  it('is silent about what is true, and about differences that mean nothing', () => {
    expect(lies(found, found)).toEqual([]);
    expect(lies(changed((r) => ({ ...r, psnr: r.psnr + 0.04, ssim: r.ssim - 0.0015 })), found)).toEqual([]);
  });

  it.each([
    ['PSNR', { psnr: 40 }, /PSNR 40.00 dB stated/],
    ['SSIM', { ssim: 0.99 }, /SSIM 0.9900 stated/],
    ['NMSE', { nmse: 0.001 }, /NMSE 0.00100 stated, 0.0100 found/],
    ['a figure against the other reference', { rss: { psnr: 40, ssim: 0.9, nmse: 0.02 } }, /root-sum-of-squares: PSNR 40.00 dB/],
  ])('tells of a wrong %s, and where', (_, wrong, message) => {
    const complaints = lies(changed((r) => (r.method === MODEL && r.slice === 1 ? { ...r, ...wrong } : r)), found);
    expect(complaints[0]).toMatch(message);
    expect(complaints[0]).toMatch(/random-4, head, slice 1, unrolled-x/);
  });

  it('tells of figures that were left out, of other graphs and of another version', () => {
    const stated = { ...found, rows: found.rows.slice(1), graphs: { lines: 'b'.repeat(64) }, version: '1.0.0', measured: [] };
    expect(lies(stated, found).join('\n')).toMatch(/another graph “lines”[\s\S]*version 1.0.0[\s\S]*zero-filled: not stated[\s\S]*residual not stated/);
  });

  it('tells of a predicted error that ranks otherwise than stated', () => {
    const worse = { ...found, trust: found.trust.map((r) => ({ ...r, rank: r.rank + 0.05, level: 1.1 * r.level })) };
    expect(lies(worse, found)).toEqual([
      'predicted error, head, slice 0, R = 4: ρ 0.75 stated, 0.70 found', 'predicted error, head, slice 0, R = 4: true over predicted 1.21 stated, 1.10 found',
      'predicted error, foot, slice 2, R = 4: ρ 0.45 stated, 0.40 found', 'predicted error, foot, slice 2, R = 4: true over predicted 0.99 stated, 0.90 found',
    ]);
    expect(lies({ ...found, trust: [] }, found)[0]).toBe('predicted error, head, slice 0, R = 4: not stated');
  });

  it('compares only what was measured', () => {
    const stated = { ...found, rows: [...found.rows, ...rowsOf('random-8', 9)] };
    expect(lies(stated, found)).toEqual([]);
  });
});

describe('bars', () => {
  const found = figures([]);
  it('hold the network against the better classical method of each slice', () => {
    // 2.5 dB above TV are 1.5… above L1-wavelet on the second slice: (2.5 + 2) / 2 in the mean.
    const [psnr, ssim] = bars(rowsOf('random-4', 2.5), [], MODEL, settings());
    expect(psnr?.found).toMatch(/^\+2\.25 dB/);
    expect(psnr?.met).toBe(true);
    expect(ssim).toMatchObject({ found: 'on 2 of 2', met: true });
    expect(bars(rowsOf('random-4', 2.2), [], MODEL, settings())[0]).toMatchObject({ met: false });
    expect(bars(rowsOf('random-4', 2.5, 0.905), [], MODEL, settings())[1]).toMatchObject({ found: 'on 1 of 2', met: false });
  });

  it('do not count as met before all patterns were measured', () => {
    const some = bars(rowsOf('random-4', 2), [], MODEL, settings()).slice(2);
    expect(some.map(({ met }) => met)).toEqual([null, null]);
    const all = bars(['random-4', 'equispaced-4', 'gaussian-4', 'poisson-6', 'radial-4'].flatMap((id, i) => rowsOf(id, i === 0 ? -1 : 1)), [], MODEL, settings());
    expect(all.slice(2).map(({ met }) => met)).toEqual([true, true]);
    expect(all[3]?.found).toMatch(/^≥ on 4 of 5/);
  });

  it('name the slice that came out below zero-filled', () => {
    const rows = rowsOf('radial-4', -9);
    expect(bars(rows, [], MODEL, settings())[0]).toMatchObject({ met: false, found: expect.stringContaining('radial (golden angle), R = 4, head, slice 0') as string });
  });

  it('hold the predicted error against its bar on every slice', () => {
    const [bar] = bars([], [], MODEL, settings(), found.trust);
    expect(bar).toMatchObject({ met: false, found: 'on 1 of 2 slices (mean 0.55, lowest 0.40)' });
  });

  it('compare residuals with those of SENSE on the same recording', () => {
    const measured = [{ data: 'bottles', method: METHODS.sense, residual: 0.1 }, { data: 'bottles', method: MODEL, residual: 0.11 }];
    expect(bars([], measured, MODEL, settings())).toMatchObject([{ found: '0.1100', met: false }]);
  });
});

describe('a package with figures', () => {
  const card = '# Card\n\n<!-- figures: made by npm run models:evaluate -- --write -->\n\nNot measured yet for these weights.\n\n<!-- /figures -->\n\nLimits\n';

  it('puts text between the markers and leaves the rest', () => {
    const written = withFigures(card, 'table');
    expect(figuresText(written)).toBe('table');
    expect(written.startsWith('# Card\n\n')).toBe(true);
    expect(written.endsWith('\n\nLimits\n')).toBe(true);
    expect(withFigures(written, 'table')).toBe(written);
    expect(() => withFigures('# Card\n', 'table')).toThrow(/place for figures/);
    expect(figuresText('# Card\n')).toBeNull();
  });

  it('reads back what was written, and lists it in the manifest', () => {
    const folder = mkdtempSync(join(tmpdir(), 'figures-'));
    const graph = { file: 'lines.onnx', sha256: 'a'.repeat(64), bytes: 1, inputs: [{ name: 'x', role: 'adjoint', dtype: 'float32', shape: [1], help: '.' }], outputs: [{ name: 'y', role: 'image', dtype: 'float32', shape: [1], help: '.' }] };
    const manifest = {
      lacunaModel: 2, id: MODEL, version: '2.0.0', title: 'X', summary: 'X', licence: 'MIT', task: 'mri-reconstruction', graphs: { lines: graph },
      files: { patterns: { file: 'patterns.json', sha256: 'c'.repeat(64), bytes: 2 }, 'failure-3': { file: 'failure-3.png', sha256: 'd'.repeat(64), bytes: 2 } },
      parameters: 1, tolerance: { maxAbs: 1, nrmse: 1 }, trained: { acceleration: [2, 4], coils: [1, 2], matrix: [8, 16], patterns: [], data: [] },
    };
    writeFileSync(join(folder, 'model.json'), JSON.stringify(manifest));
    writeFileSync(join(folder, 'CARD.md'), card);
    writeFileSync(join(folder, 'failure-3.png'), 'old');
    const stated = figures(rowsOf('random-4', 2));
    const picture = { key: 'failure-1', caption: 'worst', png: Uint8Array.of(1, 2, 3) };
    writeFigures(folder, stated, cardText(stated, settings(), [picture]), [picture]);
    expect(statedFigures(folder)).toEqual(stated);
    const { files } = modelManifestSchema.parse(JSON.parse(readFileSync(join(folder, 'model.json'), 'utf8')));
    expect(Object.keys(files).sort()).toEqual(['failure-1', 'figures', 'patterns']);
    expect(files['figures']?.bytes).toBe(readFileSync(join(folder, 'figures.json')).byteLength);
    const text = figuresText(readFileSync(join(folder, 'CARD.md'), 'utf8')) ?? '';
    expect(text).toContain('| head (2) | 25.00 / 0.600 | 28.00 / 0.620 | 32.50 / 0.900 | 32.50 / 0.900 | 34.50 / 0.930 |');
    expect(text).toContain('PSNR +1.75 dB in the mean (+1.50 to +2.00), higher on 2 of 2 slices; SSIM higher on 2 of 2.');
    expect(text).toContain('![worst](failure-1.png)');
    expect(text).toContain('| head (1) | 0.70 | 0.30 | 1.10 |\n| foot (1) | 0.40 | 0.10 | 0.90 |\n| all slices | 0.55 (lowest 0.40) | 0.20 | 1.00 |');
    expect(text).toContain('ρ reaches 0.5 on 1 of 2; not on foot.');
  });

  it('states nothing where there is no file, and refuses one that is something else', () => {
    const folder = mkdtempSync(join(tmpdir(), 'figures-'));
    expect(statedFigures(folder)).toBeNull();
    writeFileSync(join(folder, 'figures.json'), '{"lacunaFigures": 2}');
    expect(() => statedFigures(folder)).toThrow();
    expect(figuresSchema.parse(JSON.parse(figuresJson(figures([]))))).toEqual(figures([]));
  });
});

import { describe, expect, it } from 'vitest';
import { type ConditionRow, conditionRows } from '../../../../renderer/workspaces/mri/model-fit.ts';
import { receiptSummary } from '../../../../renderer/workspaces/mri/receipt-summary.ts';

const model = { trained: { acceleration: [2, 10], coils: [1, 8], matrix: [160, 400], snr: [20, 500], patterns: ['random'], data: ['brain T1'] } } as const;
const series = { coils: 8, rows: 256, columns: 216, domain: 'kspace' } as const;
const pattern = { achieved: 4.4, kind: 'lines' } as const;
const recipe = { pattern: { name: 'random', params: {} } };
const seen = { acceleration: 4.4, coils: 8, rows: 256, columns: 216, snr: 31.27 };
const rowOf = (label: string, rows: readonly ConditionRow[]): ConditionRow | undefined => rows.find((row) => row.label === label);
const outside = (rows: readonly ConditionRow[]) => rows.filter((row) => row.outside).map(({ label }) => label);

describe('conditions of training beside this scan', () => {
  it('are all there, and none is marked, where the scan lies inside', () => {
    const rows = conditionRows(model, series, pattern, recipe, seen);
    expect(rows.map(({ label, trained, scan }) => [label, trained, scan])).toEqual([
      ['R', '2–10', '4.4'], ['Matrix', '160–400', '256 × 216'], ['Coils', '1–8', '8'], ['SNR', '20–500', '31.3'], ['Pattern', 'random', 'random'],
    ]);
    expect(outside(rows)).toEqual([]);
  });
  it('mark each limit that is passed, and no other', () => {
    expect(outside(conditionRows(model, { ...series, rows: 512 }, pattern, recipe, seen))).toEqual(['Matrix']);
    expect(outside(conditionRows(model, series, { ...pattern, achieved: 12.34 }, recipe, seen))).toEqual(['R']);
    expect(outside(conditionRows(model, series, pattern, recipe, { ...seen, coils: 12 }))).toEqual(['Coils']);
    expect(outside(conditionRows(model, series, pattern, recipe, { ...seen, snr: 8.5 }))).toEqual(['SNR']);
    expect(outside(conditionRows(model, series, pattern, { pattern: { name: 'gaussian', params: {} } }, seen))).toEqual(['Pattern']);
  });
  it('judge R as achieved and as shown, whatever was asked for', () => {
    const asked = (achieved: number) => conditionRows(model, series, { ...pattern, achieved }, { pattern: { name: 'random', params: { acceleration: 4 } } }, seen);
    expect(outside(asked(10.04))).toEqual([]);
    expect(outside(asked(10.06))).toEqual(['R']);
    expect(outside(asked(1.96))).toEqual([]);
    expect(rowOf('R', conditionRows(model, series, null, recipe, seen))).toMatchObject({ scan: '–', outside: false });
  });
  it('count coils as the network sees them: those of the scanner may be compressed, those of an image are simulated', () => {
    const many = { ...series, coils: 15 };
    expect(rowOf('Coils', conditionRows(model, many, pattern, recipe, seen))).toMatchObject({ scan: '15 as 8', outside: false });
    expect(rowOf('Coils', conditionRows(model, many, pattern, recipe))).toMatchObject({ scan: '15', outside: false });
    const image = { ...series, coils: 1, domain: 'image' } as const;
    expect(rowOf('Coils', conditionRows(model, image, pattern, recipe))).toMatchObject({ scan: '–', outside: false });
    expect(rowOf('Coils', conditionRows(model, image, pattern, recipe, seen))).toMatchObject({ scan: '8', outside: false });
  });
  it('say of the noise why it is not known, and that a card is silent', () => {
    expect(rowOf('SNR', conditionRows(model, series, pattern, recipe, { ...seen, snr: null }))).toMatchObject({ scan: 'not known', outside: false, help: expect.stringContaining('could not be measured') });
    expect(rowOf('SNR', conditionRows(model, series, pattern, recipe))).toMatchObject({ scan: '–', outside: false });
    const { snr: _silent, ...silent } = model.trained;
    expect(rowOf('SNR', conditionRows({ trained: silent }, series, pattern, recipe, { ...seen, snr: 2 }))).toMatchObject({ trained: 'not stated', scan: '2', outside: false });
    expect(conditionRows({ trained: { patterns: [], data: [] } }, series, pattern, recipe, seen)).toEqual([]);
  });
});

describe('receiptSummary', () => {
  const request = { pattern: { name: 'random', params: { acceleration: 4, seed: 3 } }, method: { name: 'sense', params: {} } };
  it('names input, pattern, method and provider, and promises bits only on CPU', () => {
    expect(receiptSummary('d4c5cb67'.repeat(8), request, { provider: 'cpu', model: null, reference: null })).toBe(
      'input sha256 d4c5cb67… · random R 4 seed 3 · sense · CPU · reproducible bit for bit',
    );
    expect(receiptSummary('d4c5cb67'.repeat(8), request, { provider: 'webgpu', model: 'unrolled 1.0.0', reference: 'the combined coils' })).toContain(
      'unrolled 1.0.0 · scored against the combined coils · WebGPU · bit for bit when run on CPU',
    );
  });
});

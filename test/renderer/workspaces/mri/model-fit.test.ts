import { describe, expect, it } from 'vitest';
import { modelFit } from '../../../../renderer/workspaces/mri/model-fit.ts';
import { receiptSummary } from '../../../../renderer/workspaces/mri/receipt-summary.ts';

const model = { trained: { acceleration: [2, 10], coils: [4, 16], matrix: [160, 400], patterns: ['random'], data: ['brain T1'] } } as const;
const series = { coils: 8, rows: 256, columns: 216, domain: 'kspace' } as const;
const recipe = { pattern: { name: 'random', params: {} } };

describe('modelFit', () => {
  it('says so when the scan is inside the limits', () => {
    const fit = modelFit(model, series, { achieved: 4.4, kind: 'lines' }, recipe);
    expect(fit).toEqual({ inside: true, text: 'Trained at R 2–10, 4–16 coils, matrix 160–400. This scan is inside those limits.' });
  });
  it('names each limit that is passed', () => {
    const fit = modelFit(model, { ...series, coils: 32, rows: 512 }, { achieved: 12.34, kind: 'lines' }, { pattern: { name: 'gaussian', params: {} } });
    expect(fit.inside).toBe(false);
    for (const part of ['32 coils', '512 × 216', 'R 12.3', 'gaussian']) expect(fit.text).toContain(part);
  });
  it('does not hold the coils of an image against the model: the simulation sets them', () => {
    expect(modelFit(model, { ...series, coils: 1, domain: 'image' }, null, recipe).inside).toBe(true);
  });
});

describe('receiptSummary', () => {
  const request = { pattern: { name: 'random', params: { acceleration: 4, seed: 3 } }, method: { name: 'sense', params: {} } };
  it('names input, pattern, method and provider, and promises bits only on CPU', () => {
    expect(receiptSummary('d4c5cb67'.repeat(8), request, { provider: 'cpu', model: null })).toBe(
      'input sha256 d4c5cb67… · random R 4 seed 3 · sense · CPU · reproducible bit for bit',
    );
    expect(receiptSummary('d4c5cb67'.repeat(8), request, { provider: 'webgpu', model: 'unrolled 1.0.0' })).toContain(
      'unrolled 1.0.0 · WebGPU · bit for bit when run on CPU',
    );
  });
});

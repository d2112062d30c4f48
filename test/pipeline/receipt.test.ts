import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { completeDocument } from '../../src/pipeline/complete-document.ts';
import { pipelineSchema } from '../../src/pipeline/document.ts';
import { exportResult, exportStepFor } from '../../src/pipeline/export-result.ts';
import { derivation, embeddedReceipt, makeReceipt, parseReceipt } from '../../src/pipeline/receipt.ts';
import type { RunOutcome } from '../../src/pipeline/run-event.ts';
import { describePattern } from '../../src/sampling/describe.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lacuna-receipt-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const pattern = describePattern({ kind: 'lines', rows: 16, columns: 16, mask: Uint8Array.from({ length: 16 }, (_, i) => (i % 2 === 0 || (i > 5 && i < 10) ? 1 : 0)), nominal: 2 });
const outcome: RunOutcome = {
  volume: { dtype: 'float32', shape: [2, 16, 16], data: Float32Array.from({ length: 512 }, (_, i) => i % 37) },
  reference: null,
  pattern,
  ms: 12.34,
  provider: 'cpu (TypeScript)',
  notes: ['a note'],
};
const document = pipelineSchema.parse({
  lacuna: 1,
  input: { name: 'a.h5', sha256: 'a'.repeat(64), series: 's' },
  slices: [3, 5],
  pattern: { name: 'random', params: { acceleration: 2 } },
  method: { name: 'sense' },
});
const machine = { runtime: 'node 24', platform: 'linux x64', threads: 2 };
const receipt = () => makeReceipt(completeDocument(document, pattern), outcome, machine);

describe('a receipt', () => {
  it('writes every default out and reads back', async () => {
    const made = await receipt();
    expect(made.pipeline.pattern.params).toMatchObject({ acceleration: 2, seed: expect.any(Number), centreFraction: expect.any(Number) });
    expect(made.pipeline.method.params).toHaveProperty('iterations');
    expect(made.pipeline.metric).toMatchObject({ name: 'fastmri' });
    expect(parseReceipt(JSON.stringify(made), 'x')).toEqual(made);
  });

  it('embeds no time, so that an export repeats byte for byte', async () => {
    const slow = await makeReceipt(completeDocument(document, pattern), { ...outcome, ms: 999 }, { ...machine, threads: 1 });
    expect(embeddedReceipt(slow)).toBe(embeddedReceipt(await receipt()));
  });

  it('says in a sentence how the image was made', async () => {
    expect(derivation(await receipt())).toMatch(/SENSE from 10 of 16 lines, random pattern, R 2\.00 nominal, 1\.60 achieved\. .*Not for diagnostic use/);
  });

  it.each([
    ['not json', /not JSON/],
    ['{}', /lacunaReceipt/],
  ])('refuses %j naming the file', (text, message) => {
    expect(() => parseReceipt(text, 'r.lacuna.json')).toThrow(expect.objectContaining({ code: 'input.malformed', file: 'r.lacuna.json', message: expect.stringMatching(message) }));
  });
});

describe('an export', () => {
  it('writes the files and a receipt that names them by hash', async () => {
    const series = { title: 'brain', domain: 'kspace', attributes: [] } as const;
    const written = await exportResult({ receipt: await receipt(), volume: outcome.volume, series, format: 'png', params: {}, path: join(folder, 'brain.png') });
    expect(readdirSync(folder).sort()).toEqual(['brain-0001.png', 'brain-0002.png', 'brain.png.lacuna.json']);
    const kept = parseReceipt(readFileSync(written.at(-1)?.path ?? '', 'utf8'), 'brain');
    expect(kept.export?.files.map((f) => f.name)).toEqual(['brain-0001.png', 'brain-0002.png']);
  });

  it('is chosen by extension, the longest first', () => {
    expect(exportStepFor('a/b.nii.gz').name).toBe('nifti');
    expect(exportStepFor('b.NII').name).toBe('nifti-plain');
    expect(() => exportStepFor('b.bmp')).toThrow(expect.objectContaining({ code: 'usage.invalid', field: 'output' }));
  });

  it('refuses slices that the volume does not have', async () => {
    const series = { title: 'brain', domain: 'kspace', attributes: [] } as const;
    const order = { receipt: await receipt(), volume: outcome.volume, series, format: 'npy', params: {}, slices: [1, 5], path: join(folder, 'x.npy') } as const;
    await expect(exportResult(order)).rejects.toMatchObject({ code: 'usage.invalid', field: 'slices' });
    expect(readdirSync(folder)).toEqual([]);
  });
});

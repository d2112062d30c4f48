import { describe, expect, it } from 'vitest';
import type { RecordingSummary, SeriesSummary, StepDescription } from '../../../../src/host/contract.ts';
import { pipelineSchema } from '../../../../src/pipeline/document.ts';
import { callOf, documentOf, requestOf, sameRecipe, startRecipe } from '../../../../renderer/workspaces/mri/recipe.ts';

const step = (kind: StepDescription['kind'], name: string, properties: StepDescription['params']['properties'] = {}, model?: string): StepDescription => ({
  kind, name, title: name, help: '', params: { type: 'object', properties }, ...(model === undefined ? {} : { model }),
});
const random = step('pattern', 'random', {
  acceleration: { type: 'number', minimum: 1, maximum: 16, default: 4 },
  seed: { type: 'integer', default: 1 },
});
const wavelet = step('method', 'l1-wavelet', { levels: { type: 'integer', default: 3 }, family: { type: 'string', enum: ['haar', 'db4'], default: 'db4' } });
const unrolled = step('method', 'unrolled', {}, 'unrolled-small');
const file = step('pattern', 'file', { file: { type: 'string', default: '' } });
const multicoil = step('acquire', 'multicoil', { coils: { type: 'integer', minimum: 1, maximum: 32, default: 8 } });
const metric = step('metric', 'fastmri', {
  crop: { type: 'integer', minimum: 0, maximum: 4096, default: 0 },
  reference: { type: 'string', enum: ['root-sum-of-squares', 'combined'], default: 'root-sum-of-squares' },
});
const series: SeriesSummary = {
  id: 's', title: '', domain: 'kspace', dtype: 'complex64', axes: [], slices: 3, coils: 8, rows: 4, columns: 4,
  output: { rows: 4, columns: 4 }, fullySampled: true, prepare: [], attributes: [],
};
const recording: RecordingSummary = { id: 'a'.repeat(64), name: 'x.h5', bytes: 1, format: 'fastmri', series: [series], warnings: [], findings: [], openedAt: '' };

describe('callOf', () => {
  it('takes defaults, keeps what fits, clamps what is out of range, drops what the step does not have', () => {
    expect(callOf(random, { acceleration: 40, seed: 7, levels: 2 })).toEqual({ name: 'random', params: { acceleration: 16, seed: 7 } });
    expect(callOf(wavelet, { family: 'sym8', levels: true })).toEqual({ name: 'l1-wavelet', params: { levels: 3, family: 'db4' } });
  });
});

describe('startRecipe', () => {
  it('opens with the learned method where its model is installed, else with one that runs', () => {
    const steps = [wavelet, unrolled, random, multicoil];
    expect(startRecipe(steps, [{ id: 'unrolled-small' }])?.method.name).toBe('unrolled');
    expect(startRecipe(steps, [])?.method.name).toBe('l1-wavelet');
    expect(startRecipe([random], [])).toBeNull();
  });
  it('scores against the combined coils where the metric offers them', () => {
    expect(startRecipe([wavelet, random, metric], [])?.metric).toEqual({ name: 'fastmri', params: { crop: 0, reference: 'combined' } });
    expect(startRecipe([wavelet, random], [])?.metric).toBeNull();
  });
});

describe('requests and documents', () => {
  const recipe = { pattern: callOf(random), method: callOf(wavelet), acquire: callOf(multicoil), prepare: [], metric: callOf(metric) };
  it('simulates an acquisition for image series only', () => {
    expect(requestOf(recording, series, [1, 2], recipe, 'auto').acquire).toBeUndefined();
    expect(requestOf(recording, { ...series, domain: 'image', coils: 1 }, [1, 2], recipe, 'auto').acquire).toEqual(recipe.acquire);
    // Images of single coils are measured data already.
    expect(requestOf(recording, { ...series, domain: 'image', coils: 7 }, [1, 2], recipe, 'auto').acquire).toBeUndefined();
  });
  it('make a document that the pipeline accepts', () => {
    const document = documentOf(recording, requestOf(recording, series, [1, 2], recipe, 'cpu'), null);
    expect(pipelineSchema.parse(document)).toEqual(document);
  });
  it('carry the metric, which decides the reference', () => {
    const against = (reference: string) => ({ ...recipe, metric: callOf(metric, { reference }) });
    const request = requestOf(recording, series, [1, 2], against('combined'), 'cpu');
    expect(request.metric).toEqual({ name: 'fastmri', params: { crop: 0, reference: 'combined' } });
    expect(pipelineSchema.parse(documentOf(recording, request, null)).metric).toEqual(request.metric);
    expect(sameRecipe(against('combined'), against('root-sum-of-squares'))).toBe(false);
    expect(requestOf(recording, series, [1, 2], { ...recipe, metric: null }, 'cpu')).not.toHaveProperty('metric');
  });
  it('carry the mask of a pattern file inside the document', () => {
    const fromFile = { ...recipe, pattern: callOf(file, { file: 'handle-1' }) };
    const mask = { kind: 'lines' as const, rows: 4, columns: 4, mask: Uint8Array.of(1, 0, 1, 1) };
    const document = documentOf(recording, requestOf(recording, series, [0, 1], fromFile, 'cpu'), mask);
    expect(document.mask).toEqual({ kind: 'lines', rows: 4, columns: 4, bits: btoa(String.fromCharCode(0b10110000)) });
    expect(pipelineSchema.parse(document)).toEqual(document);
  });
  it('compare by value', () => {
    expect(sameRecipe(recipe, { ...recipe, pattern: callOf(random) })).toBe(true);
    expect(sameRecipe(recipe, { ...recipe, pattern: callOf(random, { seed: 2 }) })).toBe(false);
  });
});

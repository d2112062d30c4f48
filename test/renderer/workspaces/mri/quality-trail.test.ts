import { describe, expect, it } from 'vitest';
import { CLOSEST, curveKey, MOST_CURVES, NO_TRAIL, type Trail, withResult } from '../../../../renderer/workspaces/mri/quality-trail.ts';
import { QualityTrail } from '../../../../renderer/workspaces/mri/quality-trail.svelte.ts';

const report = (psnr: number) => ({
  values: [
    { name: 'PSNR' as const, value: psnr, unit: 'dB' as const, better: 'higher' as const },
    { name: 'SSIM' as const, value: psnr / 50, unit: '' as const, better: 'higher' as const },
  ],
  contract: '', dataRange: 1, shape: [1, 8, 8],
});
const request = (acceleration: number, method = 'unrolled', slice = 3, seed = 1) => ({
  recording: 'r', series: 's', slices: [slice, slice + 1] as const,
  pattern: { name: 'random', params: { acceleration, seed } }, method: { name: method, params: {} },
});
const result = (psnr: number) => ({ metrics: report(psnr), ms: 40, stage: Infinity });
const trailOf = (...results: readonly (readonly [ReturnType<typeof request>, number])[]): Trail => results.reduce((trail, [asked, psnr]) => withResult(trail, asked, result(psnr)), NO_TRAIL);
const shape = ({ curves }: Trail) => curves.map(({ method, points }) => [method.name, points.map(({ r, psnr }) => [r, psnr])]);

describe('the trail of previews', () => {
  it('keeps a curve in the order of R, whatever the order of arrival, with quality and time', () => {
    const trail = trailOf([request(6), 30], [request(2), 40], [request(4), 35]);
    expect(shape(trail)).toEqual([['unrolled', [[2, 40], [4, 35], [6, 30]]]]);
    expect(trail.curves[0]?.points[0]).toEqual({ r: 2, psnr: 40, ssim: 0.8, ms: 40 });
  });
  it('has a curve for each method and setting, the one of now last, and no more than a few', () => {
    expect(shape(trailOf([request(4), 35], [request(4, 'sense'), 33], [request(5), 34]))).toEqual([['sense', [[4, 33]]], ['unrolled', [[4, 35], [5, 34]]]]);
    expect(curveKey(request(4))).toBe(curveKey(request(9)));
    expect(curveKey(request(4))).not.toBe(curveKey(request(4, 'unrolled', 3, 2)));
    const many = Array.from({ length: MOST_CURVES + 2 }, (_, seed) => [request(4, 'unrolled', 3, seed), seed] as const);
    expect(trailOf(...many).curves.map(({ points }) => points[0]?.psnr)).toEqual(Array.from({ length: MOST_CURVES }, (_, i) => i + 2));
  });
  it('begins anew with another slice, recording or acquisition', () => {
    expect(shape(trailOf([request(4), 35], [request(4, 'unrolled', 4), 20]))).toEqual([['unrolled', [[4, 20]]]]);
    const prepared = { ...request(5), prepare: [{ name: 'whiten', params: {} }] };
    expect(shape(withResult(trailOf([request(4), 35]), prepared, result(31)))).toEqual([['unrolled', [[5, 31]]]]);
  });
  it('begins anew with another reference: its numbers do not compare', () => {
    const against = (reference: string, r: number) => ({ ...request(r), metric: { name: 'fastmri', params: { reference } } });
    const trail = withResult(withResult(NO_TRAIL, against('combined', 4), result(35)), against('root-sum-of-squares', 6), result(25));
    expect(shape(trail)).toEqual([['unrolled', [[6, 25]]]]);
  });
  it('lets the later of two results at nearly one R stand', () => {
    expect(shape(trailOf([request(4), 35], [request(4 + CLOSEST / 2), 34], [request(4 + 2 * CLOSEST), 33]))).toEqual([['unrolled', [[4 + CLOSEST / 2, 34], [4 + 2 * CLOSEST, 33]]]]);
  });
  it('takes no partial image, nothing without a reference, no pattern without an acceleration', () => {
    expect(withResult(NO_TRAIL, request(4), { ...result(30), stage: 3 })).toBe(NO_TRAIL);
    expect(withResult(NO_TRAIL, request(4), { ms: 40, stage: Infinity })).toBe(NO_TRAIL);
    expect(withResult(NO_TRAIL, { ...request(4), pattern: { name: 'full', params: {} } }, result(30))).toBe(NO_TRAIL);
  });
  it('notes every finished preview once, and none of another request', () => {
    const trail = new QualityTrail();
    const slot = <T>(generation: number, value: T) => ({ generation, value });
    const image = { dtype: 'float32' as const, shape: [1, 1], data: new Float32Array(1) };
    const asked = { ...request(4), purpose: 'preview' as const, channel: 'mri' };
    const estimate = slot(7, { slice: 3, image, method: asked.method, notes: [], ...result(35) });
    trail.note({ estimate, request: slot(6, asked) });
    expect(trail.trail).toBe(NO_TRAIL);
    trail.note({ estimate, request: slot(7, asked) });
    const once = trail.trail;
    expect(shape(once)).toEqual([['unrolled', [[4, 35]]]]);
    trail.note({ estimate, request: slot(7, asked) });
    expect(trail.trail).toBe(once);
  });
});

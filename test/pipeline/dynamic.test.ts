/** Dynamic series from the sample to the metrics: frames, their patterns, low-rank + sparse against frame-by-frame methods. */
import { describe, expect, it } from 'vitest';
import { NEVER_CANCELLED } from '../../src/algorithms/status.ts';
import type { Series } from '../../src/array/recording.ts';
import type { PipelineDocument } from '../../src/pipeline/document.ts';
import { framesOf } from '../../src/array/frames.ts';
import { checkParams, findStep } from '../../src/pipeline/registry.ts';
import type { RunEvent, RunOutcome } from '../../src/pipeline/run-event.ts';
import { runPipeline, type RunEnvironment } from '../../src/pipeline/runner.ts';
import { SliceCache } from '../../src/pipeline/slice-cache.ts';
import { memorySeries } from '../support/memory-series.ts';

const inferred = (): never => {
  throw new Error('a classical method does not infer');
};
const environment = (slices: SliceCache): RunEnvironment => ({
  slices, infer: { providers: inferred, run: inferred }, loadModel: inferred, signal: NEVER_CANCELLED, cache: new Map(),
  show: { kspace: false, zeroFilled: false, sliceMetrics: false, partialEveryMs: null },
});
const pipeline = (method: string, slices: readonly [number, number], params = {}): PipelineDocument => ({
  lacuna: 1, input: { sha256: '0'.repeat(64), series: 'kspace' }, pattern: { name: 'gaussian', params: { acceleration: 6, centreFraction: 0.06, seed: 1 } },
  method: { name: method, params }, slices: [...slices], provider: 'cpu',
}) as unknown as PipelineDocument;

async function run(document: PipelineDocument, env: RunEnvironment): Promise<{ outcome: RunOutcome; events: RunEvent[] }> {
  const events: RunEvent[] = [];
  const iterator = runPipeline(document, env);
  for (;;) {
    const next = await iterator.next();
    if (next.done) return { outcome: next.value, events };
    events.push(next.value);
  }
}

async function cine(params: Record<string, number> = {}): Promise<Series> {
  const step = findStep('sample', 'cine');
  const recording = await step.run(checkParams(step, params));
  return recording.series[0] as Series;
}
const value = (outcome: RunOutcome, name: string): number => outcome.metrics?.values.find((metric) => metric.name === name)?.value ?? NaN;

describe('frames of a series', () => {
  it('are found among the leading axes, in C order', () => {
    const series = memorySeries([12, 2, 8, 8], { axes: [{ name: 'slice', length: 3 }, { name: 'frame', length: 4 }, { name: 'coil', length: 2 }, { name: 'row', length: 8 }, { name: 'column', length: 8 }] });
    expect(framesOf(series)?.placeOf(6)).toEqual([4, 5, 6, 7]);
    const other = memorySeries([12, 2, 8, 8], { axes: [{ name: 'volume', length: 4 }, { name: 'slice', length: 3 }, { name: 'coil', length: 2 }, { name: 'row', length: 8 }, { name: 'column', length: 8 }] });
    expect(framesOf(other)?.placeOf(7)).toEqual([1, 4, 7, 10]);
    expect([0, 5, 11].map((slice) => framesOf(other)?.frameOf(slice))).toEqual([0, 1, 3]);
    expect(framesOf(memorySeries([3, 2, 8, 8]))).toBeNull();
  });
});

describe('the beating heart', () => {
  it('is the same to the bit every time, and moves', async () => {
    const [a, b] = [await cine({ frames: 4, matrix: 64, coils: 2 }), await cine({ frames: 4, matrix: 64, coils: 2 })];
    expect((await a.read(1)).data).toEqual((await b.read(1)).data);
    expect((await a.read(1)).data).not.toEqual((await a.read(2)).data);
    await expect(a.read(4)).rejects.toMatchObject({ code: 'usage.invalid' });
  });

  it('low-rank + sparse beats frame-by-frame SENSE and zeros at R = 6, and draws each frame anew', async () => {
    const slices = new SliceCache(await cine({ matrix: 96, frames: 16, coils: 6 }));
    const env = environment(slices);
    const [zero, sense, both] = [await run(pipeline('zero-filled', [0, 16]), env), await run(pipeline('sense', [0, 16]), env), await run(pipeline('low-rank-sparse', [0, 16]), env)];
    expect(value(both.outcome, 'NMSE')).toBeLessThan(0.5 * value(sense.outcome, 'NMSE'));
    expect(value(both.outcome, 'SSIM')).toBeGreaterThan(value(sense.outcome, 'SSIM'));
    expect(value(sense.outcome, 'NMSE')).toBeLessThan(value(zero.outcome, 'NMSE'));
    expect(both.outcome.volume.shape).toEqual([16, 96, 96]);
    expect(both.outcome.notes.join('\n')).toMatch(/Each frame has a pattern of its own; over 16 frames R = 6\.00/);
    expect(both.events.filter(({ type }) => type === 'pattern').length).toBe(1);
    // Computed with the first frame, remembered for the others.
    expect(both.events.filter((event) => event.type === 'progress' && event.slice > 0)).toEqual([]);
  });

  it('a preview of one frame computes all once; another frame is then at hand, until a parameter moves', async () => {
    const env = environment(new SliceCache(await cine({ matrix: 64, frames: 6, coils: 4 })));
    const progress = async (document: PipelineDocument): Promise<number> => (await run(document, env)).events.filter(({ type }) => type === 'progress').length;
    expect(await progress(pipeline('low-rank-sparse', [2, 3], { iterations: 5 }))).toBe(5);
    expect(await progress(pipeline('low-rank-sparse', [4, 5], { iterations: 5 }))).toBe(0);
    expect(await progress(pipeline('low-rank-sparse', [4, 5], { iterations: 4 }))).toBe(4);
  });

  it('one pattern for all frames where that is asked for', async () => {
    const document = pipeline('zero-filled', [0, 4]);
    const env = environment(new SliceCache(await cine({ matrix: 64, frames: 4, coils: 2 })));
    const fixed = { ...document, pattern: { name: 'gaussian', params: { ...document.pattern.params, vary: false } } };
    expect((await run(fixed, env)).outcome.notes).toEqual([]);
  });

  it('a series that does not move is refused', async () => {
    const env = environment(new SliceCache(memorySeries([2, 2, 32, 32])));
    await expect(run(pipeline('low-rank-sparse', [0, 1]), env)).rejects.toMatchObject({ code: 'usage.unsupported', message: expect.stringMatching(/needs a dynamic series/) as string });
  });
});

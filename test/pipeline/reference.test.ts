/** One reference for all methods, chosen by the metric, and named in its contract. */
import { expect, it } from 'vitest';
import { NEVER_CANCELLED } from '../../src/algorithms/status.ts';
import { pipelineSchema, type StepCall } from '../../src/pipeline/document.ts';
import type { RunEvent } from '../../src/pipeline/run-event.ts';
import { runPipeline } from '../../src/pipeline/runner.ts';
import { SliceCache } from '../../src/pipeline/slice-cache.ts';
import { finish } from '../support/finish.ts';
import { memorySeries } from '../support/memory-series.ts';

const SILENT = { kspace: false, zeroFilled: false, sliceMetrics: false, partialEveryMs: null };
const slices = new SliceCache(memorySeries([1, 3, 24, 24]));
const refuse = () => Promise.reject(new Error('not needed'));

/** Kinds of what a preview shows, in order, and its scores. */
async function preview(cache: SliceCache, reference: string, method = 'sense') {
  const document = pipelineSchema.parse({
    lacuna: 1, input: { name: 'x', sha256: '0'.repeat(64), series: 'k' }, slices: [0, 1],
    pattern: { name: 'equispaced', params: { acceleration: 2, centreFraction: 0.25 } }, method: { name: method }, metric: { name: 'fastmri', params: { reference } },
  });
  const show = { ...SILENT, zeroFilled: true, sliceMetrics: true };
  const events: RunEvent[] = [];
  for await (const event of runPipeline(document, { slices: cache, infer: { providers: refuse, run: refuse }, loadModel: refuse, signal: NEVER_CANCELLED, cache: new Map(), show })) {
    if (event.type !== 'progress') events.push(event);
  }
  return events;
}
const only = <T extends RunEvent['type']>(events: readonly RunEvent[], type: T) => events.filter((event): event is Extract<RunEvent, { type: T }> => event.type === type);

async function score(metric: StepCall | undefined) {
  const document = pipelineSchema.parse({
    lacuna: 1, input: { name: 'x', sha256: '0'.repeat(64), series: 'k' }, slices: [0, 1],
    pattern: { name: 'full' }, method: { name: 'zero-filled' }, ...(metric === undefined ? {} : { metric }),
  });
  const env = { slices, infer: { providers: refuse, run: refuse }, loadModel: refuse, signal: NEVER_CANCELLED, cache: new Map(), show: SILENT };
  return (await finish(runPipeline(document, env))).metrics;
}

it('scores against the root-sum-of-squares in documents that do not say', async () => {
  for (const metric of [undefined, { name: 'fastmri', params: { crop: 0 } }]) {
    const report = await score(metric);
    expect(report?.contract).toMatch(/Reference: root-sum-of-squares of the fully sampled coil images\.$/);
    // All samples were kept, and zero-filled is the root-sum-of-squares itself.
    expect(report?.values[2]?.value).toBeLessThan(1e-12);
  }
});

it('scores against the combined coil images where the metric asks for it', async () => {
  const report = await score({ name: 'fastmri', params: { reference: 'combined' } });
  expect(report?.contract).toMatch(/Reference: .*combined with uncropped ESPIRiT maps of their central 32×32 samples\.$/);
  expect(report?.values[2]?.value).toBeGreaterThan(1e-3);
  expect(report?.dataRange).toBe(Math.max(...((await slices.reference(0, 'combined'))?.data ?? [])));
});

it('names the reference in the report, beside the sentence', async () => {
  expect((await score(undefined))?.reference).toBe('root-sum-of-squares');
  expect((await score({ name: 'fastmri', params: { reference: 'combined' } }))?.reference).toBe('combined');
});

it('shows the images before a combined reference that has to be made', async () => {
  const cache = new SliceCache(memorySeries([1, 3, 24, 24]));
  const first = await preview(cache, 'combined');
  expect(first.map(({ type }) => type)).toEqual(['pattern', 'zero-filled', 'slice', 'reference', 'scores']);
  expect(only(first, 'reference')[0]?.of).toBe('combined');
  // Known by now: a slider pays nothing, and the numbers are the same.
  const again = await preview(cache, 'combined');
  expect(again.map(({ type }) => type)).toEqual(['pattern', 'reference', 'zero-filled', 'slice', 'scores']);
  const scores = only(first, 'scores')[0];
  expect(scores).toEqual(only(again, 'scores')[0]);
  expect(scores?.estimate?.values[0]?.value).toBeGreaterThan(0);
  expect(scores?.zeroFilled?.values[0]?.value).toBeGreaterThan(0);
});

it('has no second score where zero-filled is the method', async () => {
  const events = await preview(new SliceCache(memorySeries([1, 3, 24, 24])), 'combined', 'zero-filled');
  expect(events.map(({ type }) => type)).toEqual(['pattern', 'slice', 'reference', 'scores']);
  expect(only(events, 'scores')[0]).not.toHaveProperty('zeroFilled');
});

it('does not put off the root-sum-of-squares, nor the reference of a single coil', async () => {
  for (const [coils, reference] of [[3, 'root-sum-of-squares'], [1, 'combined']] as const) {
    const events = await preview(new SliceCache(memorySeries([1, coils, 24, 24])), reference, 'zero-filled');
    expect(events.map(({ type }) => type)).toEqual(['pattern', 'reference', 'slice', 'scores']);
  }
});

/** One reference for all methods, chosen by the metric, and named in its contract. */
import { expect, it } from 'vitest';
import { NEVER_CANCELLED } from '../../src/algorithms/status.ts';
import { pipelineSchema, type StepCall } from '../../src/pipeline/document.ts';
import { runPipeline } from '../../src/pipeline/runner.ts';
import { SliceCache } from '../../src/pipeline/slice-cache.ts';
import { finish } from '../support/finish.ts';
import { memorySeries } from '../support/memory-series.ts';

const slices = new SliceCache(memorySeries([1, 3, 24, 24]));
const refuse = () => Promise.reject(new Error('not needed'));

async function score(metric: StepCall | undefined) {
  const document = pipelineSchema.parse({
    lacuna: 1, input: { name: 'x', sha256: '0'.repeat(64), series: 'k' }, slices: [0, 1],
    pattern: { name: 'full' }, method: { name: 'zero-filled' }, ...(metric === undefined ? {} : { metric }),
  });
  const show = { kspace: false, zeroFilled: false, sliceMetrics: false, partialEveryMs: null };
  const env = { slices, infer: { providers: refuse, run: refuse }, loadModel: refuse, signal: NEVER_CANCELLED, cache: new Map(), show };
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

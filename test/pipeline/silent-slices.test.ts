import { expect, it } from 'vitest';
import { NEVER_CANCELLED } from '../../src/algorithms/status.ts';
import { zeros, type NdArray } from '../../src/array/nd-array.ts';
import { pipelineSchema } from '../../src/pipeline/document.ts';
import type { RunEvent, RunOutcome } from '../../src/pipeline/run-event.ts';
import { runPipeline } from '../../src/pipeline/runner.ts';
import { SliceCache } from '../../src/pipeline/slice-cache.ts';
import { memorySeries } from '../support/memory-series.ts';

/** Two slices, of which those named are empty. */
async function run(empty: readonly number[]): Promise<{ events: RunEvent[]; outcome: RunOutcome }> {
  const series = memorySeries([2, 2, 16, 16]);
  const read = async (slice: number) => (empty.includes(slice) ? zeros('complex64', [2, 16, 16]) : ((await series.read(slice)) as NdArray<'complex64'>));
  const document = pipelineSchema.parse({
    lacuna: 1,
    input: { name: 'x', sha256: '0'.repeat(64), series: 'k' },
    slices: [0, 2],
    pattern: { name: 'random', params: { acceleration: 2, centreFraction: 0.5 } },
    method: { name: 'sense', params: { iterations: 3 } },
  });
  const refuse = () => Promise.reject(new Error('no inference in this test'));
  const steps = runPipeline(document, {
    slices: new SliceCache({ ...series, read }),
    infer: { providers: async () => [], run: refuse },
    loadModel: refuse,
    signal: NEVER_CANCELLED,
    cache: new Map(),
    show: { kspace: true, zeroFilled: true, sliceMetrics: true, partialEveryMs: null },
  });
  const events: RunEvent[] = [];
  for (;;) {
    const next = await steps.next();
    if (next.done === true) return { events, outcome: next.value };
    events.push(next.value);
  }
}
const slices = (events: readonly RunEvent[]) => events.flatMap((event) => (event.type === 'scores' ? [event.estimate] : []));

it('an empty slice is reconstructed, and has no metrics of its own', async () => {
  const { events, outcome } = await run([1]);
  expect(slices(events).map((metrics) => metrics !== undefined)).toEqual([true, false]);
  expect(outcome.metrics).toBeDefined();
  expect(outcome.volume.data.every(Number.isFinite)).toBe(true);
});

it('an empty volume has no metrics at all', async () => {
  const { outcome } = await run([0, 1]);
  expect(outcome.metrics).toBeUndefined();
  expect(outcome.volume.data.every((value) => value === 0)).toBe(true);
});

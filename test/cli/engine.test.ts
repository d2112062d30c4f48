import { expect, it } from 'vitest';
import { Engine } from '../../src/cli/engine.ts';
import { pipelineSchema } from '../../src/pipeline/document.ts';
import { memorySeries } from '../support/memory-series.ts';

it('keeps two recordings apart whose series have one id', async () => {
  const engine = new Engine(1);
  const document = pipelineSchema.parse({
    lacuna: 1, input: { name: 'x', sha256: '0'.repeat(64), series: 'k' }, slices: [0, 1], pattern: { name: 'full' }, method: { name: 'zero-filled' },
  });
  const first = await engine.run(memorySeries([1, 2, 16, 16]), document, () => {});
  const second = await engine.run(memorySeries([1, 2, 20, 24]), document, () => {});
  await engine.close();
  expect(first.outcome.volume.shape).toEqual([1, 16, 16]);
  expect(second.outcome.volume.shape).toEqual([1, 20, 24]);
});

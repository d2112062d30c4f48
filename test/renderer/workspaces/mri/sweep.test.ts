import { expect, it } from 'vitest';
import type { Client } from '../../../../renderer/api/client.ts';
import { Sweep } from '../../../../renderer/workspaces/mri/sweep.svelte.ts';
import type { SweepEvent, SweepRequest } from '../../../../src/host/contract.ts';

const call = (name: string) => ({ name, params: {} });
const request: SweepRequest = { recording: '', series: '', slice: 0, pattern: call('random'), accelerations: [2], methods: [call('sense'), call('homodyne')] };

it('goes on past a method that cannot take the pattern, and says why', async () => {
  const point = { type: 'point', method: call('sense'), nominal: 2, achieved: 2, ms: 1, metrics: { values: [], contract: '', dataRange: 1, shape: [] }, image: { url: '', dtype: 'float32', shape: [] } } as const;
  async function* events(): AsyncGenerator<SweepEvent> {
    yield { type: 'left-out', method: call('homodyne'), acceleration: 2, reason: 'It needs one end of k-space.' };
    yield point;
    yield { type: 'done' };
  }
  const sweep = new Sweep({ sweep: events } as unknown as Client);
  await sweep.run(request);
  expect([...sweep.leftOut]).toEqual([['homodyne', 'It needs one end of k-space.']]);
  expect(sweep.points).toHaveLength(1);
  sweep.clear();
  expect(sweep.leftOut.size).toBe(0);
});

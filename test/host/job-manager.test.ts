import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeNpy } from '../../src/array/npy.ts';
import type { JobEvent, JobSummary, RecordingSummary, ResultSummary } from '../../src/host/contract.ts';
import { fastestOf } from '../support/fastest-of.ts';
import { randomComplex } from '../support/random-array.ts';
import { only, request, TestHost } from './support.ts';

let host: TestHost;
let small: RecordingSummary;
let large: RecordingSummary;
beforeAll(async () => {
  host = await TestHost.start();
  small = await host.small();
  large = await host.post<RecordingSummary>('/api/samples/brain', { matrix: 256, coils: 6, slices: 8 });
});
afterAll(() => host.stop());

const slowRun = () => request(large, { purpose: 'run', slices: [0, 8], method: { name: 'l1-wavelet', params: { iterations: 500 } } });
const last = async (events: AsyncIterable<JobEvent>) => (await Array.fromAsync(events)).at(-1);
const states = () => new Map(host.host.services.jobs.list().map((job: JobSummary) => [job.id, job.state]));

describe('JobManager', () => {
  it('ends a waiting run at once when it is cancelled, though another is under way', async () => {
    const { jobs } = host.host.services;
    const busy = jobs.start(slowRun());
    const ms = await fastestOf(20, 200, async () => {
      const waiting = jobs.start(request(small, { purpose: 'run' }));
      const began = performance.now();
      jobs.cancel(waiting.id);
      expect(await last(waiting.events.read())).toMatchObject({ type: 'failed', error: { code: 'job.cancelled' } });
      expect(states().get(waiting.id)).toBe('cancelled');
      return performance.now() - began;
    });
    expect(ms).toBeLessThan(200);
    expect(states().get(busy.id)).toBe('running');
    jobs.cancel(busy.id);
    expect(await last(busy.events.read())).toMatchObject({ type: 'failed', error: { code: 'job.cancelled' } });
    const after = jobs.start(request(small, { purpose: 'run' }));
    expect(await last(after.events.read())).toMatchObject({ type: 'done' });
    expect(states().get(busy.id)).toBe('cancelled');
  });

  it('ends jobs and goes on to the next when the catalogue cannot be written', async () => {
    const { jobs, library } = host.host.services;
    const busy = jobs.start(slowRun());
    const write = library.putJob;
    library.putJob = () => {
      throw new Error('database or disk is full');
    };
    try {
      jobs.cancel(busy.id);
      expect(await last(busy.events.read())).toMatchObject({ type: 'failed', error: { code: 'job.cancelled' } });
    } finally {
      library.putJob = write;
    }
    const after = jobs.start(request(small, { purpose: 'run' }));
    expect(await last(after.events.read())).toMatchObject({ type: 'done' });
  });

  it('marks what runs and what waits as interrupted when the studio closes', async () => {
    const own = await TestHost.start();
    const recording = await own.post<RecordingSummary>('/api/samples/brain', { matrix: 256, coils: 6, slices: 8 });
    const order = { ...slowRun(), recording: recording.id };
    const ids = [own.host.services.jobs.start(order).id, own.host.services.jobs.start(order).id];
    await own.stop(true);
    const again = await TestHost.start({ folder: own.folder });
    const found = await again.json<JobSummary[]>('/api/jobs');
    expect(ids.map((id) => found.find((job) => job.id === id)?.state)).toEqual(['interrupted', 'interrupted']);
    await again.stop();
  });

  it('refuses a file that changed on disk since it was opened', async () => {
    const { jobs, recordings } = host.host.services;
    const path = join(host.folder, 'changing.npy');
    writeFileSync(path, encodeNpy(randomComplex([2, 16, 16], 1)));
    const opened = await recordings.openPath(path);
    const order = request(opened, { pattern: { name: 'full', params: {} } });
    expect(await last(jobs.start(order).events.read())).toMatchObject({ type: 'done' });
    writeFileSync(path, encodeNpy(randomComplex([2, 16, 16], 2)));
    const changed = await recordings.openPath(path);
    expect(changed.id).not.toBe(opened.id);
    expect(await last(jobs.start({ ...order, recording: changed.id }).events.read())).toMatchObject({ type: 'done' });
    expect(await last(jobs.start(order).events.read())).toMatchObject({ type: 'failed', error: { code: 'input.mismatch', file: 'changing.npy' } });
  });
});

describe('a compute thread', () => {
  it('hands the tasks behind a cancelled one to the thread that replaces it', async () => {
    const { jobs } = host.host.services;
    const preview = jobs.start(request(large, { channel: 'slow', method: { name: 'l1-wavelet', params: { iterations: 300 } } }));
    for await (const event of preview.events.read()) if (event.type === 'progress') break;
    const series = encodeURIComponent(small.series[0]?.id ?? '');
    const look = host.array(`/api/recordings/${small.id}/image?series=${series}&slice=0`);
    jobs.cancel(preview.id);
    expect((await look).shape).toEqual([64, 64]);
  });

  it('leaves out of a sweep what a method cannot take, and goes on', async () => {
    const order = { recording: small.id, series: small.series[0]?.id ?? '', slice: 0, pattern: { name: 'random', params: { seed: 1 } }, accelerations: [2] };
    const methods = [{ name: 'homodyne', params: {} }, { name: 'sense', params: {} }];
    const events = await Array.fromAsync(host.host.services.sweeps.start({ ...order, methods }).events.read());
    expect(events).toMatchObject([{ type: 'started' }, { type: 'left-out', method: { name: 'homodyne' }, acceleration: 2, reason: expect.stringMatching(/Partial Fourier/) as string }, { type: 'point' }, { type: 'done' }]);
  });

  it('lets a sweep go on when another one is stopped', async () => {
    const { sweeps } = host.host.services;
    const sweep = { series: 'x', slice: 0, pattern: { name: 'random', params: { seed: 1 } }, accelerations: [2] };
    const slow = { name: 'l1-wavelet', params: { iterations: 300 } };
    const stopped = sweeps.start({ ...sweep, recording: large.id, series: large.series[0]?.id ?? '', methods: [slow], channel: 'a' });
    const other = sweeps.start({ ...sweep, recording: small.id, series: small.series[0]?.id ?? '', methods: [{ name: 'sense', params: {} }], channel: 'b' });
    sweeps.cancel(stopped.id);
    expect((await Array.fromAsync(stopped.events.read())).at(-1)).toMatchObject({ type: 'failed', error: { code: 'job.cancelled' } });
    expect((await Array.fromAsync(other.events.read())).map((event) => event.type)).toEqual(['started', 'point', 'done']);
  });
});

describe('results', () => {
  it('keep their arrays while others are removed at the same time', async () => {
    const { results, jobs } = host.host.services;
    const made = async (seed: number) => {
      const order = request(small, { purpose: 'run', pattern: { name: 'random', params: { acceleration: 2, seed } } });
      const [done] = only(await Array.fromAsync(jobs.start(order).events.read()), 'done');
      return done?.result as ResultSummary;
    };
    const first = await made(11);
    const [, second] = await Promise.all([results.remove(first.id), made(12)]);
    expect((await results.image(second.id, 0)).length).toBeGreaterThan(0);
  });
});

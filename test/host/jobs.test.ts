import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JobEvent, JobSummary, RecordingSummary, ResultSummary } from '../../src/host/contract.ts';
import type { HostInfer } from '../../src/host/serve.ts';
import { fastestOf } from '../support/fastest-of.ts';
import { only, request, TestHost } from './support.ts';

let host: TestHost;
let recording: RecordingSummary;
beforeAll(async () => {
  host = await TestHost.start();
  recording = await host.small();
});
afterAll(() => host.stop());

/** Big enough that a run of many iterations is never over before it is cancelled. */
const LARGE = { matrix: 256, coils: 6, slices: 8 };

describe('preview', () => {
  it('shows pattern, k-space, reference and zero-filled image, then the method', async () => {
    const events = await host.all(request(recording));
    const kinds = events.map((e) => e.type).filter((t) => t !== 'progress');
    expect(kinds).toEqual(['started', 'pattern', 'kspace', 'reference', 'zero-filled', 'slice', 'scores', 'done']);
    const [slice] = only(events, 'slice');
    const [scores] = only(events, 'scores');
    const psnr = (report: { values: readonly { name: string; value: number }[] } | undefined) => report?.values.find((v) => v.name === 'PSNR')?.value ?? Number.NaN;
    expect(psnr(scores?.estimate)).toBeGreaterThan(psnr(scores?.zeroFilled));
    expect(scores?.estimate?.contract).toMatch(/7×7/);
    const image = await host.array(slice?.image.url ?? '');
    expect(image.shape).toEqual([64, 64]);
    const [pattern] = only(events, 'pattern');
    const mask = await host.array(pattern?.pattern.mask.url ?? '');
    expect([...mask.data].reduce((sum: number, v) => sum + Number(v), 0)).toBe(pattern?.pattern.kept);
  });

  it('is replaced by a newer one of the same channel, and not by one of another', async () => {
    const large = await host.post<RecordingSummary>('/api/samples/brain', LARGE);
    const slow = request(large, { method: { name: 'l1-wavelet', params: { iterations: 500 } } });
    const first = host.events(slow);
    // Under way, with hundreds of iterations to go.
    for (let event = await first.next(); event.value?.type !== 'progress'; event = await first.next()) expect(event.done).toBe(false);
    const other = host.all({ ...slow, channel: 'other', method: { name: 'sense', params: {} } });
    const second = host.all(request(recording, { pattern: { name: 'random', params: { acceleration: 3, seed: 1 } } }));
    expect((await Array.fromAsync(first)).at(-1)).toMatchObject({ type: 'failed', error: { code: 'job.superseded' } });
    expect((await second).at(-1)).toMatchObject({ type: 'done' });
    expect((await other).at(-1)).toMatchObject({ type: 'done' });
  });

  it('says at once what is wrong with a request', async () => {
    const fail = async (change: Parameters<typeof request>[1]) => (await host.all(request(recording, change))).at(-1) as Extract<JobEvent, { type: 'failed' }>;
    expect((await fail({ slices: [5, 6] })).error).toMatchObject({ code: 'usage.invalid', field: 'slices' });
    expect((await fail({ method: { name: 'sense', params: { nonsense: 1 } } })).error).toMatchObject({ code: 'usage.invalid', field: 'nonsense' });
    expect((await fail({ acquire: { name: 'multicoil', params: {} } })).error).toMatchObject({ code: 'usage.invalid', field: 'acquire' });
    expect((await fail({ pattern: { name: 'file', params: { file: 'gone.npy' } } })).error).toMatchObject({ code: 'usage.not-found' });
    const missing = await host.fetch('/api/jobs', { method: 'POST', body: JSON.stringify({ ...request(recording), recording: '0'.repeat(64) }) });
    expect(missing.status).toBe(404);
  });
});

describe('run', () => {
  it('is kept with its result, receipt and reference', async () => {
    const events = await host.all(request(recording, { purpose: 'run', slices: [0, 2] }));
    const [done] = only(events, 'done');
    const id = done?.result?.id ?? '';
    const result = await host.json<ResultSummary>(`/api/results/${id}`);
    expect(result.shape).toEqual([2, 64, 64]);
    expect(result.receipt).toMatchObject({ lacunaReceipt: 1, pipeline: { method: { name: 'sense' } }, output: { dtype: 'complex64' } });
    expect((await host.array(`/api/results/${id}/image?slice=1`)).shape).toEqual([64, 64]);
    expect((await host.array(`/api/results/${id}/reference?slice=1`)).dtype).toBe('float32');
    expect((await host.fetch(`/api/results/${id}/image?slice=2`)).status).toBe(400);
    const [job] = await host.json<JobSummary[]>('/api/jobs');
    expect(job).toMatchObject({ state: 'done', result: id });
  });

  it('is cancelled within 200 ms', async () => {
    const large = await host.post<RecordingSummary>('/api/samples/brain', LARGE);
    const slow = request(large, { purpose: 'run', slices: [0, 8], method: { name: 'l1-wavelet', params: { iterations: 500 } } });
    let job = '';
    const ms = await fastestOf(20, 200, async () => {
      let asked = 0;
      let last: JobEvent | undefined;
      for await (const event of host.events(slow)) {
        last = event;
        if (event.type === 'started') job = event.job;
        if (event.type === 'progress' && asked === 0) {
          asked = performance.now();
          void host.fetch(`/api/jobs/${job}`, { method: 'DELETE' });
        }
      }
      const took = performance.now() - asked;
      expect(last).toMatchObject({ type: 'failed', error: { code: 'job.cancelled' } });
      return took;
    });
    expect(ms).toBeLessThan(200);
    const jobs = await host.json<JobSummary[]>('/api/jobs');
    expect(jobs.find((j) => j.id === job)?.state).toBe('cancelled');
    const after = await host.all(request(recording, { purpose: 'run' }));
    expect(after.at(-1)?.type).toBe('done');
  });

  it('fails alone when inference does', async () => {
    const crashing: HostInfer = {
      memoryBytes: null,
      providers: async () => [],
      run: async () => {
        const { LacunaError } = await import('../../src/errors.ts');
        throw new LacunaError('infer.crashed', 'The inference process ended while running unrolled-s; it has been restarted.');
      },
    };
    const own = await TestHost.start({ infer: crashing });
    try {
      const small = await own.small();
      const events = await own.all(request(small, { purpose: 'run', method: { name: 'unrolled', params: {} } }));
      expect(events.at(-1)).toMatchObject({ type: 'failed', error: { code: 'infer.crashed' } });
      expect((await own.all(request(small))).at(-1)?.type).toBe('done');
      expect((await own.json<JobSummary[]>('/api/jobs'))[0]).toMatchObject({ state: 'failed' });
    } finally {
      await own.stop();
    }
  });
});

describe('after a restart', () => {
  it('recordings, jobs and results are there and go on working', async () => {
    const first = await TestHost.start();
    const small = await first.small();
    const [done] = only(await first.all(request(small, { purpose: 'run' })), 'done');
    await first.stop(true);
    const second = await TestHost.start({ folder: first.folder });
    try {
      expect((await second.json<RecordingSummary[]>('/api/recordings')).map((r) => r.id)).toEqual([small.id]);
      expect((await second.json<ResultSummary[]>('/api/results')).map((r) => r.id)).toEqual([done?.result?.id]);
      expect((await second.array(`/api/results/${done?.result?.id}/image?slice=0`)).shape).toEqual([64, 64]);
      expect((await second.all(request(small))).at(-1)?.type).toBe('done');
    } finally {
      await second.stop();
    }
  });
});

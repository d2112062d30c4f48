import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JobEvent, RecordingSummary, StepFit, ViewEvent, ViewRequest } from '../../src/host/contract.ts';
import { only, request, TestHost } from './support.ts';

let host: TestHost;
let recording: RecordingSummary;
beforeAll(async () => {
  host = await TestHost.start();
  recording = await host.small();
});
afterAll(() => host.stop());

function viewRequest(view: ViewRequest['view'], change: Partial<ViewRequest> = {}): ViewRequest {
  const { purpose: _purpose, ...rest } = request(recording, { channel: 'pane' });
  return { ...rest, view, ...change };
}

async function* viewEvents(body: ViewRequest): AsyncGenerator<ViewEvent> {
  const response = await host.fetch('/api/views', { method: 'POST', body: JSON.stringify(body) });
  if (!response.ok || response.body === null) throw new Error(`${response.status} ${await response.text()}`);
  let text = '';
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const lines = text.split('\n');
    text = lines.pop() ?? '';
    for (const line of lines) yield JSON.parse(line) as ViewEvent;
  }
}
const look = (body: ViewRequest) => Array.fromAsync(viewEvents(body));
const last = (events: readonly ViewEvent[]) => events.at(-1);

const LONG = { name: 'uncertainty', params: { replicas: 400 } };

describe('POST /api/views', () => {
  it('streams the view with its images behind a link', async () => {
    const events = await look(viewRequest({ name: 'coil-images', params: {} }));
    expect(events[0]).toMatchObject({ type: 'started' });
    const view = last(events);
    if (view?.type !== 'view') throw new Error(JSON.stringify(view));
    expect(view).toMatchObject({ labels: ['Coil 1', 'Coil 2'], space: 'image', colormap: 'grey', images: { dtype: 'float32', shape: [2, 64, 64] } });
    expect((await host.array(view.images.url)).shape).toEqual([2, 64, 64]);
  });

  it('gives what was made before again: a view of the measurement whatever the method, one of the estimate only for its own', async () => {
    const coils = { name: 'kspace', params: { coils: 'each' } };
    const first = last(await look(viewRequest(coils)));
    const other = last(await look(viewRequest(coils, { method: { name: 'zero-filled', params: {} } })));
    expect(other).toEqual(first);
    const residual = { name: 'residual', params: {} };
    const [a, b] = [last(await look(viewRequest(residual))), last(await look(viewRequest(residual, { method: { name: 'sense', params: { lambda: 0.5 } } })))];
    expect(a?.type).toBe('view');
    expect(b).not.toEqual(a);
  });

  it('says how far it is', async () => {
    const events = await look(viewRequest({ name: 'uncertainty', params: { replicas: 12, seed: 5 } }));
    const progress = events.filter((event) => event.type === 'progress');
    expect(progress[0]).toEqual({ type: 'progress', iteration: 0, iterations: 12, fraction: 0 });
    expect(last(events)).toMatchObject({ type: 'view', unit: '' });
  });

  it('ends the one before it on the same channel, and leaves other channels alone', async () => {
    const before = viewEvents(viewRequest(LONG));
    await before.next();
    const quick = last(await look(viewRequest({ name: 'line-contribution', params: { first: 3, last: 5 } }, { channel: 'brush' })));
    expect(quick?.type).toBe('view');
    const after = last(await look(viewRequest({ name: 'kspace', params: { show: 'phase' } })));
    expect(after?.type).toBe('view');
    expect(last(await Array.fromAsync(before))).toMatchObject({ type: 'failed', error: { code: 'job.superseded' } });
  });

  it('is cancelled like a job, and the next one is served', async () => {
    const stream = viewEvents(viewRequest(LONG, { channel: 'long' }));
    const started = (await stream.next()).value;
    if (started?.type !== 'started') throw new Error('not started');
    expect((await host.fetch(`/api/jobs/${started.job}`, { method: 'DELETE' })).status).toBe(204);
    expect(last(await Array.fromAsync(stream))).toMatchObject({ type: 'failed', error: { code: 'job.cancelled' } });
    expect(last(await look(viewRequest({ name: 'residual', params: { scale: 'linear' } })))).toMatchObject({ type: 'view' });
  });

  it('says why there is nothing to see', async () => {
    expect(last(await look(viewRequest({ name: 'residual', params: {} }, { method: { name: 'zero-filled', params: {} } })))).toMatchObject({ type: 'failed', error: { code: 'usage.unsupported', field: 'view' } });
    const unknown = await host.fetch('/api/views', { method: 'POST', body: JSON.stringify(viewRequest({ name: 'nothing', params: {} })) });
    expect([unknown.status, ((await unknown.json()) as { code: string }).code]).toEqual([404, 'usage.not-found']);
  });
});

describe('residuals of a job', () => {
  it('come as a curve with the slice, one value an iteration, and stay with the result', async () => {
    const events: JobEvent[] = await host.all(request(recording, { purpose: 'run', slices: [0, 2], method: { name: 'sense', params: { iterations: 6 } } }));
    const progress = only(events, 'progress').filter(({ slice }) => slice === 0).map(({ residual }) => residual);
    const curves = only(events, 'slice').map(({ curve }) => curve);
    expect(curves[0]).toEqual(progress);
    expect(curves[0]?.length).toBe(6);
    const result = only(events, 'done')[0]?.result;
    expect(result?.curves).toEqual(curves);
    const stored = await host.json<{ curves: unknown }>(`/api/results/${result?.id}`);
    expect(stored.curves).toEqual(curves);
  });
});

describe('GET /api/recordings/:id/fits', () => {
  it('tells for every pattern, method and view whether it suits the series', async () => {
    const fits = await host.json<StepFit[]>(`/api/recordings/${recording.id}/fits?series=${recording.series[0]?.id}`);
    expect(fits).toContainEqual({ kind: 'method', name: 'sense', refusal: null });
    expect(fits).toContainEqual({ kind: 'view', name: 'coil-images', refusal: null });
    expect((await host.fetch(`/api/recordings/${recording.id}/fits?series=none`)).status).toBe(404);
  });
});

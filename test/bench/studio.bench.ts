/**
 * Times through the running studio, as a person has them: the host over HTTP with its threads and its inference process.
 * One JSON line a figure; `bar` is DESIGN's.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeNpy } from '../../src/array/npy.ts';
import type { JobEvent, JobRequest, RecordingSummary } from '../../src/host/contract.ts';
import { startHost } from '../../src/host/serve.ts';
import { startNodeInfer } from '../../src/infer/node-infer.ts';

const folder = mkdtempSync(join(tmpdir(), 'lacuna-bench-'));
const threads = navigator.hardwareConcurrency;
const infer = startNodeInfer({ threads });
const began = performance.now();
const host = await startHost({ listen: { host: '127.0.0.1', port: 0 }, dataFolder: folder, infer, rendererFolder: null, shell: 'browser', threads });
const { origin } = new URL(host.url);
const authorised = { authorization: `Bearer ${host.token ?? ''}` };
print('host ready', performance.now() - began, 'ms', { bar: '≤ 2000 ms until the window is usable' });

const opened = performance.now();
const recording = await post<RecordingSummary>('/api/samples/brain', {});
print('sample opened', performance.now() - opened, 'ms');
const series = recording.series[0];
if (series === undefined) throw new Error('the sample has no series');

const METHODS: readonly { readonly name: string; readonly params: JobRequest['method']['params']; readonly runs: number; readonly bar?: number }[] = [
  { name: 'zero-filled', params: {}, runs: 20 },
  // The 95th percentile of few runs is their worst.
  { name: 'unrolled', params: { model: 'unrolled-s' }, runs: 100, bar: 100 },
  { name: 'unrolled', params: { model: 'unrolled-m' }, runs: 3 },
  { name: 'sense', params: {}, runs: 20 },
  { name: 'l1-wavelet', params: {}, runs: 20 },
];
for (const { name, params, runs, bar } of METHODS) {
  await preview({ name, params }, 4); // warm: coil maps, session, verification
  const made: { total: number; method: number }[] = [];
  for (let i = 0; i < runs; i++) made.push(await preview({ name, params }, 3 + (3.8 * i) / runs));
  const pick = (of: 'total' | 'method', q: number): number => {
    const times = made.map((each) => each[of]).sort((x, y) => x - y);
    // Nearest rank.
    return times[Math.max(0, Math.ceil(q * times.length) - 1)] ?? Number.NaN;
  };
  const title = typeof params['model'] === 'string' ? params['model'] : name;
  print(`slider to pixels, ${title}, ${series.coils} coils ${series.rows}×${series.columns}`, pick('total', 0.5), `ms (median of ${runs})`, {
    p95: Math.round(pick('total', 0.95)),
    // Its reconstruction alone, with the session of a network; the rest is zero-filled image, scores and transport.
    method: Math.round(pick('method', 0.5)),
    ...(bar === undefined ? {} : { bar: `p95 ≤ ${bar} ms on 2 CPU cores`, met: pick('total', 0.95) <= bar }),
  });
}
await host.close();
await infer.close();
rmSync(folder, { recursive: true, force: true });

/** From the slider's value to the decoded image of the method. */
async function preview(method: JobRequest['method'], acceleration: number): Promise<{ total: number; method: number }> {
  const request: JobRequest = {
    recording: recording.id,
    series: series?.id ?? '',
    slices: [4, 5],
    pattern: { name: 'random', params: { acceleration, seed: 1 } },
    method,
    purpose: 'preview',
    channel: 'bench',
  };
  const start = performance.now();
  const response = await fetch(`${origin}/api/jobs`, { method: 'POST', body: JSON.stringify(request), headers: authorised });
  if (!response.ok || response.body === null) throw new Error(await response.text());
  const elapsed = { total: Number.NaN, method: Number.NaN };
  let text = '';
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const lines = text.split('\n');
    text = lines.pop() ?? '';
    for (const line of lines) {
      const event = JSON.parse(line) as JobEvent;
      if (event.type === 'failed') throw new Error(event.error.message);
      if (event.type !== 'slice') continue;
      decodeNpy(new Uint8Array(await (await fetch(origin + event.image.url, { headers: authorised })).arrayBuffer()));
      elapsed.total = performance.now() - start;
      elapsed.method = event.ms;
    }
  }
  return elapsed;
}

async function post<T>(path: string, body: unknown): Promise<T> {
  const response = await fetch(origin + path, { method: 'POST', body: JSON.stringify(body), headers: authorised });
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as T;
}

function print(figure: string, value: number, unit: string, more: Record<string, unknown> = {}): void {
  process.stdout.write(`${JSON.stringify({ figure, value: Math.round(value * 10) / 10, unit, ...more, machine: `${cpus()[0]?.model}, ${threads} threads` })}\n`);
}

/** A real host on a free port, in a folder of its own, with an inference process that is started only when asked. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeNpy } from '../../src/array/npy.ts';
import type { NdArray } from '../../src/array/nd-array.ts';
import type { JobEvent, JobRequest, RecordingSummary } from '../../src/host/contract.ts';
import { type HostInfer, type RunningHost, startHost } from '../../src/host/serve.ts';

export const noInfer: HostInfer = {
  memoryBytes: null,
  providers: async () => [{ name: 'cpu', state: 'verified' }],
  run: () => Promise.reject(new Error('no inference in this test')),
};

export class TestHost {
  readonly folder: string;
  readonly host: RunningHost;
  readonly origin: string;

  private constructor(folder: string, host: RunningHost) {
    this.folder = folder;
    this.host = host;
    this.origin = new URL(host.url).origin;
  }

  static async start(options: { folder?: string; infer?: HostInfer } = {}): Promise<TestHost> {
    const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'lacuna-host-'));
    const renderer = mkdtempSync(join(tmpdir(), 'lacuna-renderer-'));
    writeFileSync(join(renderer, 'index.html'), '<!doctype html><title>Lacuna</title>');
    const host = await startHost({
      listen: { host: '127.0.0.1', port: 0 },
      dataFolder: folder,
      exportsFolder: join(folder, 'exports'),
      infer: options.infer ?? noInfer,
      rendererFolder: renderer,
      shell: 'browser',
    });
    return new TestHost(folder, host);
  }

  /** Authorised as a script would be, with the token itself. */
  fetch(path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(this.origin + path, { ...init, headers: { authorization: `Bearer ${this.host.token ?? ''}`, ...init.headers } });
  }

  async json<T>(path: string, init: RequestInit = {}): Promise<T> {
    const response = await this.fetch(path, init);
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }

  post<T>(path: string, body: unknown): Promise<T> {
    return this.json<T>(path, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });
  }

  async array(url: string): Promise<NdArray> {
    return decodeNpy(new Uint8Array(await (await this.fetch(url)).arrayBuffer()));
  }

  /** A small recording that takes milliseconds to make. */
  small(): Promise<RecordingSummary> {
    return this.post('/api/samples/brain', SMALL);
  }

  async *events(request: JobRequest): AsyncGenerator<JobEvent> {
    const response = await this.fetch('/api/jobs', { method: 'POST', body: JSON.stringify(request) });
    if (!response.ok || response.body === null) throw new Error(`${response.status} ${await response.text()}`);
    let text = '';
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      const lines = text.split('\n');
      text = lines.pop() ?? '';
      for (const line of lines) yield JSON.parse(line) as JobEvent;
    }
  }

  async all(request: JobRequest): Promise<JobEvent[]> {
    return Array.fromAsync(this.events(request));
  }

  async stop(keep = false): Promise<void> {
    await this.host.close();
    if (!keep) rmSync(this.folder, { recursive: true, force: true });
  }
}

export const SMALL = { matrix: 64, coils: 2, slices: 2 };

export function request(recording: RecordingSummary, change: Partial<JobRequest> = {}): JobRequest {
  return {
    recording: recording.id,
    series: recording.series[0]?.id ?? '',
    slices: [0, 1],
    pattern: { name: 'random', params: { acceleration: 2, seed: 1 } },
    method: { name: 'sense', params: {} },
    purpose: 'preview',
    channel: 'main',
    ...change,
  };
}

export function only<T extends JobEvent['type']>(events: readonly JobEvent[], type: T): Extract<JobEvent, { type: T }>[] {
  return events.filter((e): e is Extract<JobEvent, { type: T }> => e.type === type);
}

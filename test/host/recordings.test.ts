import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeNpy } from '../../src/array/npy.ts';
import { zeros } from '../../src/array/nd-array.ts';
import type { ExportReply, RecordingSummary, Settings, StepDescription } from '../../src/host/contract.ts';
import { only, request, TestHost } from './support.ts';

let host: TestHost;
beforeAll(async () => {
  host = await TestHost.start();
});
afterAll(() => host.stop());

function volume(): Uint8Array {
  const image = zeros('float32', [2, 32, 32]);
  for (let i = 0; i < image.data.length; i++) image.data[i] = (i % 32) + Math.floor(i / 32);
  return encodeNpy(image);
}
const upload = (name: string, bytes: Uint8Array) =>
  host.fetch(`/api/recordings?name=${encodeURIComponent(name)}`, { method: 'POST', body: bytes as Uint8Array<ArrayBuffer> });

describe('uploads', () => {
  it('opens a file, keeps it by hash and shows a slice', async () => {
    const recording = (await (await upload('box.npy', volume())).json()) as RecordingSummary;
    expect(recording).toMatchObject({ name: 'box.npy', format: 'npy' });
    const series = recording.series[0];
    const image = await host.array(`/api/recordings/${recording.id}/image?series=${encodeURIComponent(series?.id ?? '')}&slice=1`);
    expect(image.shape).toEqual([32, 32]);
    expect(readdirSync(join(host.folder, 'recordings'))).toEqual([recording.id]);
    const again = (await (await upload('other name.npy', volume())).json()) as RecordingSummary;
    expect(again.id).toBe(recording.id);
  });

  it('undersamples an image by a simulated acquisition', async () => {
    const recording = (await (await upload('box.npy', volume())).json()) as RecordingSummary;
    const events = await host.all(request(recording, { acquire: { name: 'multicoil', params: { coils: 3 } } }));
    expect(events.at(-1)?.type).toBe('done');
    expect(only(events, 'scores')[0]?.estimate?.values.length).toBe(3);
  });

  it('refuses what it cannot read with the reason and keeps nothing of it', async () => {
    for (const [name, bytes, code] of [
      ['broken.dcm', new TextEncoder().encode('not a DICOM file at all'), /input\./],
      ['empty.npy', new Uint8Array(0), /input\.|usage\.invalid/],
      ['cut.npy', volume().subarray(0, 300), /input\.truncated/],
    ] as const) {
      const answer = await upload(name, bytes);
      expect(answer.ok, name).toBe(false);
      const problem = (await answer.json()) as { code: string; detail: string; title: string };
      expect(problem.code, name).toMatch(code);
    }
    expect(readdirSync(join(host.folder, 'recordings')).filter((n) => n.startsWith('incoming'))).toEqual([]);
  });

  it('never writes outside its folder, whatever the name', async () => {
    const recording = (await (await upload('../../../evil.npy', volume())).json()) as RecordingSummary;
    expect(recording.name).not.toContain('/');
    expect(existsSync(join(host.folder, '..', 'evil.npy'))).toBe(false);
  });

  it('forgets a recording and its bytes', async () => {
    const recording = (await (await upload('box.npy', volume())).json()) as RecordingSummary;
    expect((await host.fetch(`/api/recordings/${recording.id}`, { method: 'DELETE' })).status).toBe(204);
    expect((await host.fetch(`/api/recordings/${recording.id}`)).status).toBe(404);
    expect(existsSync(join(host.folder, 'recordings', recording.id))).toBe(false);
  });
});

describe('uploads of the same bytes', () => {
  it('may come at the same time, under one name or several', async () => {
    const image = zeros('float32', [1, 24, 24]).data.fill(3);
    const bytes = encodeNpy({ dtype: 'float32', shape: [1, 24, 24], data: image });
    const answers = await Promise.all(['a.npy', 'a.npy', 'b.npy', 'c.npy'].map((name) => upload(name, bytes)));
    expect(answers.map((a) => a.status)).toEqual([200, 200, 200, 200]);
    const ids = await Promise.all(answers.map(async (a) => ((await a.json()) as RecordingSummary).id));
    expect(new Set(ids).size).toBe(1);
    expect(readdirSync(join(host.folder, 'recordings')).filter((n) => n.startsWith('incoming'))).toEqual([]);
  });

  it('takes a name that is too long for the disk', async () => {
    const recording = (await (await upload(`${'頭'.repeat(150)}.npy`, volume())).json()) as RecordingSummary;
    expect(recording.name).toMatch(/^頭+\.npy$/);
  });
});

describe('files that are not uploads', () => {
  it('stay when they are forgotten, even in a folder whose name begins like ours', async () => {
    for (const folder of ['recordings-of-mine', 'recordings']) {
      mkdirSync(join(host.folder, folder), { recursive: true });
      const path = join(host.folder, folder, 'mine.npy');
      writeFileSync(path, encodeNpy({ dtype: 'float32', shape: [1, 20, 20], data: new Float32Array(400).fill(folder.length) }));
      const { recordings } = host.host.services;
      await recordings.remove((await recordings.openPath(path)).id);
      expect(existsSync(path), folder).toBe(true);
    }
  });
});

describe('pattern files', () => {
  it('are loaded, used and written into the receipt', async () => {
    const recording = await host.small();
    const mask = zeros('uint8', [64]);
    for (let i = 0; i < 64; i += 2) mask.data[i] = 1;
    mask.data.fill(1, 28, 36);
    const loaded = (await (
      await host.fetch('/api/patterns?name=every-second.npy', { method: 'POST', body: encodeNpy(mask) as Uint8Array<ArrayBuffer> })
    ).json()) as { handle: string; kept: number };
    expect(loaded.kept).toBe(36);
    const events = await host.all(request(recording, { purpose: 'run', pattern: { name: 'file', params: { file: loaded.handle } } }));
    const [done] = only(events, 'done');
    expect(done?.result?.pattern).toMatchObject({ kept: 36, total: 64, kind: 'lines' });
    expect(done?.result?.receipt).toMatchObject({ pipeline: { mask: { kind: 'lines', columns: 64 } } });
  });
});

describe('exports', () => {
  it('writes every format with its receipt and never over an earlier one', async () => {
    const recording = await host.small();
    const [done] = only(await host.all(request(recording, { purpose: 'run', slices: [0, 2] })), 'done');
    const id = done?.result?.id ?? '';
    const steps = (await host.json<StepDescription[]>('/api/steps')).filter((s) => s.kind === 'export');
    expect(steps.map((s) => s.name)).toEqual(expect.arrayContaining(['dicom', 'nifti', 'hdf5', 'npy', 'png']));
    for (const step of steps) {
      const reply = await host.post<ExportReply>(`/api/results/${id}/export`, { format: step.name, params: {} });
      const receipt = reply.files.at(-1);
      expect(receipt?.name).toMatch(/\.lacuna\.json$/);
      for (const file of reply.files) {
        expect(readFileSync(join(reply.folder, file.name)).length).toBe(file.bytes);
        const download = await host.fetch(file.url);
        expect((await download.arrayBuffer()).byteLength).toBe(file.bytes);
      }
    }
    const again = await host.post<ExportReply>(`/api/results/${id}/export`, { format: 'npy', params: {} });
    expect(again.files[0]?.name).toMatch(/-2\.npy$/);
    expect((await host.fetch('/api/exports/wrong/file')).status).toBe(404);
  });

  it('leaves files alone that have no receipt, and gives exports made at once a name each', async () => {
    const recording = await host.small();
    const [done] = only(await host.all(request(recording, { purpose: 'run', slices: [0, 2] })), 'done');
    const write = (name: string, format: string) => host.post<ExportReply>(`/api/results/${done?.result?.id}/export`, { format, params: {}, name });
    const { folder } = await write('first', 'npy');
    writeFileSync(join(folder, 'mine.npy'), 'mine');
    writeFileSync(join(folder, 'scan-0001.dcm'), 'mine');
    expect((await write('mine', 'npy')).files[0]?.name).toBe('mine-2.npy');
    expect((await write('scan', 'dicom')).files[0]?.name).toBe('scan-2-0001.dcm');
    expect(readFileSync(join(folder, 'mine.npy'), 'utf8')).toBe('mine');
    const names = (await Promise.all([write('both', 'npy'), write('both', 'npy')])).map((reply) => reply.files[0]?.name);
    expect(names).toEqual(['both.npy', 'both-2.npy']);
    expect((await write('other.hdf5', 'hdf5')).files[0]?.name).toBe('other.hdf5');
  });
});

describe('settings', () => {
  it('are checked, kept and completed', async () => {
    const settings = await host.json<Settings>('/api/settings');
    await host.json('/api/settings', { method: 'PUT', body: JSON.stringify({ ...settings, theme: 'light' }) });
    expect((await host.json<Settings>('/api/settings')).theme).toBe('light');
    const bad = await host.fetch('/api/settings', { method: 'PUT', body: JSON.stringify({ ...settings, threads: 0 }) });
    expect(bad.status).toBe(400);
    expect(await bad.json()).toMatchObject({ field: 'threads' });
  });
});

describe('descriptions', () => {
  it('every step has help and defaults for all its parameters', async () => {
    for (const step of await host.json<StepDescription[]>('/api/steps')) {
      expect(step.help, step.name).toMatch(/\w/);
      for (const [name, property] of Object.entries(step.params.properties)) {
        expect(property.description, `${step.name}.${name}`).toMatch(/\w/);
        expect(property.default, `${step.name}.${name}`).toBeDefined();
      }
    }
  });

  it('OpenAPI names every route with its body', async () => {
    const document = await host.json<{ paths: Record<string, Record<string, unknown>> }>('/api/openapi.json');
    expect(document.paths['/api/jobs']?.['post']).toMatchObject({ requestBody: { content: { 'application/json': { schema: { type: 'object' } } } } });
    expect(Object.keys(document.paths).length).toBeGreaterThan(20);
  });
});

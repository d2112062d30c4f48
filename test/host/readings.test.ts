import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeNpy } from '../../src/array/npy.ts';
import type { JsonSchemaObject, RecordingSummary } from '../../src/host/contract.ts';
import { only, request, TestHost } from './support.ts';
import { randomComplex } from '../support/random-array.ts';

let host: TestHost;
let plain: RecordingSummary;
const bytes = encodeNpy(randomComplex([4, 32, 24], 3)) as Uint8Array<ArrayBuffer>;
const upload = () => host.json<RecordingSummary>('/api/recordings?name=bare.npy', { method: 'POST', body: bytes });
const readAs = (id: string, options: unknown) => host.fetch(`/api/recordings/${id}/reading`, { method: 'PUT', body: JSON.stringify(options) });
const told = { axes: { array: ['coil', 'column', 'row'] }, domains: { array: 'kspace' } };

beforeAll(async () => {
  host = await TestHost.start();
  plain = await upload();
});
afterAll(() => host.stop());

describe('PUT /api/recordings/:id/reading', () => {
  it('is another recording of the same bytes, read as told', async () => {
    const other = (await (await readAs(plain.id, told)).json()) as RecordingSummary;
    expect(other.id).toMatch(/^[0-9a-f]{64}$/);
    expect(other.id).not.toBe(plain.id);
    expect(other.sha256).toBe(plain.sha256);
    expect(other.read).toEqual(told);
    expect(other.series[0]).toMatchObject({ domain: 'kspace', coils: 4, rows: 24, columns: 32, axisChoice: { axes: ['coil', 'column', 'row'] } });
    const again = (await (await readAs(other.id, told)).json()) as RecordingSummary;
    expect(again.id).toBe(other.id);
    expect((await host.json<RecordingSummary[]>('/api/recordings')).map(({ id }) => id)).toEqual(expect.arrayContaining([plain.id, other.id]));
  });

  it('with options that say nothing is the first recording again', async () => {
    const other = (await (await readAs(plain.id, told)).json()) as RecordingSummary;
    const back = (await (await readAs(other.id, { fixes: [], axes: {} })).json()) as RecordingSummary;
    expect(back.id).toBe(plain.id);
    expect(back.read).toBeUndefined();
  });

  it('is reconstructed as it is read, after a restart too, and its receipt says how', async () => {
    const other = (await (await readAs(plain.id, told)).json()) as RecordingSummary;
    await host.stop(true);
    host = await TestHost.start({ folder: host.folder });
    const events = await host.all(request(other, { purpose: 'run', pattern: { name: 'full', params: {} }, method: { name: 'zero-filled', params: {} } }));
    const result = only(events, 'done')[0]?.result;
    expect(result?.shape).toEqual([1, 24, 32]);
    expect(result?.receipt).toMatchObject({ pipeline: { input: { sha256: plain.sha256, read: told } } });
  });

  it('keeps uploaded bytes until the last reading of them is removed', async () => {
    const own = await host.json<RecordingSummary>('/api/recordings?name=own.npy', { method: 'POST', body: encodeNpy(randomComplex([2, 16, 16], 9)) as Uint8Array<ArrayBuffer> });
    const other = (await (await readAs(own.id, told)).json()) as RecordingSummary;
    const folder = `${host.folder}/recordings/${own.sha256}`;
    await host.fetch(`/api/recordings/${own.id}`, { method: 'DELETE' });
    expect(existsSync(folder)).toBe(true);
    expect((await host.fetch(`/api/recordings/${other.id}/image?series=array&slice=0`)).status).toBe(200);
    await host.fetch(`/api/recordings/${other.id}`, { method: 'DELETE' });
    expect(existsSync(folder)).toBe(false);
  });

  it('refuses what does not fit: axes, fixes that nobody offers, samples', async () => {
    const problem = async (response: Response) => [response.status, ((await response.json()) as { code: string }).code];
    expect(await problem(await readAs(plain.id, { axes: { array: ['coil', 'row'] } }))).toEqual([400, 'usage.invalid']);
    expect(await problem(await readAs(plain.id, { fixes: ['nonsense'] }))).toEqual([400, 'usage.invalid']);
    expect(await problem(await readAs(plain.id, { axes: { array: ['up'] } }))).toEqual([400, 'usage.invalid']);
    expect(await problem(await readAs((await host.small()).id, {}))).toEqual([422, 'usage.unsupported']);
    expect(await problem(await readAs('0'.repeat(64), {}))).toEqual([404, 'usage.not-found']);
  });
});

describe('heating', () => {
  it('says its parameters as a schema, and is read on the phase of a file that was told its field and echo time', async () => {
    const schema = await host.json<JsonSchemaObject>('/api/readings/heating');
    expect(schema.properties['peak']).toMatchObject({ type: 'number', default: 5, minimum: -20, maximum: 40, title: 'Peak rise', unit: '°C' });
    const kspace = (await (await readAs(plain.id, told)).json()) as RecordingSummary;
    const refused = await readAs(kspace.id, { ...told, heating: { peak: 5 } });
    expect(await refused.json()).toMatchObject({ code: 'usage.unsupported', field: 'fieldStrength' });
    const heated = (await (await readAs(kspace.id, { ...told, heating: { peak: 5, frames: 3, fieldStrength: 1.5, echoTimes: [12] } })).json()) as RecordingSummary;
    expect(heated.series[0]?.axes[0]).toMatchObject({ name: 'frame', length: 3 });
    expect(heated.read?.heating).toMatchObject({ peak: 5, frames: 3, width: 0.06 });
    expect(((await (await readAs(heated.id, told)).json()) as RecordingSummary).id).toBe(kspace.id);
  });
});

describe('preparation', () => {
  const compress = { name: 'compress-coils', params: { virtualCoils: 2 } };
  const run = (prepare?: unknown) => ({ ...request(plain, { purpose: 'run', pattern: { name: 'full', params: {} }, method: { name: 'zero-filled', params: {} } }), ...(prepare === undefined ? {} : { prepare }) });

  it('is done before sampling and written out in the receipt; none where none is asked for', async () => {
    const kspace = (await (await readAs(plain.id, { axes: { array: ['coil', 'row', 'column'] }, domains: { array: 'kspace' } })).json()) as RecordingSummary;
    const results = [];
    for (const prepare of [[compress], []]) {
      const events = await host.all({ ...run(prepare), recording: kspace.id } as Parameters<typeof host.all>[0]);
      results.push(only(events, 'done')[0]?.result);
    }
    const [compressed, bare] = results as { receipt: { pipeline: { prepare?: unknown[] }; output: { sha256: string } } }[];
    expect(compressed?.receipt.pipeline.prepare).toEqual([{ name: 'compress-coils', params: { virtualCoils: 2 } }]);
    expect(bare?.receipt.pipeline.prepare).toBeUndefined();
    expect(compressed?.receipt.output.sha256).not.toBe(bare?.receipt.output.sha256);
  });

  it('that there is none of is refused by name', async () => {
    const events = await host.all(run([{ name: 'nothing', params: {} }]) as Parameters<typeof host.all>[0]);
    expect(only(events, 'failed')[0]?.error).toMatchObject({ code: 'usage.not-found', field: 'prepare' });
  });
});

describe('patterns as files', () => {
  it.each(['csv', 'json', 'npy'] as const)('go out as .%s and come back the same', async (format) => {
    const recording = await host.small();
    const pattern = { name: 'random', params: { acceleration: 2, seed: 4 } };
    const exported = await host.fetch('/api/patterns/export', { method: 'POST', body: JSON.stringify({ recording: recording.id, series: recording.series[0]?.id, pattern, format }) });
    expect(exported.status).toBe(200);
    expect(exported.headers.get('content-disposition')).toContain(`random.${format}`);
    const file = await exported.arrayBuffer();
    const { handle, kept } = await host.json<{ handle: string; kept: number }>(`/api/patterns?name=p.${format}`, { method: 'POST', body: file });
    const method = { name: 'zero-filled', params: {} };
    const drawn = only(await host.all(request(recording, { pattern, method })), 'pattern')[0]?.pattern;
    const loaded = only(await host.all(request(recording, { pattern: { name: 'file', params: { file: handle } }, method })), 'pattern')[0]?.pattern;
    expect(loaded?.kept).toBe(kept);
    expect(loaded?.mask).toEqual(drawn?.mask);
  });

  it('of a trajectory cannot be written', async () => {
    const recording = await host.small();
    const body = { recording: recording.id, series: recording.series[0]?.id, pattern: { name: 'radial', params: {} }, format: 'csv' };
    expect((await host.fetch('/api/patterns/export', { method: 'POST', body: JSON.stringify(body) })).status).toBe(422);
  });
});

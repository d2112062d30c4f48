import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ModelDescription, ModelInspection, ModelProblem } from '../../src/host/contract.ts';
import { type NodeInfer, startNodeInfer } from '../../src/infer/node-infer.ts';
import { halving, notFinite } from '../support/networks.ts';
import { TestHost } from './support.ts';

let infer: NodeInfer;
let host: TestHost;
beforeAll(async () => {
  infer = startNodeInfer({ threads: 1 });
  host = await TestHost.start({ infer });
}, 120_000);
afterAll(async () => {
  await host.stop();
  await infer.close();
});

const inspect = async (graph: Uint8Array) => host.fetch('/api/models/inspect', { method: 'POST', body: graph as Uint8Array<ArrayBuffer>, headers: { 'content-type': 'application/octet-stream' } });
const send = (body: unknown) => host.fetch('/api/models', { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });
const ANSWERS = { id: 'half', title: 'Half', task: 'mri-artefact-removal', inputs: { x: 'magnitude' }, outputs: { y: 'image-magnitude' }, trained: { acceleration: [2, 6], patterns: [], data: [] } };

describe('a network of one’s own', { timeout: 300_000 }, () => {
  it('is inspected, tried, added, run and timed, and removed', async () => {
    const inspection = (await (await inspect(halving([1, 1, 'h', 'w']))).json()) as ModelInspection;
    expect(inspection.inputs[0]).toMatchObject({ name: 'x', role: 'magnitude', shape: [1, 1, 'h', 'w'] });
    const added = (await (await send({ token: inspection.token, answers: ANSWERS })).json()) as ModelDescription;
    expect(added).toMatchObject({ id: 'half', own: true, times: [], trained: { acceleration: [2, 6] }, network: { inputs: [{ role: 'magnitude' }] } });
    expect(added.card).toContain('has not measured how well it does');

    const recording = await host.small();
    const request = {
      recording: recording.id, series: recording.series[0]?.id ?? '', slices: [0, 1] as const, purpose: 'preview' as const,
      pattern: { name: 'random', params: { acceleration: 2, centreFraction: 0.2 } }, method: { name: 'network', params: { model: 'half' } },
    };
    const events = [];
    for await (const event of host.events(request)) events.push(event);
    expect(events.at(-1)).toEqual(expect.objectContaining({ type: 'done' }));
    expect(events.find(({ type }) => type === 'slice')).toMatchObject({ provider: 'cpu', notes: expect.arrayContaining([expect.stringContaining('Model: half 1.0.0')]) });
    const listed = await host.json<readonly ModelDescription[]>('/api/models');
    expect(listed.find(({ id }) => id === 'half')?.times).toMatchObject([{ provider: 'cpu', runs: 1, coils: recording.series[0]?.coils }]);

    expect((await host.fetch('/api/models/half', { method: 'DELETE' })).status).toBe(204);
    expect((await host.json<readonly ModelDescription[]>('/api/models')).some(({ id }) => id === 'half')).toBe(false);
    expect((await host.fetch('/api/models/half', { method: 'DELETE' })).status).toBe(404);
  });

  it('that gives no finite image is not added, and leaves nothing behind', async () => {
    const { token } = (await (await inspect(notFinite())).json()) as ModelInspection;
    const refused = await send({ token, answers: { ...ANSWERS, id: 'nan' } });
    expect(await refused.json()).toMatchObject({ code: 'input.unsupported', message: expect.stringContaining('not finite') });
    expect((await host.json<readonly ModelDescription[]>('/api/models')).some(({ id }) => id === 'nan')).toBe(false);
    expect(await host.json<readonly ModelProblem[]>('/api/models/problems')).toEqual([]);
  });

  it('cannot take the place of one of ours, nor be added twice, nor without its file', async () => {
    const { token } = (await (await inspect(halving([1, 1, 'h', 'w']))).json()) as ModelInspection;
    expect(await (await send({ token, answers: { ...ANSWERS, id: 'unrolled-s' } })).json()).toMatchObject({ code: 'usage.invalid', field: 'id' });
    expect((await send({ token, answers: { ...ANSWERS, id: 'twice' } })).status).toBe(200);
    expect(await (await send({ token, answers: ANSWERS })).json()).toMatchObject({ code: 'usage.not-found', field: 'token' });
    const again = (await (await inspect(halving([1, 1, 'h', 'w']))).json()) as ModelInspection;
    expect(await (await send({ token: again.token, answers: { ...ANSWERS, id: 'twice' } })).json()).toMatchObject({ code: 'usage.invalid', field: 'id' });
    expect((await send({ token: again.token, answers: { ...ANSWERS, id: 'twice', title: 'Anew' }, replace: true })).status).toBe(200);
    expect((await host.json<readonly ModelDescription[]>('/api/models')).find(({ id }) => id === 'twice')?.title).toBe('Anew');
  });

  it.each([new Uint8Array(0), new Uint8Array(100).fill(255), new TextEncoder().encode('{"not": "a graph"}')])('is refused when it is no graph', async (bytes) => {
    const response = await inspect(bytes);
    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(await response.json()).toMatchObject({ code: expect.stringMatching(/^input\./) });
  });
});

describe('packages', { timeout: 60_000 }, () => {
  it('that are broken are told with the reason, and can be removed', async () => {
    const folder = join(host.folder, 'models', 'broken');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'model.json'), '{');
    expect(await host.json('/api/models/problems')).toEqual([{ id: 'broken', own: true, code: 'input.malformed', message: 'model.json is not JSON' }]);
    expect((await host.fetch('/api/models/broken', { method: 'DELETE' })).status).toBe(204);
  });

  it('give pictures of their own folder and nothing else', async () => {
    const { token } = (await (await inspect(halving([1, 1, 'h', 'w']))).json()) as ModelInspection;
    await send({ token, answers: { ...ANSWERS, id: 'pictured' } });
    const folder = join(host.folder, 'models', 'pictured');
    writeFileSync(join(folder, 'good.png'), Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1]));
    writeFileSync(join(folder, 'false.png'), '<script>alert(1)</script>');
    const picture = await host.fetch('/api/models/pictured/pictures/good.png');
    expect(picture.headers.get('content-type')).toBe('image/png');
    for (const name of ['false.png', 'model.json', 'network.onnx', '..%2fmodel.json', '%2e%2e%2f%2e%2e%2flibrary.sqlite', 'none.png']) {
      expect((await host.fetch(`/api/models/pictured/pictures/${name}`)).ok, name).toBe(false);
    }
  });
});

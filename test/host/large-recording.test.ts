import { createHash } from 'node:crypto';
import { readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeNpy } from '../../src/array/npy.ts';
import { ndArray } from '../../src/array/nd-array.ts';
import { HASHED_AT_ONCE } from '../../src/formats/identity.ts';
import type { JobEvent, JobRequest, RecordingSummary } from '../../src/host/contract.ts';
import { TestHost } from './support.ts';

/** Larger than what is hashed on opening: [slice, row, column]. */
const SHAPE = [9, 700, 700];

let host: TestHost;
beforeAll(async () => {
  host = await TestHost.start();
});
afterAll(() => host.stop());

function write(name: string, scale: number): { path: string; hash: string } {
  const data = new Float32Array(2 * 9 * 700 * 700);
  // Energy in the middle, as k-space has it.
  for (let slice = 0; slice < 9; slice++) data[2 * ((slice * 700 + 350) * 700 + 350)] = scale * (slice + 1);
  const bytes = encodeNpy(ndArray('complex64', SHAPE, data));
  expect(bytes.length).toBeGreaterThan(HASHED_AT_ONCE);
  const path = join(host.folder, name);
  writeFileSync(path, bytes);
  return { path, hash: createHash('sha256').update(bytes).digest('hex') };
}

async function run(recording: RecordingSummary): Promise<JobEvent> {
  const order: JobRequest = {
    purpose: 'run', recording: recording.id, series: recording.series[0]?.id ?? '', slices: [0, 1], pattern: { name: 'full', params: {} }, method: { name: 'zero-filled', params: {} },
  };
  let last: JobEvent | undefined;
  for await (const event of host.host.services.jobs.start(order).events.read()) last = event;
  if (last === undefined) throw new Error('no events');
  return last;
}

describe('a large recording', () => {
  it('has an id before its hash is known, and the hash in every receipt', async () => {
    const { recordings } = host.host.services;
    const { path, hash } = write('large.npy', 1);
    const opened = await recordings.openPath(path);
    expect(opened.id).not.toBe(hash);
    expect(await run(opened)).toMatchObject({ type: 'done', result: { recording: opened.id, receipt: { pipeline: { input: { sha256: hash } } } } });
    expect(recordings.get(opened.id).summary.sha256).toBe(hash);
  });

  it('is found again under the content hash that an older library gave it', async () => {
    const { library, recordings } = host.host.services;
    const { path, hash } = write('older.npy', 2);
    const opened = await recordings.openPath(path);
    const { sha256: _unknown, ...summary } = opened;
    library.addRecording({ ...summary, id: hash }, { kind: 'path', path });
    expect(await run({ ...opened, id: hash })).toMatchObject({ type: 'done', result: { receipt: { pipeline: { input: { sha256: hash } } } } });
  });

  it('is refused once it was changed, and served once it has its bytes back', async () => {
    const { recordings } = host.host.services;
    const { path, hash } = write('changing.npy', 3);
    const opened = await recordings.openPath(path);
    expect((await run(opened)).type).toBe('done');
    const bytes = readFileSync(path);
    write('changing.npy', 4);
    await recordings.openPath(path);
    expect(await run(opened)).toMatchObject({ type: 'failed', error: { code: 'input.mismatch' } });
    writeFileSync(path, bytes);
    utimesSync(path, new Date(), new Date());
    expect(await run({ ...opened })).toMatchObject({ type: 'done', result: { receipt: { pipeline: { input: { sha256: hash } } } } });
  });

  it('is hashed while it arrives when it is uploaded', async () => {
    const { path, hash } = write('sent.npy', 5);
    const sent = await host.json<RecordingSummary>('/api/recordings?name=sent.npy', { method: 'POST', body: readFileSync(path) });
    expect(sent.sha256).toBe(hash);
    expect(sent.id).not.toBe(hash);
    const again = await host.json<RecordingSummary>('/api/recordings?name=sent.npy', { method: 'POST', body: readFileSync(path) });
    expect(again.id).toBe(sent.id);
  });
});

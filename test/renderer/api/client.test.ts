import { describe, expect, it } from 'vitest';
import { ndArray } from '../../../src/array/nd-array.ts';
import { encodeNpy } from '../../../src/array/npy.ts';
import { createClient } from '../../../renderer/api/client.ts';
import { ConnectionError, asLacunaError, isQuiet } from '../../../renderer/api/problem.ts';

const json = (body: unknown, status = 200, type = 'application/json') =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': type } });
const link = { url: '/api/arrays/abc', dtype: 'float32', shape: [1, 2] };
const npy = () => encodeNpy(ndArray('float32', [1, 2], Float32Array.of(3, 4)));

describe('client', () => {
  it('turns problem JSON into a LacunaError with code, file, field and detail', async () => {
    const client = createClient({
      fetch: async () => json(
        { type: 'about:blank', title: 'x', status: 422, code: 'input.truncated', message: 'ends early', file: 'a.dcm', field: 'PixelData', detail: 'E: 12' },
        422, 'application/problem+json',
      ),
    });
    await expect(client.openFile('a.dcm', new Blob(['x']))).rejects.toMatchObject({
      code: 'input.truncated', message: 'ends early', file: 'a.dcm', field: 'PixelData',
    });
  });

  it('gives a readable error for an answer that is no problem JSON', async () => {
    const client = createClient({ fetch: async () => new Response('<html>', { status: 502, statusText: 'Bad Gateway' }) });
    await expect(client.steps()).rejects.toMatchObject({ code: 'internal', message: expect.stringContaining('502') });
  });

  it('reports lost and regained reach', async () => {
    const seen: boolean[] = [];
    let up = false;
    const client = createClient({
      fetch: async () => {
        if (!up) throw new TypeError('Failed to fetch');
        return json([]);
      },
      onReachable: (reachable) => seen.push(reachable),
    });
    await expect(client.steps()).rejects.toBeInstanceOf(ConnectionError);
    up = true;
    await client.steps();
    expect(seen).toEqual([false, true]);
    expect(asLacunaError(new ConnectionError('x')).message).toContain('reach');
  });

  it('fetches an array once, also when asked twice at the same time', async () => {
    let count = 0;
    const client = createClient({
      fetch: async () => {
        count++;
        return new Response(npy() as Uint8Array<ArrayBuffer>);
      },
    });
    const [a, b] = await Promise.all([client.array(link), client.array(link)]);
    expect(a).toBe(b);
    expect(Array.from(a.data as Float32Array)).toEqual([3, 4]);
    await client.array(link);
    expect(count).toBe(1);
  });

  it('does not spoil another caller when one aborts', async () => {
    const client = createClient({ fetch: async () => new Response(npy() as Uint8Array<ArrayBuffer>) });
    const abort = new AbortController();
    const quitting = client.array(link, abort.signal);
    const staying = client.array(link);
    abort.abort();
    await expect(quitting).rejects.toSatisfy(isQuiet);
    await expect(staying).resolves.toMatchObject({ shape: [1, 2] });
  });

  it('passes the abort on and counts it as quiet, not as lost reach', async () => {
    const seen: boolean[] = [];
    const client = createClient({
      fetch: (_url, init) => new Promise((_resolve, reject) => init?.signal?.addEventListener('abort', () => reject(init.signal?.reason))),
      onReachable: (reachable) => seen.push(reachable),
    });
    const abort = new AbortController();
    const events = client.jobEvents('j', abort.signal).next();
    abort.abort();
    await expect(events).rejects.toSatisfy(isQuiet);
    expect(seen).toEqual([]);
  });

  it('escapes what it puts into addresses', async () => {
    const urls: string[] = [];
    const client = createClient({
      fetch: async (url) => {
        urls.push(String(url));
        return json({});
      },
    });
    await client.openFile('a&b #1.h5', new Blob([]));
    await client.recording('../settings');
    expect(urls).toEqual(['/api/recordings?name=a%26b%20%231.h5', '/api/recordings/..%2Fsettings']);
  });
});

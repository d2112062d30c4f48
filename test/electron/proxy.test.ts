import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createProxy } from '../../electron/proxy.ts';
import { LacunaError } from '../../src/errors.ts';
import { createSocketFolder } from '../../src/infer/endpoint.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;
let handler: Handler = (_request, response) => response.end();
const sockets = createSocketFolder();
const socketPath = sockets.next('host');
const server = createServer((request, response) => handler(request, response));
const proxy = createProxy(async () => socketPath);
const get = (path: string, init?: RequestInit) => proxy(new Request(`lacuna://studio${path}`, init));

beforeAll(() => new Promise<void>((resolve) => server.listen(socketPath, resolve)));
afterAll(() => {
  server.close();
  server.closeAllConnections();
  sockets.remove();
});
afterEach(() => {
  handler = (_request, response) => response.end();
});

describe('requests', () => {
  it('arrive with method, path, query, headers and body', async () => {
    const seen = Promise.withResolvers<{ method: string; url: string; type: string; host: string; origin: string; body: string }>();
    handler = async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const { 'content-type': type = '', host = '', origin = '' } = request.headers;
      seen.resolve({ method: request.method ?? '', url: request.url ?? '', type, host, origin, body: Buffer.concat(chunks).toString() });
      response.writeHead(201).end();
    };
    const headers = { 'content-type': 'application/json', origin: 'lacuna://studio' };
    const response = await get('/api/jobs?channel=a%20b', { method: 'POST', headers, body: '{"a":1}' });
    expect(response.status).toBe(201);
    expect(await seen.promise).toEqual({
      method: 'POST',
      url: '/api/jobs?channel=a%20b',
      type: 'application/json',
      host: 'studio',
      origin: 'lacuna://studio',
      body: '{"a":1}',
    });
  });

  it('stream their body: the host reads the first part before the last was made', async () => {
    const first = Promise.withResolvers<string>();
    handler = async (request, response) => {
      let size = 0;
      for await (const chunk of request) {
        first.resolve((chunk as Buffer).toString());
        size += (chunk as Buffer).length;
      }
      response.end(String(size));
    };
    const body = new ReadableStream<Uint8Array>({
      async start(controller) {
        controller.enqueue(Buffer.from('begin'));
        await first.promise;
        controller.enqueue(Buffer.from('-end'));
        controller.close();
      },
    });
    const response = await get('/api/recordings', { method: 'POST', body, duplex: 'half' } as RequestInit);
    expect(await first.promise).toBe('begin');
    expect(await response.text()).toBe('9');
  });

  it('keep a path that tries to climb inside the address', async () => {
    let url = '';
    handler = (request, response) => {
      url = request.url ?? '';
      response.end();
    };
    await get('/assets/../../../etc/passwd');
    expect(url).toBe('/etc/passwd');
    await get('/%2e%2e/%2e%2e/etc/passwd');
    expect(url).toBe('/etc/passwd');
  });

  it('end at the host when the page aborts', async () => {
    const arrived = Promise.withResolvers<void>();
    const closed = Promise.withResolvers<void>();
    handler = (request) => {
      request.on('close', () => closed.resolve());
      arrived.resolve();
    };
    const abort = new AbortController();
    const pending = get('/api/slow', { signal: abort.signal });
    await arrived.promise;
    abort.abort();
    expect((await pending).status).toBe(502);
    await closed.promise;
  });
});

describe('responses', () => {
  it('stream: a line can be read before the next is written', async () => {
    const more = Promise.withResolvers<void>();
    handler = async (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/x-ndjson' });
      response.write('{"type":"started"}\n');
      await more.promise;
      response.end('{"type":"done"}\n');
    };
    const reader = ((await get('/api/jobs/1/events')).body as ReadableStream<Uint8Array>).getReader();
    expect(Buffer.from((await reader.read()).value ?? []).toString()).toBe('{"type":"started"}\n');
    more.resolve();
    expect(Buffer.from((await reader.read()).value ?? []).toString()).toBe('{"type":"done"}\n');
    expect((await reader.read()).done).toBe(true);
  });

  it('carry megabytes unharmed', async () => {
    const bytes = Buffer.alloc(5_000_001, 'lacuna');
    handler = (_request, response) => response.end(bytes);
    expect(Buffer.from(await (await get('/api/arrays/x')).arrayBuffer()).equals(bytes)).toBe(true);
  });

  it('keep status, headers and repeated headers; hop-by-hop ones stay behind', async () => {
    handler = (_request, response) => {
      response.writeHead(418, { 'set-cookie': ['a=1', 'b=2'], 'x-kind': 'tea', connection: 'close' }).end('short and stout');
    };
    const response = await get('/');
    expect(response.status).toBe(418);
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(response.headers.get('x-kind')).toBe('tea');
    expect(response.headers.get('connection')).toBeNull();
    expect(await response.text()).toBe('short and stout');
  });

  it('have the strict policy even where the host set none, and the host’s own where it did', async () => {
    expect((await get('/')).headers.get('content-security-policy')).toMatch(/^default-src 'none'/);
    handler = (_request, response) => response.writeHead(200, { 'content-security-policy': "default-src 'none'; img-src 'self'" }).end();
    expect((await get('/')).headers.get('content-security-policy')).toBe("default-src 'none'; img-src 'self'");
  });

  it.each([204, 304])('of status %i have no body', async (status) => {
    handler = (_request, response) => response.writeHead(status).end();
    const response = await get('/');
    expect(response.status).toBe(status);
    expect(response.body).toBeNull();
  });
});

describe('refusals', () => {
  it.each(['lacuna://other/', 'https://studio/', 'lacuna://studio.evil/'])('%s is not served', async (url) => {
    expect((await proxy(new Request(url))).status).toBe(404);
  });

  it('tell why the host cannot be reached, as problem JSON', async () => {
    const failing = createProxy(() => Promise.reject(new LacunaError('job.interrupted', 'The host cannot be started: no space left.')));
    const response = await failing(new Request('lacuna://studio/api/shell'));
    expect(response.status).toBe(503);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toMatchObject({
      code: 'job.interrupted',
      status: 503,
      title: 'The host cannot be started: no space left.',
    });
  });

  it('are a page in words where a window asks, with nothing in it that could run', async () => {
    const failing = createProxy(() => Promise.reject(new LacunaError('job.interrupted', 'It ended (<script>alert(1)</script> & more).')));
    const response = await failing(new Request('lacuna://studio/', { headers: { accept: 'text/html,*/*' } }));
    expect(response.status).toBe(503);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('content-security-policy')).toMatch(/^default-src 'none'/);
    expect(await response.text()).toContain('It ended (&lt;script&gt;alert(1)&lt;/script&gt; &amp; more).');
  });

  it('tell that the host went away in mid-request', async () => {
    handler = (request) => request.socket.destroy();
    const response = await get('/api/shell');
    expect(response.status).toBe(502);
    expect(await response.json()).toMatchObject({ code: 'job.interrupted' });
  });
});

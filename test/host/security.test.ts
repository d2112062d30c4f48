import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestHost } from './support.ts';

let host: TestHost;
beforeAll(async () => {
  host = await TestHost.start();
});
afterAll(() => host.stop());

/** node:http lets a test say any Host header; fetch does not. */
function raw(path: string, headers: Record<string, string>, method = 'GET', body?: string): Promise<{ status: number; headers: Record<string, unknown>; body: string }> {
  const { port } = new URL(host.origin);
  return new Promise((resolve, reject) => {
    const req = httpRequest({ host: '127.0.0.1', port, path, method, headers }, (res) => {
      let text = '';
      res.on('data', (chunk) => {
        text += chunk;
      });
      res.on('end', () => resolve({ status: res.statusCode ?? 0, headers: res.headers, body: text }));
    });
    req.on('error', reject);
    req.end(body);
  });
}
const name = () => new URL(host.origin).host;
const bearer = () => ({ authorization: `Bearer ${host.host.token}`, host: name() });

describe('access', () => {
  it('refuses without a token or cookie, and with a wrong one', async () => {
    expect((await raw('/api/shell', { host: name() })).status).toBe(403);
    expect((await raw('/api/shell', { host: name(), authorization: 'Bearer wrong' })).status).toBe(403);
    const wrong = await raw('/?token=wrong', { host: name() });
    expect(wrong.status).toBe(403);
    expect(JSON.parse(wrong.body)).toMatchObject({ code: 'usage.forbidden', field: 'token' });
    expect((await raw('/', { host: name(), cookie: 'lacuna-session=guess' })).status).toBe(403);
  });

  it('turns the token into a cookie once', async () => {
    const own = await TestHost.start();
    try {
      const token = encodeURIComponent(own.host.token ?? '');
      const first = await fetch(`${own.origin}/?token=${token}`, { redirect: 'manual' });
      expect(first.status).toBe(303);
      const cookie = first.headers.get('set-cookie') ?? '';
      expect(cookie).toMatch(/HttpOnly; SameSite=Strict/);
      const page = await fetch(`${own.origin}/`, { headers: { cookie: cookie.split(';')[0] ?? '' } });
      expect(page.status).toBe(200);
      expect((await fetch(`${own.origin}/?token=${token}`, { redirect: 'manual' })).status).toBe(403);
    } finally {
      await own.stop();
    }
  });

  it('refuses a foreign Host (DNS rebinding) even with the token', async () => {
    const answer = await raw('/api/shell', { ...bearer(), host: 'evil.example:80' });
    expect(answer.status).toBe(403);
    expect(JSON.parse(answer.body)).toMatchObject({ field: 'Host' });
  });

  it('refuses a foreign Origin even with the token', async () => {
    expect((await raw('/api/settings', { ...bearer(), origin: 'https://evil.example' }, 'PUT', '{}')).status).toBe(403);
    expect((await raw('/api/settings', { ...bearer(), origin: 'null' }, 'PUT', '{}')).status).toBe(403);
    expect((await raw('/api/settings', { ...bearer(), origin: host.origin })).status).toBe(200);
  });

  it('serves nothing outside the renderer folder', async () => {
    for (const path of ['/../../etc/passwd', '/..%2f..%2f..%2fetc%2fpasswd', '/%2e%2e/%2e%2e/etc/passwd', '/assets/..%5c..%5cpackage.json', '/index.html%00.js', '/%']) {
      const answer = await raw(path, bearer());
      expect(answer.status, path).toBe(404);
      expect(answer.body).not.toContain('root:');
    }
  });

  it('refuses bodies over the limit by length and by what comes', async () => {
    const long = 'x'.repeat(1_100_000);
    expect((await raw('/api/jobs', { ...bearer(), 'content-length': String(long.length) }, 'POST', long)).status).toBe(413);
    const chunked = await raw('/api/jobs', { ...bearer(), 'transfer-encoding': 'chunked' }, 'POST', long);
    expect(chunked.status).toBe(413);
    expect(JSON.parse(chunked.body)).toMatchObject({ code: 'usage.too-large' });
  });

  it('sends the strict policy with every response', async () => {
    for (const path of ['/', '/api/shell', '/nothing']) {
      const { headers } = await raw(path, bearer());
      expect(headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self';/);
      expect(headers['x-content-type-options']).toBe('nosniff');
    }
  });

  it('answers malformed requests with problems, not with stack traces', async () => {
    const answer = await raw('/api/jobs', bearer(), 'POST', '{"recording": 5}');
    expect(answer.status).toBe(400);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'usage.invalid', field: 'recording', status: 400 });
    expect((await raw('/api/jobs', bearer(), 'POST', '{nonsense')).status).toBe(400);
    expect((await raw('/api/arrays/..%2f..', bearer())).status).toBe(404);
  });
});

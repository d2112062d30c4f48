import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RecordingSummary } from '../../src/host/contract.ts';
import { request, TestHost } from './support.ts';

let host: TestHost;
let recording: RecordingSummary;
beforeAll(async () => {
  host = await TestHost.start();
  recording = await host.small();
});
afterAll(() => host.stop());

const PATHS = [
  '/api/jobs',
  '/api/sweeps',
  '/api/samples/brain',
  '/api/recordings?name=a.npy',
  '/api/recordings/folder?name=a',
  '/api/recordings/handle',
  '/api/views',
  '/api/recordings/none/reading',
  '/api/patterns?name=m.npy',
  '/api/patterns?name=m.csv',
  '/api/patterns?name=m.json',
  '/api/patterns/export',
  '/api/settings',
  '/api/results/none/export',
];

/** Whatever comes, the answer is a problem that says what was wrong: never 500, never silence. */
async function answers(path: string, init: RequestInit): Promise<void> {
  const response = await host.fetch(path, init);
  const text = await response.text();
  expect(response.status, `${init.method} ${path} → ${text.slice(0, 200)}`).toBeLessThan(500);
  if (response.status >= 400) {
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(JSON.parse(text)).toMatchObject({ code: expect.stringMatching(/^(usage|input|job)\./) });
  }
}

describe('the host under arbitrary requests', () => {
  it('answers arbitrary JSON', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...PATHS), fc.constantFrom('POST', 'PUT', 'DELETE'), fc.json(), (path, method, body) => answers(path, { method, body })),
      { numRuns: 400 },
    );
  });

  it('answers arbitrary bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...PATHS), fc.uint8Array({ maxLength: 600 }), (path, body) => answers(path, { method: 'POST', body: body as Uint8Array<ArrayBuffer> })),
      { numRuns: 300 },
    );
  });

  it('answers arbitrary paths and queries', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ minLength: 1, maxLength: 12 }), { maxLength: 4 }), fc.string({ maxLength: 20 }), (parts, query) =>
        answers(`/api/${parts.map(encodeURIComponent).join('/')}?slice=${encodeURIComponent(query)}&series=${encodeURIComponent(query)}`, { method: 'GET' }),
      ),
      { numRuns: 300 },
    );
  });

  it('survives views and readings with arbitrary parameters', async () => {
    const value = fc.oneof(fc.double(), fc.integer(), fc.string({ maxLength: 20 }), fc.boolean());
    const params = fc.dictionary(fc.constantFrom('first', 'last', 'show', 'source', 'sigma', 'noise', 'seed', '__proto__'), value, { maxKeys: 3 });
    const view = fc.constantFrom('coil-images', 'kspace', 'line-contribution', 'residual', 'toString', '');
    const { purpose: _purpose, ...base } = request(recording);
    await fc.assert(
      fc.asyncProperty(view, params, fc.integer({ min: -2, max: 5 }), (name, given, slice) =>
        answers('/api/views', { method: 'POST', body: JSON.stringify({ ...base, slices: [slice, slice + 1], view: { name, params: given } }) }),
      ),
      { numRuns: 80 },
    );
    const options = fc.record({ axes: fc.dictionary(fc.string({ maxLength: 8 }), fc.array(fc.string({ maxLength: 6 }))), fixes: fc.array(fc.string({ maxLength: 8 })) }, { requiredKeys: [] });
    await fc.assert(
      fc.asyncProperty(options, (body) => answers(`/api/recordings/${recording.id}/reading`, { method: 'PUT', body: JSON.stringify(body) })),
      { numRuns: 60 },
    );
  });

  it('survives jobs with arbitrary parameters', async () => {
    const value = fc.oneof(fc.double(), fc.integer(), fc.string({ maxLength: 20 }), fc.boolean());
    const names = fc.constantFrom('acceleration', 'seed', 'centreFraction', 'iterations', 'lambda', 'levels', 'file', '__proto__', 'constructor');
    const params = fc.dictionary(names, value, { maxKeys: 3 });
    const pattern = fc.constantFrom('random', 'equispaced', 'gaussian', 'poisson-disc', 'file', 'full', 'toString');
    const method = fc.constantFrom('zero-filled', 'sense', '__proto__', '');
    await fc.assert(
      fc.asyncProperty(pattern, params, method, params, fc.integer({ min: -2, max: 5 }), (p, pp, m, mp, slice) =>
        answers('/api/jobs', {
          method: 'POST',
          body: JSON.stringify(request(recording, { pattern: { name: p, params: pp }, method: { name: m, params: mp }, slices: [slice, slice + 1] })),
        }),
      ),
      { numRuns: 120 },
    );
    const after = await host.all(request(recording));
    expect(after.at(-1)?.type).toBe('done');
  });
});

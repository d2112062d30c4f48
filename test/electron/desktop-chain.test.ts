/** Everything of the desktop but Electron itself: page request → proxy → supervised host process → infer process under main. */
import { spawn } from 'node:child_process';
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HandleIssuer } from '../../electron/handles.ts';
import { HostLink } from '../../electron/host-link.ts';
import { serveSpawns } from '../../electron/infer-link.ts';
import type { Port } from '../../electron/message-port.ts';
import { ORIGIN } from '../../electron/origin.ts';
import { createProxy } from '../../electron/proxy.ts';
import { createSocketFolder } from '../../src/infer/endpoint.ts';
import { nodeInferAdapter } from '../../src/infer/node-adapter.ts';
import { Supervisor } from '../../src/infer/supervisor.ts';
import type { ChildHandle, ExitReport } from '../../src/infer/supervisor.ts';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const sockets = createSocketFolder();
const inferAdapter = nodeInferAdapter();
const link = new HostLink();
const handles = new HandleIssuer((grant) => link.grant(grant));
let folder: string;

/** As utilityAdapter, with a Node child in place of the utility process. */
function spawnHost(): ChildHandle<string> {
  const endpoint = sockets.next('host');
  const args = ['--socket', endpoint, '--data', join(folder, 'data'), '--renderer', join(folder, 'renderer')];
  const child = spawn(process.execPath, ['--import', at('./parent-port-shim.mjs'), at('../../electron/host-process.ts'), ...args], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: { ...process.env, LACUNA_EXPORTS: join(folder, 'exports') },
  });
  let stderr = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const exited = new Promise<ExitReport>((resolve) => child.once('close', (code, signal) => resolve({ code, signal, stderr })));
  const ready = new Promise<string>((resolve) => {
    child.on('message', (message: { type?: string }) => {
      if (message.type === 'ready') resolve(endpoint);
    });
  });
  const port: Port = { post: (m) => void child.send(m as object), onMessage: (listener) => void child.on('message', listener) };
  link.attach(port, exited, handles.grants);
  const spawns = serveSpawns(port, inferAdapter);
  void exited.then(() => spawns.endAll());
  return { pid: child.pid, ready, exited, stop: () => port.post({ type: 'stop' }), kill: () => void child.kill('SIGKILL') };
}

const host = new Supervisor<string>(
  { spawn: spawnHost },
  { title: 'The studio’s host', unavailable: 'job.interrupted', startTimeoutMs: 120_000, stopBudgetMs: 5_000 },
);
const proxy = createProxy(async () => (await host.ensure()).endpoint);
const get = (path: string) => proxy(new Request(`${ORIGIN}${path}`));
const post = (path: string, body: unknown, origin: string = ORIGIN) =>
  proxy(
    new Request(`${ORIGIN}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin },
      body: JSON.stringify(body),
    }),
  );

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lacuna-desktop-'));
  await mkdir(join(folder, 'renderer'));
  await writeFile(join(folder, 'renderer', 'index.html'), '<!doctype html><title>Lacuna Studio</title>');
});
afterAll(async () => {
  await host.stop();
  inferAdapter.dispose();
  sockets.remove();
  await rm(folder, { recursive: true, force: true });
});

describe('the desktop without Electron', () => {
  it('serves the page under the strict policy', async () => {
    const response = await get('/');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/^text\/html/);
    expect(response.headers.get('content-security-policy')).toMatch(/^default-src 'none'/);
    expect(await response.text()).toContain('Lacuna Studio');
  });

  it('tells the page that it is the desktop', async () => {
    expect(await (await get('/api/shell')).json()).toMatchObject({ shell: 'desktop', dataFolder: join(folder, 'data') });
  });

  it('verifies providers in processes that main started', async () => {
    const reports = (await (await get('/api/providers')).json()) as { name: string; state: string }[];
    expect(reports.find(({ name }) => name === 'cpu')?.state).toBe('verified');
  });

  it('opens a file by handle, and none by path or by another handle', async () => {
    const file = join(folder, 'scan.npy');
    await writeFile(file, npyOfZeros(4, 32, 32));
    const { handle } = await handles.issue(file, 'open');
    const opened = await post('/api/recordings/handle', { handle });
    expect([opened.status, await opened.json()]).toEqual([200, expect.objectContaining({ name: 'scan.npy', format: 'npy' })]);
    for (const wrong of [file, '00000000-0000-4000-8000-000000000000', (await handles.issue(file, 'save')).handle]) {
      expect((await post('/api/recordings/handle', { handle: wrong })).status).toBe(403);
    }
  });

  it('refuses pages of another origin', async () => {
    expect((await post('/api/recordings/handle', { handle: 'x' }, 'https://evil.com')).status).toBe(403);
  });

  it('starts the host again after a crash, which still knows its handles', async () => {
    const { handle } = await handles.issue(join(folder, 'scan.npy'), 'open');
    const generation = await host.ensure();
    process.kill(generation.pid ?? 0, 'SIGKILL');
    await generation.exited;
    expect((await post('/api/recordings/handle', { handle })).status).toBe(200);
    expect((await host.ensure()).number).toBe(generation.number + 1);
  });

  it('closes the library when it is asked to stop', async () => {
    const { exited } = await host.ensure();
    await host.stop();
    expect(await exited).toMatchObject({ code: 0, signal: null });
    expect((await get('/api/shell')).status).toBe(503);
  });
});

/** A complex64 array of zeros with one bright sample, [coils, rows, columns]. */
function npyOfZeros(...shape: number[]): Buffer {
  const described = `{'descr': '<c8', 'fortran_order': False, 'shape': (${shape.join(', ')}), }`;
  const header = `${described.padEnd(117)}\n`;
  const data = Buffer.alloc(shape.reduce((product, n) => product * n, 8));
  data.writeFloatLE(1, 8 * 528);
  return Buffer.concat([Buffer.from('\x93NUMPY\x01\x00', 'latin1'), Buffer.from([118, 0]), Buffer.from(header, 'latin1'), data]);
}

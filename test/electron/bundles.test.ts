/** The bundles that are packaged, run by Node: every process and thread must find its entry, its WASM and its packages. */
import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveSpawns } from '../../electron/infer-link.ts';
import type { Port } from '../../electron/message-port.ts';
import { ORIGIN } from '../../electron/origin.ts';
import { createProxy } from '../../electron/proxy.ts';
import { createSocketFolder } from '../../src/infer/endpoint.ts';
import { nodeInferAdapter } from '../../src/infer/node-adapter.ts';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const ROOT = at('../..');
const OUT = join(ROOT, 'out', 'test', 'desktop');
const KERNELS = join(ROOT, 'src/transform/wasm/kernels.generated.wasm');
if (!existsSync(KERNELS)) process.stderr.write(`Bundle tests skipped: ${KERNELS} has not been built (node build/build-wasm.mjs)\n`);

describe.skipIf(!existsSync(KERNELS))('the desktop bundles', () => {
  const sockets = createSocketFolder();
  const endpoint = sockets.next('host');
  const infer = nodeInferAdapter({ entry: join(OUT, 'main', 'infer.js') });
  const proxy = createProxy(async () => endpoint);
  let data: string;
  let stop: () => Promise<void> = async () => undefined;

  beforeAll(async () => {
    const cli = join(ROOT, 'node_modules/electron-vite/bin/electron-vite.js');
    await promisify(execFile)(process.execPath, [cli, 'build', '--logLevel', 'warn'], {
      cwd: ROOT,
      env: { ...process.env, LACUNA_OUT: OUT },
    });
    data = await mkdtemp(join(tmpdir(), 'lacuna-bundles-'));
    const args = ['--socket', endpoint, '--data', data, '--renderer', join(OUT, 'renderer')];
    const host = spawn(process.execPath, ['--import', at('./parent-port-shim.mjs'), join(OUT, 'main', 'host-process.js'), ...args], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      env: { ...process.env, LACUNA_EXPORTS: join(data, 'exports') },
    });
    const port: Port = { post: (m) => void host.send(m as object), onMessage: (listener) => void host.on('message', listener) };
    const spawns = serveSpawns(port, infer);
    await new Promise<void>((resolve, reject) => {
      host.on('message', (message: { type?: string }) => {
        if (message.type === 'ready') resolve();
      });
      host.once('exit', (code) => reject(new Error(`the host ended with ${code}`)));
    });
    stop = async () => {
      const ended = new Promise((resolve) => host.once('exit', resolve));
      port.post({ type: 'stop' });
      await ended;
      spawns.endAll();
    };
  });
  afterAll(async () => {
    await stop();
    infer.dispose();
    sockets.remove();
    await rm(data, { recursive: true, force: true });
  });

  const ask = async (path: string, body?: unknown): Promise<Response> => {
    const init =
      body === undefined
        ? {}
        : { method: 'POST', headers: { 'content-type': 'application/json', origin: ORIGIN }, body: JSON.stringify(body) };
    return proxy(new Request(`${ORIGIN}${path}`, init));
  };

  it('hold the page, all entries, and a preload that a sandbox can load', async () => {
    expect(await (await ask('/')).text()).toContain('<title>Lacuna Studio</title>');
    const names = await readdir(join(OUT, 'main'));
    for (const name of ['main.js', 'host-process.js', 'infer.js', 'compute-worker.js', 'hdf5-worker.js']) expect(names).toContain(name);
    const preload = await readFile(join(OUT, 'preload', 'preload.cjs'), 'utf8');
    expect(new Set(preload.match(/require\(["'`]([^"'`]+)["'`]\)/g))).toEqual(
      new Set([preload.match(/require\(["'`]electron["'`]\)/)?.[0]]),
    );
  });

  it('leave native packages outside', async () => {
    const infer = await readFile(join(OUT, 'main', 'infer.js'), 'utf8');
    expect(infer).toMatch(/from ["']onnxruntime-node["']/);
  });

  it('verify the CPU provider in the bundled infer process', async () => {
    const reports = (await (await ask('/api/providers')).json()) as { name: string; state: string; reason?: string }[];
    expect(reports.find(({ name }) => name === 'cpu')).toMatchObject({ state: 'verified' });
  });

  it('make a sample and reconstruct a slice of it in the bundled compute thread', async () => {
    const steps = (await (await ask('/api/steps')).json()) as { kind: string; name: string }[];
    const sample = steps.find(({ kind }) => kind === 'sample');
    const made = (await (await ask(`/api/samples/${sample?.name}`, {})).json()) as { id: string; series: { id: string }[] };
    const request = {
      recording: made.id,
      series: made.series[0]?.id,
      slices: [0, 1],
      pattern: { name: 'random', params: { acceleration: 4, seed: 1 } },
      method: { name: 'zero-filled', params: {} },
      purpose: 'preview',
    };
    const lines = (await (await ask('/api/jobs', request)).text()).trim().split('\n');
    const events = lines.map((line) => JSON.parse(line) as { type: string; error?: { message: string } });
    expect(events.map(({ type }) => type)).toContain('slice');
    expect(events.at(-1)).toMatchObject({ type: 'done' });
  });
});

import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InferClient } from '../../src/infer/client.ts';
import { nodeInferAdapter } from '../../src/infer/node-adapter.ts';
import { probeProviders, providerOrder } from '../../src/infer/probe-providers.ts';
import { affineRequest } from './fixtures.ts';
import { memoryAdapter } from './memory-adapter.ts';

const SWIFTSHADER = '/usr/lib/chromium/vk_swiftshader_icd.json';
const VULKAN = ['/lib', '/usr/lib', '/lib/x86_64-linux-gnu', '/usr/lib/x86_64-linux-gnu'].some((folder) =>
  existsSync(join(folder, 'libvulkan.so.1')),
);
const canRunWebGpu = process.platform === 'linux' && process.arch === 'x64' && existsSync(SWIFTSHADER) && VULKAN;
if (!canRunWebGpu) process.stderr.write(`WebGPU tests skipped: they need ${SWIFTSHADER} and libvulkan.so.1 on Linux x64\n`);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lacuna-probe-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('probing in separate processes', () => {
  const adapter = nodeInferAdapter();
  afterAll(() => adapter.dispose());

  it('verifies CPU against float64 arithmetic and reports every provider of the platform', async () => {
    const reports = await probeProviders({ adapter, threads: 2 });
    expect(reports.map(({ name }) => name)).toEqual(providerOrder(process.platform));
    const cpu = reports.find(({ name }) => name === 'cpu');
    expect(cpu).toMatchObject({ state: 'verified', preferred: true });
    expect(cpu?.maxAbs).toBeLessThan(1e-4);
    for (const report of reports.filter(({ state }) => state !== 'verified')) expect(report.reason).toBeTruthy();
  });

  it('calls a provider absent that this build does not have', async () => {
    const platform = process.platform === 'darwin' ? 'win32' : 'darwin';
    const foreign = (await probeProviders({ adapter, threads: 1, platform })).find(
      ({ name }) => name === (platform === 'win32' ? 'dml' : 'coreml'),
    );
    expect(foreign).toMatchObject({ state: 'absent', preferred: false });
  });
});

describe('a probe that goes wrong', () => {
  it('reports a crash with its signal, and goes on with the next provider', async () => {
    const adapter = memoryAdapter({ autoReady: false });
    const probing = probeProviders({ adapter, threads: 1, platform: 'linux' });
    for (let i = 0; i < 3; i++) {
      while (adapter.children.length <= i) await new Promise((resolve) => setTimeout(resolve, 1));
      adapter.children[i]?.exit({ signal: 'SIGSEGV' });
    }
    const reports = await probing;
    expect(reports.map(({ name, state }) => [name, state])).toEqual([
      ['cuda', 'failed'],
      ['webgpu', 'failed'],
      ['cpu', 'failed'],
    ]);
    expect(reports[0]?.reason).toBe('Its probe failed: the probe process ended by signal SIGSEGV.');
  });

  it('gives up on a child that never answers, and kills it', async () => {
    const adapter = memoryAdapter({ autoReady: false });
    const reports = await probeProviders({ adapter, threads: 1, platform: 'linux', timeoutMs: 20 });
    expect(reports[0]?.reason).toBe('Its probe failed: no answer within 0.02 s.');
    expect(adapter.children.map(({ asked }) => asked)).toEqual([['kill'], ['kill'], ['kill']]);
  });
});

describe('kept answers', () => {
  it('are used while nothing has changed, and asked again when the driver or the file has', async () => {
    const real = nodeInferAdapter();
    const first = await probeProviders({ adapter: real, threads: 1, cacheFolder: folder });
    real.dispose();
    const unused = memoryAdapter({ autoReady: false });
    expect(await probeProviders({ adapter: unused, threads: 1, cacheFolder: folder })).toEqual(first);
    expect(unused.children).toHaveLength(0);

    const file = join(folder, 'providers.json');
    const kept = JSON.parse(await readFile(file, 'utf8')) as { key: string };
    await writeFile(file, JSON.stringify({ ...kept, key: 'another driver' }));
    await probeProviders({ adapter: unused, threads: 1, cacheFolder: folder, timeoutMs: 5 });
    expect(unused.children.length).toBeGreaterThan(0);
    await writeFile(file, '{"key":');
    const again = memoryAdapter({ autoReady: false });
    await probeProviders({ adapter: again, threads: 1, cacheFolder: folder, timeoutMs: 5 });
    expect(again.children.length).toBeGreaterThan(0);
  });
});

describe.skipIf(!canRunWebGpu)('WebGPU on a software adapter', () => {
  const env = { ...process.env, VK_ICD_FILENAMES: SWIFTSHADER, XDG_RUNTIME_DIR: '/tmp' };
  const adapter = nodeInferAdapter({ env });
  const infer = new InferClient({ adapter, threads: 2 });
  afterAll(async () => {
    await infer.dispose();
    adapter.dispose();
  });

  it("matches CPU, but is not one that 'auto' chooses", async () => {
    const webgpu = (await infer.providers()).find(({ name }) => name === 'webgpu');
    expect(webgpu).toMatchObject({ state: 'verified', preferred: false });
    expect(webgpu?.maxAbs).toBeLessThan(1e-4);
    expect(webgpu?.reason).toMatch(/slower than CPU here/);
    expect((await infer.run(affineRequest({ provider: 'auto' }))).provider).toBe('cpu');
  });

  it('runs a graph when asked by name, with its difference from CPU', async () => {
    const result = await infer.run(affineRequest({ provider: 'webgpu' }));
    expect(result.provider).toBe('webgpu');
    expect(result.verification?.maxAbs).toBeLessThanOrEqual(1e-6);
    expect([...(result.outputs['y']?.data ?? [])]).toEqual([3, 5, 7, 9, 11, 13]);
  });

  it('is refused for a graph on which it differs by more than the tolerance', async () => {
    const request = affineRequest({ provider: 'webgpu' });
    const verification = { inputs: request.inputs, tolerance: { maxAbs: -1, nrmse: -1 } };
    const fresh = new InferClient({ adapter, threads: 2 });
    try {
      await expect(fresh.run({ ...request, verification })).rejects.toMatchObject({
        code: 'infer.unavailable',
        message: expect.stringContaining('webgpu differs from CPU on affine.onnx'),
      });
    } finally {
      await fresh.dispose();
    }
  });
});

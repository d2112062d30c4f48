/** The graph of SENSE through the inference process on WebGPU: a software adapter, so for numbers, not for speed. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { NEVER_CANCELLED } from '../../src/algorithms/status.ts';
import { InferClient } from '../../src/infer/client.ts';
import { keepGraph } from '../../src/infer/graph-folder.ts';
import { nodeInferAdapter } from '../../src/infer/node-adapter.ts';
import { sense } from '../../src/mri/sense.ts';
import { senseOnGpu } from '../../src/pipeline/gpu-twin.ts';
import { finish } from '../support/finish.ts';
import { relativeError } from '../support/random-array.ts';
import { twinCase } from '../support/twin-case.ts';

const SWIFTSHADER = '/usr/lib/chromium/vk_swiftshader_icd.json';
const VULKAN = ['/lib', '/usr/lib', '/lib/x86_64-linux-gnu', '/usr/lib/x86_64-linux-gnu'].some((folder) => existsSync(join(folder, 'libvulkan.so.1')));
const canRunWebGpu = process.platform === 'linux' && process.arch === 'x64' && existsSync(SWIFTSHADER) && VULKAN;

const adapter = nodeInferAdapter({ env: { ...process.env, VK_ICD_FILENAMES: SWIFTSHADER, XDG_RUNTIME_DIR: '/tmp' } });
const infer = new InferClient({ adapter, threads: 2 });
const folder = mkdtempSync(join(tmpdir(), 'lacuna-twin-'));
afterAll(async () => {
  await infer.dispose();
  adapter.dispose();
  rmSync(folder, { recursive: true });
});

if (!canRunWebGpu) process.stderr.write(`The graph of SENSE on WebGPU skipped: it needs ${SWIFTSHADER} and libvulkan.so.1 on Linux x64\n`);

it.skipIf(!canRunWebGpu)('makes the same image on WebGPU', async () => {
  const { kspace, maps, pattern } = twinCase('lines');
  const options = { lambda: 0.01, iterations: 4, tolerance: 0 };
  const expected = await finish(sense(kspace, maps, pattern, { ...options, signal: NEVER_CANCELLED }));
  const run = { provider: '' };
  const context = { infer, signal: NEVER_CANCELLED, cache: new Map<string, unknown>(), gpu: { provider: 'webgpu' as const, keep: (graph: Uint8Array) => keepGraph(graph, folder) } };
  const found = await finish(senseOnGpu({ kspace, pattern, output: pattern }, maps, options, context, run));
  expect(run.provider).toBe('webgpu');
  expect(relativeError(found.data, expected.data)).toBeLessThan(1e-5);
});

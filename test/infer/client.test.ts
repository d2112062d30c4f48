import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LacunaError } from '../../src/errors.ts';
import { InferClient } from '../../src/infer/client.ts';
import { nodeInferAdapter } from '../../src/infer/node-adapter.ts';
import { fastestOf } from '../support/fastest-of.ts';
import { affineRequest, float32, FOREVER, graphFixture, slowRequest } from './fixtures.ts';

const adapter = nodeInferAdapter();
let infer: InferClient;
const delay = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const failure = (promise: Promise<unknown>): Promise<LacunaError> =>
  promise.then(
    () => {
      throw new Error('expected a rejection');
    },
    (error: LacunaError) => error,
  );

beforeAll(() => {
  infer = new InferClient({ adapter, threads: 2 });
});
afterAll(async () => {
  await infer.dispose();
  adapter.dispose();
});

describe('a run in a real process', () => {
  it('computes y = 2x + 1 and says where and how long', async () => {
    const result = await infer.run(affineRequest());
    expect([...(result.outputs['y']?.data ?? [])]).toEqual([3, 5, 7, 9, 11, 13]);
    expect(result.outputs['y']?.shape).toEqual([2, 3]);
    expect(result).toMatchObject({ provider: 'cpu', threads: 2 });
    expect(result.ms).toBeGreaterThan(0);
    expect(infer.memoryBytes).toBeGreaterThan(2 ** 20);
  });

  it('takes inputs from shared memory', async () => {
    const shared = new Float32Array(new SharedArrayBuffer(24));
    shared.set([0, 1, 0, 1, 0, 1]);
    const x = { dtype: 'float32', shape: [3, 2], data: shared } as const;
    const result = await infer.run(affineRequest({ inputs: { x, a: float32([1], [10]), b: float32([1], [-1]) } }));
    expect([...(result.outputs['y']?.data ?? [])]).toEqual([-1, 9, -1, 9, -1, 9]);
  });

  it('carries arrays of several megabytes unharmed', async () => {
    const values = Float32Array.from({ length: 1000 * 2000 }, (_, i) => i);
    const inputs = { x: float32([1000, 2000], values), a: float32([1], [1]), b: float32([1], [0]) };
    const { outputs } = await infer.run(affineRequest({ inputs }));
    expect(Buffer.from(outputs['y']?.data.buffer as ArrayBuffer).equals(Buffer.from(values.buffer))).toBe(true);
  });

  it('gives the same bits on every run', async () => {
    const n = 96;
    const noise = (seed: number) => Float32Array.from({ length: n * n }, (_, i) => Math.sin(seed + i * i) / 10);
    const request = slowRequest(8n, {
      inputs: { ...slowRequest(8n).inputs, a: float32([n, n], noise(1)), x: float32([n, n], noise(2)) },
    });
    const first = await infer.run(request);
    const again = await infer.run(request);
    expect(first.outputs['y']?.data.some((value) => value !== 0)).toBe(true);
    expect(again.outputs['y']?.data).toEqual(first.outputs['y']?.data);
    await infer.dispose();
    infer = new InferClient({ adapter, threads: 2 });
    expect((await infer.run(request)).outputs['y']?.data).toEqual(first.outputs['y']?.data);
  });
});

describe('requests that cannot be served', () => {
  it('names expected and found hash of a changed file', async () => {
    const expected = '0'.repeat(64);
    const error = await failure(infer.run(affineRequest({ sha256: expected })));
    expect(error.code).toBe('input.mismatch');
    expect(error.file).toBe('affine.onnx');
    expect(error.message).toContain(expected);
    expect(error.message).toContain(graphFixture('affine').sha256);
  });

  it('says which input is missing, which is unknown, and which has the wrong shape', async () => {
    const { x, a, b } = affineRequest().inputs as Record<'x' | 'a' | 'b', ReturnType<typeof float32>>;
    expect((await failure(infer.run(affineRequest({ inputs: { x, a } })))).field).toBe('b');
    expect((await failure(infer.run(affineRequest({ inputs: { x, a, b, c: b } })))).field).toBe('c');
    const error = await failure(infer.run(affineRequest({ inputs: { x, a: float32([2], [1, 2]), b } })));
    expect(error).toMatchObject({ code: 'infer.failed', file: 'affine.onnx' });
    expect(error.message).toMatch(/dimensions.* a/);
  });

  it('tells a missing file', async () => {
    const request = affineRequest({ path: '/nowhere/none.onnx', sha256: 'f'.repeat(64) });
    expect(await failure(infer.run(request))).toMatchObject({ code: 'io.read', file: 'none.onnx' });
  });

  it('refuses a graph whose weights lie in another file', async () => {
    const request = { ...graphFixture('external'), provider: 'cpu', inputs: { x: float32([4], [0, 0, 0, 0]) } } as const;
    expect(await failure(infer.run(request))).toMatchObject({ code: 'infer.failed', file: 'external.onnx' });
  });

  it('refuses a provider that the probe did not verify', async () => {
    const { name } = (await infer.providers()).find(({ state }) => state !== 'verified') ?? {};
    if (name === undefined) return;
    expect((await failure(infer.run(affineRequest({ provider: name })))).code).toBe('infer.unavailable');
  });
});

describe('ending the process in mid-run', () => {
  it('fails exactly the running request; those behind it are served by the next generation', async () => {
    await infer.run(affineRequest());
    const running = failure(infer.run(slowRequest(FOREVER)));
    const behind = infer.run(affineRequest());
    await delay(100);
    const first = infer.pid;
    process.kill(first ?? 0, 'SIGKILL');
    const error = await running;
    expect(error.code).toBe('infer.crashed');
    expect(error.message).toBe('The inference process ended while running power.onnx, by signal SIGKILL; it has been restarted.');
    expect((await behind).outputs['y']?.data[0]).toBe(3);
    expect(infer.pid).not.toBe(first);
  });

  it('cancels a run within 200 ms, by ending the process, and serves the next', async () => {
    const ms = await fastestOf(20, 200, async () => {
      await infer.run(affineRequest());
      const first = infer.pid;
      const signal = { cancelled: false };
      const running = failure(infer.run(slowRequest(FOREVER), signal));
      await delay(50);
      const asked = performance.now();
      signal.cancelled = true;
      expect((await running).code).toBe('job.cancelled');
      while (isAlive(first ?? 0)) await delay(2);
      const took = performance.now() - asked;
      expect((await infer.run(affineRequest())).outputs['y']?.data[0]).toBe(3);
      return took;
    });
    expect(ms).toBeLessThan(200);
  });

  it('keeps the process when a cancelled run ends by itself soon', async () => {
    const patient = new InferClient({ adapter, threads: 2, drainMs: 60_000 });
    try {
      await patient.run(slowRequest(1n));
      const first = patient.pid;
      const signal = { cancelled: false };
      const running = failure(patient.run(slowRequest(50n), signal));
      signal.cancelled = true;
      expect((await running).code).toBe('job.cancelled');
      await patient.run(affineRequest());
      expect(patient.pid).toBe(first);
    } finally {
      await patient.dispose();
    }
  });

  it('drops a cancelled request that still waits, without touching the running one', async () => {
    const signal = { cancelled: false };
    const running = infer.run(slowRequest(2000n));
    const waiting = failure(infer.run(affineRequest(), signal));
    signal.cancelled = true;
    expect((await waiting).code).toBe('job.cancelled');
    expect((await running).outputs['y']?.data[0]).toBe(1);
  });

  it('ends a run that takes longer than allowed', async () => {
    const strict = new InferClient({ adapter, threads: 1, timeoutMs: 150 });
    try {
      await strict.warmUp();
      const error = await failure(strict.run(slowRequest(FOREVER)));
      expect(error).toMatchObject({ code: 'infer.failed', message: 'power.onnx ran longer than 0.15 s and was ended.' });
    } finally {
      await strict.dispose();
    }
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

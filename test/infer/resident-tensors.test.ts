import { afterEach, describe, expect, it } from 'vitest';
import { startNodeInfer, type NodeInfer } from '../../src/infer/node-infer.ts';
import { ResidentTensors } from '../../src/infer/resident-tensors.ts';
import { affineRequest, float32 } from './fixtures.ts';

describe('what the process keeps', () => {
  it('is bounded in bytes; what was used longest ago goes first', () => {
    const resident = new ResidentTensors(100);
    resident.keep('a', float32([10], new Float32Array(10)));
    resident.keep('b', float32([10], new Float32Array(10)));
    expect(resident.get('a')?.shape).toEqual([10]);
    resident.keep('c', float32([10], new Float32Array(10)));
    expect(resident.get('b')).toBeUndefined();
    expect(resident.get('a')).toBeDefined();
    resident.keep('large', float32([40], new Float32Array(40)));
    expect(resident.get('large')).toBeUndefined();
    expect(resident.get('c')).toBeDefined();
  });

  it('is a copy', () => {
    const resident = new ResidentTensors();
    const tensor = float32([1], [3]);
    resident.keep('a', tensor);
    tensor.data[0] = 4;
    expect([...(resident.get('a')?.data ?? [])]).toEqual([3]);
  });
});

describe('stable inputs', () => {
  let infer: NodeInfer | null = null;
  afterEach(async () => infer?.close());

  /** y = a·x + 1 for x = 1 … 6. */
  const scaled = (a: number, stable: Record<string, string>) =>
    affineRequest({ inputs: { ...affineRequest().inputs, a: float32([1], [a]) }, stable });
  const first = async (request: ReturnType<typeof scaled>): Promise<number> => Object.values((await (infer as NodeInfer).run(request)).outputs)[0]?.data[0] as number;

  it('cross the socket once: another value under the same key is not even sent', async () => {
    infer = startNodeInfer({ threads: 1 });
    expect(await first(scaled(2, { a: 'two' }))).toBe(3);
    expect(await first(scaled(7, { a: 'two' }))).toBe(3);
    expect(await first(scaled(7, { a: 'seven' }))).toBe(8);
    expect(await first(scaled(9, { a: 'two' }))).toBe(3);
    expect(await first(scaled(5, {}))).toBe(6);
  });

  it('are sent again to a process that was started anew', async () => {
    infer = startNodeInfer({ threads: 1 });
    expect(await first(scaled(2, { a: 'two' }))).toBe(3);
    process.kill(infer.pid as number, 'SIGKILL');
    await expect.poll(() => first(scaled(2, { a: 'two' })).catch(() => null), { timeout: 30_000 }).toBe(3);
  });

  it('are asked for again where the process has made room', async () => {
    infer = startNodeInfer({ threads: 1 });
    const large = (key: string) => affineRequest({ inputs: { ...affineRequest().inputs, x: float32([2, 2_000_000], new Float32Array(4_000_000).fill(3)) }, stable: { x: key } });
    for (let i = 0; i < 8; i++) await infer.run(large(`x${i}`));
    const { outputs } = await infer.run(large('x0'));
    expect(Object.values(outputs)[0]?.data[0]).toBe(7);
  });
});

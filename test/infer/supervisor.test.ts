import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Supervisor } from '../../src/infer/supervisor.ts';
import type { SupervisorOptions } from '../../src/infer/supervisor.ts';
import { memoryAdapter } from './memory-adapter.ts';

const OPTIONS: SupervisorOptions = { title: 'The inference process', unavailable: 'infer.unavailable' };
const settle = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('generations', () => {
  it('starts on demand, once for all who ask', async () => {
    const adapter = memoryAdapter();
    const supervisor = new Supervisor(adapter, OPTIONS);
    expect(adapter.children).toHaveLength(0);
    const [a, b] = await Promise.all([supervisor.ensure(), supervisor.ensure()]);
    expect(a).toMatchObject({ number: 1, endpoint: 'endpoint 1', pid: 1001 });
    expect(b).toBe(a);
  });

  it('starts a new one after an end, only when asked', async () => {
    const adapter = memoryAdapter();
    const supervisor = new Supervisor(adapter, OPTIONS);
    await supervisor.ensure();
    adapter.children[0]?.exit({ code: 1 });
    await settle();
    expect(adapter.children).toHaveLength(1);
    expect(await supervisor.ensure()).toMatchObject({ number: 2, endpoint: 'endpoint 2' });
  });

  it('restarts at once where told to and somebody holds it', async () => {
    const adapter = memoryAdapter();
    const supervisor = new Supervisor(adapter, { ...OPTIONS, restartAtOnce: true });
    await supervisor.ensure();
    const release = supervisor.hold();
    adapter.children[0]?.exit({ code: 1 });
    await settle();
    expect(adapter.children).toHaveLength(2);
    release();
    adapter.children[1]?.exit({ code: 1 });
    await settle();
    expect(adapter.children).toHaveLength(2);
  });

  it('kills only the generation that is meant', async () => {
    const adapter = memoryAdapter();
    const supervisor = new Supervisor(adapter, OPTIONS);
    await supervisor.ensure();
    await supervisor.kill(7);
    expect(adapter.children[0]?.asked).toEqual([]);
    await supervisor.kill(1);
    expect(adapter.children[0]?.asked).toEqual(['kill']);
    expect((await supervisor.ensure()).number).toBe(2);
  });
});

describe('start', () => {
  it('refuses with the reason when the child ends before it is ready', async () => {
    const adapter = memoryAdapter({ autoReady: false });
    const starting = new Supervisor(adapter, OPTIONS).ensure();
    adapter.children[0]?.exit({ code: 127, stderr: 'noise\nlibonnxruntime.so.1: cannot open\n' });
    await expect(starting).rejects.toMatchObject({
      code: 'infer.unavailable',
      message: 'The inference process cannot be started: it ended while starting, with exit code 127 (libonnxruntime.so.1: cannot open).',
    });
  });

  it('kills a child that is not ready in time', async () => {
    const adapter = memoryAdapter({ autoReady: false });
    const starting = new Supervisor(adapter, { ...OPTIONS, startTimeoutMs: 3000 }).ensure();
    const refused = expect(starting).rejects.toThrow('it was not ready within 3 s');
    await vi.advanceTimersByTimeAsync(3000);
    await refused;
    expect(adapter.children[0]?.asked).toEqual(['kill']);
  });

  it('refuses when the adapter itself throws', async () => {
    const spawn = () => {
      throw new Error('EAGAIN');
    };
    await expect(new Supervisor({ spawn }, OPTIONS).ensure()).rejects.toMatchObject({ code: 'infer.unavailable' });
  });
});

describe('circuit breaker', () => {
  const breaker = { crashes: 3, windowMs: 60_000 };
  async function crash(times: number): Promise<{ adapter: ReturnType<typeof memoryAdapter>; supervisor: Supervisor<string> }> {
    const adapter = memoryAdapter();
    const supervisor = new Supervisor(adapter, { ...OPTIONS, breaker });
    for (let i = 0; i < times; i++) {
      await supervisor.ensure();
      adapter.children.at(-1)?.exit({ signal: 'SIGSEGV' });
      await settle();
    }
    return { adapter, supervisor };
  }

  it('opens after the third crash within the window and says why', async () => {
    const { adapter, supervisor } = await crash(3);
    await expect(supervisor.ensure()).rejects.toMatchObject({
      code: 'infer.unavailable',
      message: 'The inference process cannot be started: it ended 3 times within 60 s, last by signal SIGSEGV.',
    });
    expect(adapter.children).toHaveLength(3);
  });

  it('stays closed after two', async () => {
    const { supervisor } = await crash(2);
    expect((await supervisor.ensure()).number).toBe(3);
  });

  it('closes again when the window has passed', async () => {
    const { supervisor } = await crash(3);
    await vi.advanceTimersByTimeAsync(60_001);
    expect((await supervisor.ensure()).number).toBe(4);
  });

  it('does not count ends that we caused', async () => {
    const supervisor = new Supervisor(memoryAdapter(), { ...OPTIONS, breaker });
    for (let number = 1; number <= 5; number++) {
      expect((await supervisor.ensure()).number).toBe(number);
      await supervisor.kill(number);
    }
  });
});

describe('stop', () => {
  it('asks first, and does not kill a child that obeys', async () => {
    const adapter = memoryAdapter();
    const supervisor = new Supervisor(adapter, OPTIONS);
    await supervisor.ensure();
    await supervisor.stop();
    expect(adapter.children[0]?.asked).toEqual(['stop']);
    await expect(supervisor.ensure()).rejects.toThrow('it was stopped');
  });

  it('kills when the budget is spent', async () => {
    const adapter = memoryAdapter({ obeysStop: false });
    const supervisor = new Supervisor(adapter, { ...OPTIONS, stopBudgetMs: 500 });
    await supervisor.ensure();
    const stopped = supervisor.stop();
    await vi.advanceTimersByTimeAsync(499);
    expect(adapter.children[0]?.asked).toEqual(['stop']);
    await vi.advanceTimersByTimeAsync(1);
    await stopped;
    expect(adapter.children[0]?.asked).toEqual(['stop', 'kill']);
  });
});

describe('idle release', () => {
  it('stops an unused process, but never one that is held', async () => {
    const adapter = memoryAdapter();
    const supervisor = new Supervisor(adapter, { ...OPTIONS, idleMs: 1000 });
    const release = supervisor.hold();
    await supervisor.ensure();
    await vi.advanceTimersByTimeAsync(5000);
    expect(adapter.children[0]?.asked).toEqual([]);
    release();
    release();
    await vi.advanceTimersByTimeAsync(999);
    expect(adapter.children[0]?.asked).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(adapter.children[0]?.asked).toEqual(['stop']);
    expect((await supervisor.ensure()).number).toBe(2);
  });
});

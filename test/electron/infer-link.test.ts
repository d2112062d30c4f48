import { MessageChannel } from 'node:worker_threads';
import { afterAll, describe, expect, it } from 'vitest';
import { linkedAdapter, serveSpawns } from '../../electron/infer-link.ts';
import type { Port } from '../../electron/message-port.ts';
import { InferClient } from '../../src/infer/client.ts';
import { nodeInferAdapter } from '../../src/infer/node-adapter.ts';
import { affineRequest, FOREVER, slowRequest } from '../infer/fixtures.ts';
import { memoryAdapter } from '../infer/memory-adapter.ts';

function ports(): { main: Port; host: Port; close(): void } {
  const { port1, port2 } = new MessageChannel();
  const asPort = (raw: typeof port1): Port => ({
    post: (m) => raw.postMessage(m),
    onMessage: (listener) => void raw.on('message', listener),
  });
  return { main: asPort(port1), host: asPort(port2), close: () => port1.close() };
}
const delay = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('inference across the link, with real processes', () => {
  const { main, host, close } = ports();
  const adapter = nodeInferAdapter();
  const spawns = serveSpawns(main, adapter);
  const infer = new InferClient({ adapter: linkedAdapter(host), threads: 1 });
  afterAll(async () => {
    await infer.dispose();
    spawns.endAll();
    adapter.dispose();
    close();
  });

  it('runs, survives a crash in mid-run, and runs again', async () => {
    expect((await infer.run(affineRequest())).outputs['y']?.data[5]).toBe(13);
    const running = infer.run(slowRequest(FOREVER)).catch((error: unknown) => error);
    await delay(50);
    process.kill(infer.pid ?? 0, 'SIGKILL');
    expect(await running).toMatchObject({
      code: 'infer.crashed',
      message: expect.stringContaining('by signal SIGKILL; it has been restarted'),
    });
    expect((await infer.run(affineRequest())).outputs['y']?.data[5]).toBe(13);
  });

  it('cancels by ending the process under main', async () => {
    const signal = { cancelled: false };
    const running = infer.run(slowRequest(FOREVER), signal).catch((error: unknown) => error);
    await delay(50);
    signal.cancelled = true;
    expect(await running).toMatchObject({ code: 'job.cancelled' });
    expect((await infer.run(affineRequest())).outputs['y']?.data[5]).toBe(13);
  });
});

describe('main', () => {
  it('ends every process of a host that ended', async () => {
    const { main, host, close } = ports();
    const adapter = memoryAdapter();
    const spawns = serveSpawns(main, adapter);
    const linked = linkedAdapter(host);
    await Promise.all([linked.spawn().ready, linked.spawn().ready]);
    spawns.endAll();
    expect(adapter.children.map(({ asked }) => asked)).toEqual([['kill'], ['kill']]);
    close();
  });

  it('tells the host why a process cannot be started', async () => {
    const { main, host, close } = ports();
    serveSpawns(main, {
      spawn: () => {
        throw new Error('EMFILE: too many open files');
      },
    });
    expect(await linkedAdapter(host).spawn().exited).toMatchObject({ stderr: 'EMFILE: too many open files' });
    close();
  });

  it('ignores messages that are not of the protocol', async () => {
    const { main, host, close } = ports();
    const adapter = memoryAdapter();
    serveSpawns(main, adapter);
    host.post({ type: 'spawn', child: 'one' });
    host.post({ type: 'spawn', child: 1, entry: '/bin/sh' });
    host.post('spawn');
    await linkedAdapter(host).spawn().ready;
    expect(adapter.children).toHaveLength(1);
    close();
  });
});

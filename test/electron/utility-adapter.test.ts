import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { ForkOptions, UtilityProcess } from 'electron';
import type { Port } from '../../electron/message-port.ts';
import { utilityAdapter } from '../../electron/utility-adapter.ts';

/** What utilityProcess.fork gives, as far as the adapter touches it. */
class FakeUtility extends EventEmitter {
  readonly pid = undefined;
  readonly stderr = new EventEmitter();
  readonly posted: unknown[] = [];
  killed = 0;
  postMessage(message: unknown): void {
    this.posted.push(message);
  }
  kill(): boolean {
    this.killed += 1;
    return true;
  }
}

function started(stopMessage?: unknown) {
  const child = new FakeUtility();
  const forks: { entry: string; args: string[]; options: ForkOptions }[] = [];
  let port: Port | undefined;
  const adapter = utilityAdapter({
    fork: (entry, args, options) => {
      forks.push({ entry, args, options });
      return child as unknown as UtilityProcess;
    },
    entry: '/out/main/infer.js',
    serviceName: 'Lacuna inference',
    args: () => ({ args: ['--socket', '/s'], endpoint: '/s' }),
    ...(stopMessage === undefined ? {} : { stopMessage }),
    onSpawn: (given) => {
      port = given;
    },
  });
  return { child, forks, handle: adapter.spawn(), port };
}

describe('utility processes', () => {
  it('are forked with name, arguments and captured output', () => {
    const { forks } = started();
    expect(forks).toEqual([
      { entry: '/out/main/infer.js', args: ['--socket', '/s'], options: { serviceName: 'Lacuna inference', stdio: 'pipe' } },
    ]);
  });

  it('are ready when they say so, not by any other message', async () => {
    const { child, handle } = started();
    let ready = false;
    void handle.ready.then(() => {
      ready = true;
    });
    child.emit('message', { type: 'spawn', child: 1 });
    child.emit('message', null);
    await Promise.resolve();
    expect(ready).toBe(false);
    child.emit('message', { type: 'ready', exportsFolder: '/e' });
    expect(await handle.ready).toBe('/s');
  });

  it('report their exit with the end of stderr', async () => {
    const { child, handle } = started();
    child.stderr.emit('data', Buffer.from('x'.repeat(5000)));
    child.stderr.emit('data', Buffer.from('std::bad_alloc\n'));
    child.emit('exit', 134);
    const exit = await handle.exited;
    expect(exit).toMatchObject({ code: 134, signal: null });
    expect(exit.stderr).toHaveLength(4096);
    expect(exit.stderr?.endsWith('std::bad_alloc\n')).toBe(true);
  });

  it('are asked to end by message where they understand one, else by signal', () => {
    const host = started({ type: 'stop' });
    host.handle.stop();
    expect([host.child.posted, host.child.killed]).toEqual([[{ type: 'stop' }], 0]);
    const infer = started();
    infer.handle.stop();
    expect([infer.child.posted, infer.child.killed]).toEqual([[], 1]);
  });

  it('can be killed before they have a process id', () => {
    const { child, handle } = started();
    handle.kill();
    expect(child.killed).toBe(1);
  });
});

import { MessageChannel } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { HandleIssuer, HandleTable } from '../../electron/handles.ts';
import type { Grant } from '../../electron/handles.ts';
import { HostLink } from '../../electron/host-link.ts';
import { listen, toHostSchema } from '../../electron/message-port.ts';
import type { Port } from '../../electron/message-port.ts';
import type { ExitReport } from '../../src/infer/supervisor.ts';

describe('handles', () => {
  it('name a file without telling where it is', async () => {
    const told: Grant[] = [];
    const issuer = new HandleIssuer(async (grant) => void told.push(grant));
    const { handle, name } = await issuer.issue('/home/a/scan.h5', 'open');
    expect(name).toBe('scan.h5');
    expect(handle).toMatch(/^[0-9a-f-]{36}$/);
    expect(told).toEqual([{ handle, path: '/home/a/scan.h5', kind: 'open' }]);
    expect((await issuer.issue('/home/a/scan.h5', 'open')).handle).toBe(handle);
    expect((await issuer.issue('/home/a/scan.h5', 'save')).handle).not.toBe(handle);
  });

  it('open nothing that was not issued, and never serve another purpose', () => {
    const table = new HandleTable();
    table.add({ handle: 'h', path: '/a', kind: 'open' });
    expect(table.path('h', 'open')).toBe('/a');
    expect(table.path('h', 'save')).toBeNull();
    expect(table.path('/a', 'open')).toBeNull();
  });
});

/** A host that keeps handles; main's end of its port, and how to end it. */
function fakeHost(): { port: Port; table: HandleTable; exited: Promise<ExitReport>; exit(): void; close(): void } {
  const { port1, port2 } = new MessageChannel();
  const asPort = (raw: typeof port1): Port => ({
    post: (m) => raw.postMessage(m),
    onMessage: (listener) => void raw.on('message', listener),
  });
  const table = new HandleTable();
  const host = asPort(port2);
  listen(host, toHostSchema, (message) => {
    if (message.type !== 'grant') return;
    table.add(message.grant);
    host.post({ type: 'granted', id: message.id });
  });
  host.post({ type: 'ready', exportsFolder: '/exports' });
  const exited = Promise.withResolvers<ExitReport>();
  return {
    port: asPort(port1),
    table,
    exited: exited.promise,
    exit: () => exited.resolve({ code: 1, signal: null }),
    close: () => port1.close(),
  };
}

describe('the host', () => {
  it('knows a handle before the page gets it', async () => {
    const link = new HostLink();
    const issuer = new HandleIssuer((grant) => link.grant(grant));
    const host = fakeHost();
    link.attach(host.port, host.exited, issuer.grants);
    const { handle } = await issuer.issue('/a.h5', 'open');
    expect(host.table.path(handle, 'open')).toBe('/a.h5');
    expect(link.exportsFolder).toBe('/exports');
    host.close();
  });

  it('is told everything again after a restart, and grants meanwhile do not wait', async () => {
    const link = new HostLink();
    const issuer = new HandleIssuer((grant) => link.grant(grant));
    const first = fakeHost();
    link.attach(first.port, first.exited, issuer.grants);
    const a = await issuer.issue('/a.h5', 'open');
    first.exit();
    await first.exited;
    const b = await issuer.issue('/b.dcm', 'save');
    const second = fakeHost();
    link.attach(second.port, second.exited, issuer.grants);
    await issuer.issue('/c', 'open');
    expect(second.table.path(a.handle, 'open')).toBe('/a.h5');
    expect(second.table.path(b.handle, 'save')).toBe('/b.dcm');
    first.close();
    second.close();
  });
});

/**
 * Only main may start utility processes, yet the host decides when it needs inference. So the host's supervisor uses an
 * adapter that asks main for each process over their message port; main ends them all when their host ends.
 */
import type { ChildHandle, ExitReport, ProcessAdapter } from '../src/infer/supervisor.ts';
import { listen, toHostSchema, toMainSchema } from './message-port.ts';
import type { Port, ToHost, ToMain } from './message-port.ts';

/** Host's side: an adapter whose processes live under main. */
export function linkedAdapter(port: Port): ProcessAdapter<string> {
  const children = new Map<number, LinkedChild>();
  let count = 0;
  listen(port, toHostSchema, (message) => {
    if (message.type === 'grant' || message.type === 'stop') return;
    const child = children.get(message.child);
    if (message.type === 'child-ready') child?.becomeReady(message.endpoint, message.pid);
    if (message.type === 'child-exited') {
      const { code, signal, stderr } = message.exit;
      child?.exit({ code, signal, ...(stderr === undefined ? {} : { stderr }) });
      children.delete(message.child);
    }
  });
  const post = (message: ToMain) => port.post(message);
  return {
    spawn: () => {
      const number = ++count;
      const child = new LinkedChild((how) => post({ type: 'end-child', child: number, how }));
      children.set(number, child);
      post({ type: 'spawn', child: number });
      return child;
    },
  };
}

class LinkedChild implements ChildHandle<string> {
  readonly #end: (how: 'stop' | 'kill') => void;
  readonly #ready = Promise.withResolvers<string>();
  readonly #exited = Promise.withResolvers<ExitReport>();
  #pid: number | undefined;

  constructor(end: (how: 'stop' | 'kill') => void) {
    this.#end = end;
  }

  get pid(): number | undefined {
    return this.#pid;
  }
  get ready(): Promise<string> {
    return this.#ready.promise;
  }
  get exited(): Promise<ExitReport> {
    return this.#exited.promise;
  }
  stop(): void {
    this.#end('stop');
  }
  kill(): void {
    this.#end('kill');
  }
  becomeReady(endpoint: string, pid: number | undefined): void {
    this.#pid = pid;
    this.#ready.resolve(endpoint);
  }
  exit(exit: ExitReport): void {
    this.#exited.resolve(exit);
  }
}

/** Main's side: starts what the host asks for. `endAll` belongs to the end of that host. */
export function serveSpawns(port: Port, adapter: ProcessAdapter<string>): { endAll(): void } {
  const children = new Map<number, ChildHandle<string>>();
  let over = false;
  // Its host has ended: nobody listens to how its processes end.
  const post = (message: ToHost) => (over ? undefined : port.post(message));
  listen(port, toMainSchema, (message) => {
    if (message.type === 'spawn') start(message.child);
    if (message.type === 'end-child') children.get(message.child)?.[message.how]();
  });

  function start(number: number): void {
    let child: ChildHandle<string>;
    try {
      child = adapter.spawn();
    } catch (error) {
      const stderr = error instanceof Error ? error.message : String(error);
      post({ type: 'child-exited', child: number, exit: { code: null, signal: null, stderr } });
      return;
    }
    children.set(number, child);
    child.ready.then(
      // A utility process has no id before it runs, so it is told now.
      (endpoint) => post({ type: 'child-ready', child: number, endpoint, ...(child.pid === undefined ? {} : { pid: child.pid }) }),
      // An end before readiness is told by its exit.
      () => undefined,
    );
    void child.exited.then((exit) => {
      children.delete(number);
      post({ type: 'child-exited', child: number, exit });
    });
  }

  return {
    endAll: () => {
      over = true;
      for (const child of children.values()) child.kill();
    },
  };
}

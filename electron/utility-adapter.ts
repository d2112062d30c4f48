/** Starts a bundled entry as an Electron utility process. `fork` is injected, so that this file needs no Electron to be tested. */
import type { ForkOptions, UtilityProcess } from 'electron';
import type { ChildHandle, ExitReport, ProcessAdapter } from '../src/infer/supervisor.ts';
import type { Port } from './message-port.ts';

export type Fork = (entry: string, args: string[], options: ForkOptions) => UtilityProcess;

export interface UtilityOptions {
  readonly fork: Fork;
  readonly entry: string;
  /** As shown in task managers and in `child-process-gone`. */
  readonly serviceName: string;
  /** Arguments of one process, with the path of the socket it shall listen on. */
  args(): { readonly args: string[]; readonly endpoint: string };
  /** Message that asks it to end by itself; SIGTERM where there is none. */
  readonly stopMessage?: unknown;
  /** Called with each started process, before it can have sent anything. */
  onSpawn?(port: Port, exited: Promise<ExitReport>): void;
}

const KEPT_STDERR = 4096;

/** A process counts as ready when it has sent its first message of type 'ready'. */
export function utilityAdapter(options: UtilityOptions): ProcessAdapter<string> {
  return {
    spawn: () => {
      const { args, endpoint } = options.args();
      const child = options.fork(options.entry, args, { serviceName: options.serviceName, stdio: 'pipe' });
      const handle = handleOf(child, endpoint, options.stopMessage);
      options.onSpawn?.(portOf(child), handle.exited);
      return handle;
    },
  };
}

function handleOf(child: UtilityProcess, endpoint: string, stopMessage: unknown): ChildHandle<string> {
  let stderr = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr = (stderr + chunk.toString('utf8')).slice(-KEPT_STDERR);
  });
  const ready = new Promise<string>((resolve) => {
    child.on('message', (message: unknown) => {
      if (isReady(message)) resolve(endpoint);
    });
  });
  const exited = new Promise<ExitReport>((resolve) => {
    child.once('exit', (code) => resolve({ code, signal: null, stderr }));
  });
  return {
    // Undefined until it has spawned.
    get pid() {
      return child.pid;
    },
    ready,
    exited,
    stop: () => (stopMessage === undefined ? void child.kill() : child.postMessage(stopMessage)),
    kill: () => killHard(child),
  };
}

/** A process that is busy in native code may ignore SIGTERM's handler, so the signal that cannot be handled is sent. */
function killHard(child: UtilityProcess): void {
  if (child.pid === undefined) {
    child.kill();
    return;
  }
  try {
    process.kill(child.pid, 'SIGKILL');
  } catch {
    // It has ended already; 'exit' follows.
  }
}

function portOf(child: UtilityProcess): Port {
  return {
    post: (message) => child.postMessage(message),
    onMessage: (listener) => void child.on('message', (message: unknown) => listener(message)),
  };
}

function isReady(message: unknown): boolean {
  return typeof message === 'object' && message !== null && (message as { type?: unknown }).type === 'ready';
}

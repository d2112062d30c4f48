/** Starts the infer process as a child of a plain Node process: browser shell, CLI, tests. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { createSocketFolder } from './endpoint.ts';
import type { ChildHandle, ExitReport, ProcessAdapter } from './supervisor.ts';

export interface NodeAdapterOptions {
  /** The child's entry; default `main.ts` beside this file. */
  readonly entry?: string;
  readonly env?: NodeJS.ProcessEnv;
}

const KEPT_STDERR = 4096;

/** Its endpoint is the path of the socket the child listens on. `dispose` removes the folder of the sockets. */
export function nodeInferAdapter(options: NodeAdapterOptions = {}): ProcessAdapter<string> & { dispose(): void } {
  const entry = options.entry ?? fileURLToPath(new URL('./main.ts', import.meta.url));
  const sockets = createSocketFolder();
  return {
    spawn: () => {
      const socketPath = sockets.next('infer');
      const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', entry, '--socket', socketPath], {
        stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
        env: options.env ?? process.env,
        windowsHide: true,
      });
      return handleOf(child, socketPath);
    },
    dispose: () => sockets.remove(),
  };
}

function handleOf(child: ChildProcess, socketPath: string): ChildHandle<string> {
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-KEPT_STDERR);
  });
  const ready = new Promise<string>((resolve, reject) => {
    child.once('message', () => resolve(socketPath));
    child.once('error', reject);
  });
  ready.catch(() => undefined);
  const exited = new Promise<ExitReport>((resolve) => {
    // 'close' comes after stderr has been read to its end; a child that could not be started gives 'error' alone.
    child.once('close', (code, signal) => resolve({ code, signal, stderr }));
    child.once('error', (error) => resolve({ code: null, signal: null, stderr: error.message }));
  });
  return {
    pid: child.pid,
    ready,
    exited,
    stop: () => void child.kill('SIGTERM'),
    kill: () => void child.kill('SIGKILL'),
  };
}

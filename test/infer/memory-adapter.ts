/** A process that is nothing but its handle, for tests of the supervisor. */
import type { ChildHandle, ExitReport, ProcessAdapter } from '../../src/infer/supervisor.ts';

export interface MemoryChild extends ChildHandle<string> {
  becomeReady(): void;
  exit(report?: Partial<ExitReport>): void;
  readonly asked: ('stop' | 'kill')[];
}

/** `obeysStop`: whether a polite stop ends it. */
export function memoryAdapter(
  options: { autoReady?: boolean; obeysStop?: boolean } = {},
): ProcessAdapter<string> & { children: MemoryChild[] } {
  const { autoReady = true, obeysStop = true } = options;
  const children: MemoryChild[] = [];
  return {
    children,
    spawn: () => {
      const number = children.length + 1;
      const ready = Promise.withResolvers<string>();
      const exited = Promise.withResolvers<ExitReport>();
      const asked: ('stop' | 'kill')[] = [];
      const exit = (report: Partial<ExitReport> = {}) => exited.resolve({ code: null, signal: null, ...report });
      const child: MemoryChild = {
        pid: 1000 + number,
        ready: ready.promise,
        exited: exited.promise,
        asked,
        becomeReady: () => ready.resolve(`endpoint ${number}`),
        exit,
        stop: () => {
          asked.push('stop');
          if (obeysStop) exit({ signal: 'SIGTERM' });
        },
        kill: () => {
          asked.push('kill');
          exit({ signal: 'SIGKILL' });
        },
      };
      if (autoReady) child.becomeReady();
      children.push(child);
      return child;
    },
  };
}

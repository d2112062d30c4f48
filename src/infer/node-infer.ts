/** The infer client of a plain Node process (CLI, browser shell, tests), with all that belongs to it. */
import { InferClient } from './client.ts';
import type { InferOptions } from './client.ts';
import { nodeInferAdapter } from './node-adapter.ts';
import type { NodeAdapterOptions } from './node-adapter.ts';
import type { InferPort } from './port.ts';

export interface NodeInfer extends InferPort {
  readonly pid: number | undefined;
  /** Resident memory of the process after its last reply; null while none runs. */
  readonly memoryBytes: number | null;
  setThreads(threads: number): void;
  warmUp(): Promise<void>;
  /** Ends the process and removes its socket. */
  close(): Promise<void>;
}

/** Starts nothing yet: the process begins with the first request (or `warmUp`). */
export function startNodeInfer(options: Omit<InferOptions, 'adapter'> & NodeAdapterOptions = {}): NodeInfer {
  const adapter = nodeInferAdapter(options);
  const client = new InferClient({ ...options, adapter });
  return Object.assign(client, {
    close: async () => {
      await client.dispose();
      adapter.dispose();
    },
  });
}

/**
 * Entry of the infer process: `node main.ts --socket <path>`, or the same by Electron's utilityProcess. It owns every ONNX
 * Runtime session and nothing else; whoever started it may end it at any moment.
 */
import { parseArgs } from 'node:util';
import { serveInference } from './server.ts';

/** Electron's utility processes have `process.parentPort`; a Node child has `process.send`. */
interface ParentPort {
  postMessage(message: unknown): void;
}

function tellParent(message: unknown): void {
  const port = (process as { parentPort?: ParentPort }).parentPort;
  if (port !== undefined) port.postMessage(message);
  else process.send?.(message);
}

// Without its parent nobody can reach this process any more.
process.on('disconnect', () => process.exit(0));

const { values } = parseArgs({ options: { socket: { type: 'string' } }, strict: true });
if (values.socket === undefined) throw new Error('usage: main.ts --socket <path>');
await serveInference(values.socket);
tellParent({ type: 'ready' });

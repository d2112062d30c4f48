/** Entry of the host as a utility process: the same host as in the browser shell, on a private socket, with handles from main. */
import { parseArgs } from 'node:util';
import { startHost } from '../src/host/serve.ts';
import { InferClient } from '../src/infer/client.ts';
import { HandleTable } from './handles.ts';
import { linkedAdapter } from './infer-link.ts';
import { listen, toHostSchema } from './message-port.ts';
import type { Port, ToMain } from './message-port.ts';
import { ORIGIN } from './origin.ts';

/** Inference memory goes back to the system after so long without a request. */
const IDLE_MS = 10 * 60_000;

const { values } = parseArgs({
  options: { socket: { type: 'string' }, data: { type: 'string' }, renderer: { type: 'string' } },
  strict: true,
});
const { socket: socketPath, data: dataFolder, renderer: rendererFolder } = values;
if (socketPath === undefined || dataFolder === undefined || rendererFolder === undefined) {
  throw new Error('usage: host-process --socket <path> --data <folder> --renderer <folder>');
}

const { parentPort } = process;
const port: Port = {
  post: (message) => parentPort.postMessage(message),
  onMessage: (listener) => void parentPort.on('message', ({ data }) => listener(data)),
};
const post = (message: ToMain) => port.post(message);

const handles = new HandleTable();
const infer = new InferClient({ adapter: linkedAdapter(port), cacheFolder: dataFolder, idleMs: IDLE_MS });
let stop = async (): Promise<void> => infer.dispose();

listen(port, toHostSchema, (message) => {
  if (message.type === 'grant') {
    handles.add(message.grant);
    post({ type: 'granted', id: message.id });
  }
  if (message.type === 'stop') void stop().finally(() => process.exit(0));
});

const host = await startHost({
  listen: { socketPath },
  dataFolder,
  infer,
  rendererFolder,
  shell: 'desktop',
  origins: [ORIGIN],
  openPath: (handle) => handles.path(handle, 'open'),
  savePath: (handle) => handles.path(handle, 'save'),
  warmUp: () => infer.warmUp(),
});
stop = async () => {
  await host.close();
  await infer.dispose();
};
post({ type: 'ready', exportsFolder: host.services.exportsFolder });

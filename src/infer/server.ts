/** The inside of the infer process: answers the frames of its one client, one after the other. */
import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { rm } from 'node:fs/promises';
import { serializeError, toLacunaError } from '../errors.ts';
import { compareOutputs } from './difference.ts';
import { encodeFrame, FrameDecoder } from './frames.ts';
import type { Frame } from './frames.ts';
import { probeProvider } from './probe.ts';
import { requestSchema } from './protocol.ts';
import type { Reply, Request } from './protocol.ts';
import { ResidentTensors } from './resident-tensors.ts';
import { SessionStore } from './sessions.ts';
import { packTensors, unpackTensors } from './tensors.ts';
import type { Tensors } from './tensors.ts';

// Omit on a union would drop what only some members have.
type Unsent<R> = R extends Reply ? Omit<R, 'id' | 'rss' | 'tensors'> & { tensors?: Tensors } : never;

/** Listens on a Unix socket or named pipe. Sessions are shared by successive connections. */
export async function serveInference(socketPath: string): Promise<Server> {
  const stores: Stores = { sessions: new SessionStore(), resident: new ResidentTensors() };
  const server = createServer((socket) => serveConnection(socket, stores));
  if (process.platform !== 'win32') await rm(socketPath, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socketPath, resolve);
  });
  return server;
}

interface Stores {
  readonly sessions: SessionStore;
  readonly resident: ResidentTensors;
}

function serveConnection(socket: Socket, stores: Stores): void {
  const decoder = new FrameDecoder();
  let turn: Promise<void> = Promise.resolve();
  // A client that goes away in mid-request is no fault of ours; 'close' follows.
  socket.on('error', () => undefined);
  socket.on('data', (chunk: Uint8Array) => {
    try {
      for (const frame of decoder.push(chunk)) {
        turn = turn.then(() => answer(socket, stores, frame)).catch(() => void socket.destroy());
      }
    } catch {
      // Out of step with the client: nothing that follows can be understood.
      socket.destroy();
    }
  });
}

async function answer(socket: Socket, stores: Stores, frame: Frame): Promise<void> {
  const parsed = requestSchema.safeParse(frame.header);
  if (!parsed.success) {
    socket.destroy();
    return;
  }
  const reply = await replyTo(parsed.data, frame.payload, stores).catch(
    (error: unknown): Unsent<Reply> => ({ type: 'failed', error: serializeError(toLacunaError(error, 'infer.failed')) }),
  );
  const { header, parts } = packTensors(reply.tensors ?? {});
  const head = { ...reply, id: parsed.data.id, rss: process.memoryUsage.rss(), ...(reply.type === 'ran' ? { tensors: header } : {}) };
  for (const part of encodeFrame(head, parts)) socket.write(part);
}

async function replyTo(request: Request, payload: ArrayBuffer, { sessions: store, resident }: Stores): Promise<Unsent<Reply>> {
  if (request.type === 'probe') {
    return { type: 'probed', ...(await probeProvider(request.provider, request.threads)) };
  }
  const inputs = unpackTensors(request.tensors, payload);
  if (request.type === 'run') {
    for (const [name, key] of Object.entries(request.keep ?? {})) if (inputs[name] !== undefined) resident.keep(key, inputs[name]);
    for (const [name, key] of Object.entries(request.resident ?? {})) {
      const tensor = resident.get(key);
      if (tensor === undefined) return { type: 'missing' };
      inputs[name] = tensor;
    }
    const { outputs, ms } = await store.run(request, inputs, request.outputs);
    return { type: 'ran', ms, tensors: outputs };
  }
  const [found, reference] = [await store.run(request, inputs), await store.run({ ...request, provider: 'cpu' }, inputs)];
  return { type: 'verified', difference: compareOutputs(found.outputs, reference.outputs) };
}

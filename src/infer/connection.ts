/** The client's end of the socket: one request at a time, answered by one reply. */
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { LacunaError } from '../errors.ts';
import { encodeFrame, FrameDecoder } from './frames.ts';
import type { Frame } from './frames.ts';
import { replySchema } from './protocol.ts';
import type { Reply, Request } from './protocol.ts';
import { packTensors, unpackTensors } from './tensors.ts';
import type { Tensor, Tensors } from './tensors.ts';

/** A request without what the connection itself fills in. */
export type Outgoing = Request extends infer R ? (R extends Request ? Omit<R, 'id' | 'tensors'> : never) : never;
export interface Answer {
  readonly reply: Reply;
  readonly outputs: Record<string, Tensor>;
}

/** The socket closed before the reply came: the process has ended, or is about to be. */
export class ConnectionLost extends Error {}

/** Input name → content key; see InferRequest.stable. */
export type StableKeys = Readonly<Record<string, string>>;
/** Far more than the process keeps; one forgotten is sent again. */
const MOST_KEYS = 1000;

interface Waiting {
  readonly id: number;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

export class InferConnection {
  readonly #socket: Socket;
  readonly #decoder = new FrameDecoder();
  #waiting: Waiting | null = null;
  /** Content keys of what the process keeps, as far as this end knows. */
  readonly #kept = new Set<string>();
  #lastId = 0;
  #closed = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk: Uint8Array) => this.#receive(chunk));
    socket.on('error', () => undefined);
    socket.on('close', () => this.#lose('the socket closed'));
  }

  /** Rejects with ConnectionLost where nobody listens. */
  static async open(socketPath: string): Promise<InferConnection> {
    const socket = connect(socketPath);
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', (cause) => reject(new ConnectionLost(`cannot connect: ${cause.message}`, { cause })));
    });
    return new InferConnection(socket);
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Rejects with ConnectionLost. A reply of type 'failed' is an answer like the others. */
  async request(header: Outgoing, tensors: Tensors = {}, stable: StableKeys = {}): Promise<Answer> {
    if (header.type !== 'run' || Object.keys(stable).length === 0) return this.#send(header, tensors);
    const there = Object.entries(stable).filter(([, key]) => this.#kept.has(key));
    const answer = await this.#send(...withResident(header, tensors, stable, new Map(there)));
    if (answer.reply.type !== 'missing') return this.#noteKept(answer, stable);
    // The process has made room since.
    for (const key of Object.values(stable)) this.#kept.delete(key);
    return this.#noteKept(await this.#send(...withResident(header, tensors, stable, new Map())), stable);
  }

  #noteKept(answer: Answer, stable: StableKeys): Answer {
    if (this.#kept.size > MOST_KEYS) this.#kept.clear();
    if (answer.reply.type === 'ran') for (const key of Object.values(stable)) this.#kept.add(key);
    return answer;
  }

  #send(header: Outgoing, tensors: Tensors): Promise<Answer> {
    if (this.#waiting !== null) throw new LacunaError('internal', 'infer socket: a request is already under way');
    if (this.#closed) return Promise.reject(new ConnectionLost('the socket is closed'));
    const id = ++this.#lastId;
    const packed = packTensors(tensors);
    const chunks = encodeFrame({ ...header, id, ...(header.type === 'probe' ? {} : { tensors: packed.header }) }, packed.parts);
    const answer = new Promise<Answer>((resolve, reject) => {
      this.#waiting = { id, resolve, reject };
    });
    this.#socket.cork();
    for (const chunk of chunks) this.#socket.write(chunk);
    this.#socket.uncork();
    return answer;
  }

  close(): void {
    this.#socket.destroy();
  }

  #receive(chunk: Uint8Array): void {
    try {
      for (const frame of this.#decoder.push(chunk)) this.#accept(frame);
    } catch (error) {
      this.#lose(error instanceof Error ? error.message : String(error));
      this.#socket.destroy();
    }
  }

  #accept(frame: Frame): void {
    const reply = replySchema.parse(frame.header);
    const waiting = this.#waiting;
    if (waiting === null || waiting.id !== reply.id) throw new LacunaError('internal', 'infer socket: a reply nobody waits for');
    const outputs = reply.type === 'ran' ? unpackTensors(reply.tensors, frame.payload) : {};
    this.#waiting = null;
    waiting.resolve({ reply, outputs });
  }

  #lose(reason: string): void {
    this.#closed = true;
    const waiting = this.#waiting;
    this.#waiting = null;
    waiting?.reject(new ConnectionLost(reason));
  }
}

/** The request with what is `there` left out, and the rest of the stable inputs to be kept. */
function withResident(
  header: Extract<Outgoing, { type: 'run' }>,
  tensors: Tensors,
  stable: StableKeys,
  there: ReadonlyMap<string, string>,
): [Outgoing, Tensors] {
  const sent = Object.fromEntries(Object.entries(tensors).filter(([name]) => !there.has(name)));
  const keep = Object.fromEntries(Object.entries(stable).filter(([name]) => !there.has(name)));
  return [{ ...header, resident: Object.fromEntries(there), keep }, sent];
}

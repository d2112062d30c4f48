/**
 * The sessions of one infer process. A graph is read once, its SHA-256 checked on those very bytes, and the session made
 * from them, so that a file exchanged between check and use is never run.
 */
import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import ort from 'onnxruntime-node';
import { LacunaError } from '../errors.ts';
import type { ProviderName } from './port.ts';
import type { Tensor, Tensors } from './tensors.ts';

export interface GraphKey {
  readonly path: string;
  readonly sha256: string;
  readonly provider: ProviderName;
  readonly threads: number;
}

export interface RunOutput {
  readonly outputs: Record<string, Tensor>;
  /** Time inside session.run, milliseconds. */
  readonly ms: number;
}

/** Graphs above this are refused before they are read, as in manifests. */
const MAX_GRAPH_BYTES = 512 * 2 ** 20;
const MAX_SESSIONS = 8;

export class SessionStore {
  /** In order of last use, oldest first. */
  readonly #sessions = new Map<string, ort.InferenceSession>();

  /** Throws input.mismatch, input.too-large, io.read, infer.failed. */
  async run(key: GraphKey, inputs: Tensors, outputs?: readonly string[]): Promise<RunOutput> {
    const file = basename(key.path);
    const session = await this.#session(key, file);
    return runSession(session, inputs, outputs, file);
  }

  async #session(key: GraphKey, file: string): Promise<ort.InferenceSession> {
    const id = `${key.sha256} ${key.provider} ${key.threads}`;
    const session = this.#sessions.get(id) ?? (await createSession(await readChecked(key, file), key.provider, key.threads, file));
    this.#sessions.delete(id);
    this.#sessions.set(id, session);
    for (const [oldest, unused] of this.#sessions) {
      if (this.#sessions.size <= MAX_SESSIONS) break;
      this.#sessions.delete(oldest);
      await unused.release();
    }
    return session;
  }
}

async function readChecked(key: GraphKey, file: string): Promise<Uint8Array> {
  const bytes = await readLimited(key.path, file);
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found !== key.sha256) {
    throw new LacunaError('input.mismatch', `${file} has SHA-256 ${found}, expected ${key.sha256}`, { file, field: 'sha256' });
  }
  return bytes;
}

async function readLimited(path: string, file: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(path);
    if (size <= MAX_GRAPH_BYTES) return await readFile(path);
  } catch (cause) {
    throw new LacunaError('io.read', `${file} cannot be read`, { file, cause });
  }
  throw new LacunaError('input.too-large', `${file} is larger than the ${MAX_GRAPH_BYTES} bytes a graph may have`, { file });
}

/** A session on one provider alone: with a list, ORT would hide which one ran. Throws infer.failed with ORT's own words. */
export async function createSession(
  bytes: Uint8Array,
  provider: ProviderName,
  threads: number,
  file: string,
): Promise<ort.InferenceSession> {
  try {
    return await ort.InferenceSession.create(bytes, {
      executionProviders: [provider],
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      graphOptimizationLevel: 'all',
      // Threads spin between the operators of a run, and stop with it, so that host and page find the cores free: docs/decisions/0205.
      extra: { session: { intra_op: { allow_spinning: '1' }, force_spinning_stop: '1' } },
      // Errors are thrown as well; only what ORT calls fatal is printed.
      logSeverityLevel: 4,
    });
  } catch (cause) {
    throw new LacunaError('infer.failed', `${file} cannot be loaded on ${provider}: ${firstLine(cause)}`, { file, cause });
  }
}

export async function runSession(
  session: ort.InferenceSession,
  inputs: Tensors,
  outputs: readonly string[] | undefined,
  file: string,
): Promise<RunOutput> {
  const feeds: Record<string, ort.Tensor> = {};
  for (const [name, tensor] of Object.entries(inputs)) feeds[name] = toOrt(tensor);
  checkNames(session, inputs, outputs, file);
  try {
    const start = performance.now();
    const results = await session.run(feeds, outputs ?? session.outputNames);
    const ms = performance.now() - start;
    return { outputs: Object.fromEntries(Object.entries(results).map(([name, value]) => [name, fromOrt(name, value, file)])), ms };
  } catch (cause) {
    if (cause instanceof LacunaError) throw cause;
    throw new LacunaError('infer.failed', `${file} failed to run: ${firstLine(cause)}`, { file, cause });
  }
}

function checkNames(session: ort.InferenceSession, inputs: Tensors, outputs: readonly string[] | undefined, file: string): void {
  const missing = session.inputNames.find((name) => inputs[name] === undefined);
  if (missing !== undefined) {
    throw new LacunaError('infer.failed', `${file} needs the input ${missing}, which was not given`, { file, field: missing });
  }
  const unknown = Object.keys(inputs).find((name) => !session.inputNames.includes(name));
  if (unknown !== undefined) {
    throw new LacunaError('infer.failed', `${file} has no input ${unknown}; it takes ${session.inputNames.join(', ')}`, {
      file,
      field: unknown,
    });
  }
  const absent = outputs?.find((name) => !session.outputNames.includes(name));
  if (absent !== undefined) {
    throw new LacunaError('infer.failed', `${file} has no output ${absent}; it gives ${session.outputNames.join(', ')}`, {
      file,
      field: absent,
    });
  }
}

function toOrt(tensor: Tensor): ort.Tensor {
  return tensor.dtype === 'float32'
    ? new ort.Tensor('float32', tensor.data as Float32Array, tensor.shape)
    : new ort.Tensor('int64', tensor.data as BigInt64Array, tensor.shape);
}

function fromOrt(name: string, value: ort.Tensor, file: string): Tensor {
  if (value.type !== 'float32') {
    throw new LacunaError('infer.failed', `${file}: output ${name} is ${value.type}; only float32 is supported`, { file, field: name });
  }
  return { dtype: 'float32', shape: value.dims, data: value.data as Float32Array };
}

/** ORT's messages go on for a screen; the first line says what happened, the rest is kept as the cause. */
function firstLine(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  return (message.split('\n')[0] ?? message).slice(0, 400);
}

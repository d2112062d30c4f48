/** A compute thread: runs pipelines one after another, so that the host's event loop stays free. */
import { parentPort } from 'node:worker_threads';
import { centreCrop, type NdArray, zeros } from '../../array/nd-array.ts';
import { throwIfCancelled } from '../../algorithms/status.ts';
import { deserializeError, LacunaError, serializeError } from '../../errors.ts';
import { keepGraph } from '../../infer/graph-folder.ts';
import type { InferPort, InferResult } from '../../infer/port.ts';
import type { LoadedModel } from '../../models/load.ts';
import { rootSumOfSquares } from '../../mri/root-sum-of-squares.ts';
import { makePattern } from '../../pipeline/make-pattern.ts';
import { findSeries } from '../../pipeline/open-input.ts';
import type { RunEvent } from '../../pipeline/run-event.ts';
import { runView } from '../../pipeline/run-view.ts';
import { type RunEnvironment, runPipeline } from '../../pipeline/runner.ts';
import type { SliceCache } from '../../pipeline/slice-cache.ts';
import { ifft2c } from '../../transform/fft.ts';
import type { FromWorker, LookTask, PatternTask, RunTask, ToWorker, ViewTask, WorkerTask } from './messages.ts';
import { OpenRecordings } from './open-recordings.ts';

if (parentPort === null) throw new Error('compute worker started outside a worker thread');
const port = parentPort;
const recordings = new OpenRecordings();
const queue: WorkerTask[] = [];
let busy = false;
let idleTarget: SliceCache | null = null;
let idleTimer: ReturnType<typeof setTimeout> | undefined;

/** Views that run a method many times say how far they are no more often than this. */
const STATUS_EVERY_MS = 80;
/** Quiet time before the other slices are looked through: a dragged slider must never wait for it. */
const QUIET_MS = 1200;

interface Pending<T> {
  resolve(value: T): void;
  reject(error: Error): void;
}
const inferCalls = new Map<number, Pending<InferResult>>();
const modelCalls = new Map<number, Pending<LoadedModel>>();
let nextCall = 1;

port.on('message', (message: ToWorker) => {
  switch (message.type) {
    case 'run':
    case 'view':
    case 'pattern':
    case 'look':
      clearTimeout(idleTimer);
      queue.push(message);
      void work();
      return;
    case 'forget':
      void recordings.forget(recordings.keyOf(message.input));
      return;
    case 'infer-reply':
      settle(inferCalls, message.call, message.result, message.error);
      return;
    case 'model-reply':
      settle(modelCalls, message.call, message.result, message.error);
      return;
  }
});

async function work(): Promise<void> {
  if (busy) return;
  busy = true;
  for (let task = queue.shift(); task !== undefined; task = queue.shift()) {
    try {
      await perform(task);
    } catch (error) {
      send({ type: 'failed', id: task.id, error: serializeError(error) });
    }
  }
  busy = false;
  idleTimer = setTimeout(() => void idle(), QUIET_MS);
}

function perform(task: WorkerTask): Promise<void> {
  switch (task.type) {
    case 'run':
      return run(task);
    case 'view':
      return view(task);
    case 'pattern':
      return pattern(task);
    case 'look':
      return look(task);
  }
}

/** Between previews, look through the other slices for the volume's data range. */
async function idle(): Promise<void> {
  if (busy || queue.length > 0 || idleTarget === null) return;
  let more = false;
  try {
    more = await idleTarget.advanceRange();
  } catch {
    // An unreadable slice is reported when the user goes to it; until then the range stays that of the slice.
  }
  if (more) idleTimer = setTimeout(() => void idle(), 0);
  else idleTarget = null;
}

async function run(task: RunTask): Promise<void> {
  const { env, hash } = await environmentOf(task);
  const iterator = runPipeline(task.document, { ...env, show: task.show });
  for (;;) {
    const next = await iterator.next();
    if (next.done === true) {
      throwIfCancelled(env.signal);
      const inputSha256 = task.hashInput ? await hash() : undefined;
      const outcome = task.shownOnly ? { ...next.value, volume: zeros('float32', [0, 0, 0]), reference: null } : next.value;
      send({ type: 'done', id: task.id, outcome: { ...outcome, ...(inputSha256 === undefined ? {} : { inputSha256 }) } });
      break;
    }
    const event = detach(next.value);
    send({ type: 'event', id: task.id, event }, ownBuffers(event));
  }
  idleTarget = env.slices;
}

async function view(task: ViewTask): Promise<void> {
  const { env } = await environmentOf(task);
  const iterator = runView(task.document, task.view, env);
  let told = 0;
  for (;;) {
    const next = await iterator.next();
    throwIfCancelled(env.signal);
    if (next.done === true) {
      send({ type: 'viewed', id: task.id, view: { ...next.value, images: copy(next.value.images) } });
      return;
    }
    const now = performance.now();
    if (now - told < STATUS_EVERY_MS) continue;
    told = now;
    // What a status can make on demand does not leave the thread.
    const { iteration, iterations } = next.value;
    send({ type: 'status', id: task.id, status: { iteration, iterations } });
  }
}

async function pattern(task: PatternTask): Promise<void> {
  const { env } = await environmentOf(task);
  send({ type: 'pattern', id: task.id, pattern: await makePattern(task.document, env.slices.series, env) });
}

/** What a document runs in: its recording opened, its series prepared. */
async function environmentOf(task: RunTask | ViewTask | PatternTask): Promise<{ env: Omit<RunEnvironment, 'show'>; hash: () => Promise<string> }> {
  const flag = new Int32Array(task.cancel);
  const signal = {
    get cancelled() {
      return Atomics.load(flag, 0) !== 0;
    },
  };
  throwIfCancelled(signal);
  const { entry, slices } = await recordings.slices(task.input, task.recording, task.document);
  const env = {
    slices,
    infer: remoteInfer(task.killInferOnCancel ? task.cancel : null, task.document.provider),
    loadModel: (id: string) => remoteModel(id),
    signal,
    cache: entry.cache,
    ...(task.gpu === null ? {} : { gpu: { provider: task.gpu, keep: (graph: Uint8Array) => keepGraph(graph) } }),
    readPatternFile: (name: string) => readPatternFile(task, name),
  };
  return { env, hash: () => recordings.contentHash(task.input, entry) };
}

async function look(task: LookTask): Promise<void> {
  const { recording } = await recordings.get(task.input, task.recording);
  const series = findSeries(recording, task.series);
  const data = await series.read(task.slice);
  send({ type: 'looked', id: task.id, image: series.coils > 1 || series.domain === 'kspace' ? combine(data, series) : copy(data) });
}

function combine(data: NdArray, series: { domain: string; output: { rows: number; columns: number } }): NdArray<'float32'> {
  const coils = data as NdArray<'complex64'>;
  const images = series.domain === 'kspace' ? ifft2c(coils) : coils;
  return centreCrop(rootSumOfSquares(images), series.output.rows, series.output.columns);
}

/** Partial images are views of buffers that the algorithm goes on using, so what leaves the thread is a copy. */
function detach(event: RunEvent): RunEvent {
  switch (event.type) {
    case 'progress':
      return event.image === undefined ? event : { ...event, image: copy(event.image) };
    case 'slice': {
      // The residual is a function of arrays that stay here.
      const { residual: _stays, ...estimate } = event.estimate;
      return { ...event, estimate: { ...estimate, image: copy(estimate.image) } };
    }
    default:
      return event;
  }
}

/** Of images that `detach` copied: they leave the thread as they are. */
function ownBuffers(event: RunEvent): ArrayBuffer[] {
  const image = event.type === 'slice' ? event.estimate.image : event.type === 'progress' ? event.image : undefined;
  return image === undefined ? [] : [image.data.buffer as ArrayBuffer];
}

function copy<A extends NdArray<'complex64'> | NdArray<'float32'>>(array: A): A {
  return { ...array, data: array.data.slice() };
}

async function readPatternFile(task: RunTask | ViewTask | PatternTask, name: string): Promise<NdArray> {
  const file = task.patternFiles[name];
  if (file === undefined) throw new LacunaError('usage.not-found', 'Load the pattern file first.', { field: 'file' });
  return file;
}

function remoteInfer(cancel: SharedArrayBuffer | null, provider: RunTask['document']['provider']): InferPort {
  return {
    providers: () => Promise.reject(new LacunaError('internal', 'providers are asked of the host')),
    run: (request) =>
      new Promise((resolve, reject) => {
        const call = nextCall++;
        inferCalls.set(call, { resolve, reject });
        send({ type: 'infer', call, request: { ...request, provider: request.provider === 'auto' ? provider : request.provider }, cancel });
      }),
  };
}

function remoteModel(id: string): Promise<LoadedModel> {
  return new Promise((resolve, reject) => {
    const call = nextCall++;
    modelCalls.set(call, { resolve, reject });
    send({ type: 'model', call, id });
  });
}

function settle<T>(calls: Map<number, Pending<T>>, call: number, result: T | undefined, error: Parameters<typeof deserializeError>[0] | undefined): void {
  const pending = calls.get(call);
  calls.delete(call);
  if (pending === undefined) return;
  if (result !== undefined) pending.resolve(result);
  else pending.reject(error === undefined ? new LacunaError('internal', 'empty reply') : deserializeError(error));
}

function send(message: FromWorker, handedOver: readonly ArrayBuffer[] = []): void {
  port.postMessage(message, handedOver);
}

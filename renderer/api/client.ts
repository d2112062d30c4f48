/** Typed client of the host (src/host/contract.ts). One object, one method a route; arrays come as NdArray. */
import type { NdArray } from '../../src/array/nd-array.ts';
import type { ReadOptions } from '../../src/array/read-options.ts';
import { decodeNpy } from '../../src/array/npy.ts';
import type {
  ArrayLink, ExportReply, ExportRequest, JobEvent, JobRequest, JobSummary, JsonSchemaObject, ModelDescription, ModelInspection, ModelProblem, PatternExportRequest, RecordingSummary,
  ResultSummary, Settings, ShellInfo, StepDescription, SweepEvent, SweepRequest, ViewEvent, ViewRequest,
} from '../../src/host/contract.ts';
import type { ProviderReport } from '../../src/infer/port.ts';
import type { PackageAnswers } from '../../src/models/draft.ts';
import { ArrayCache } from './array-cache.ts';
import { readNdjson } from './ndjson.ts';
import { ConnectionError, isAbort, problemOf } from './problem.ts';

export interface PatternFile {
  readonly handle: string;
  readonly name: string;
  readonly shape: readonly number[];
  readonly kept: number;
}

export interface ClientOptions {
  /** Where the API lives; no slash at the end. */
  readonly base?: string;
  readonly fetch?: typeof fetch;
  /** Called with false when the host cannot be reached, with true when it answers again. */
  readonly onReachable?: (reachable: boolean) => void;
}

export type Client = ReturnType<typeof createClient>;

export function createClient(options: ClientOptions = {}) {
  const base = options.base ?? '/api';
  const doFetch = options.fetch ?? ((input: RequestInfo | URL, init?: RequestInit) => globalThis.fetch(input, init));
  const cache = new ArrayCache();
  const loading = new Map<string, Promise<NdArray>>();

  async function request(path: string, init: RequestInit = {}): Promise<Response> {
    let response: Response;
    try {
      response = await doFetch(path, { credentials: 'same-origin', ...init });
    } catch (cause) {
      if (isAbort(cause) || init.signal?.aborted === true) throw cause;
      options.onReachable?.(false);
      throw new ConnectionError('no answer from the host', { cause });
    }
    options.onReachable?.(true);
    if (!response.ok) throw await problemOf(response);
    return response;
  }
  const getJson = async <T>(path: string, signal?: AbortSignal): Promise<T> =>
    (await request(base + path, signal === undefined ? {} : { signal })).json() as Promise<T>;
  const sendJson = (method: 'POST' | 'PUT', path: string, body: unknown, signal?: AbortSignal): Promise<Response> =>
    request(base + path, {
      method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      ...(signal === undefined ? {} : { signal }),
    });
  const remove = async (path: string): Promise<void> => {
    await request(base + path, { method: 'DELETE' });
  };

  async function* stream<E>(path: string, body: unknown, signal?: AbortSignal): AsyncGenerator<E, void, void> {
    const response = body === undefined
      ? await request(base + path, signal === undefined ? {} : { signal })
      : await sendJson('POST', path, body, signal);
    if (response.body !== null) yield* readNdjson<E>(response.body);
  }

  /** Fetches once per address, also when asked twice at the same time; one caller's abort does not spoil the others'. */
  async function load(url: string, signal?: AbortSignal): Promise<NdArray> {
    const known = cache.get(url);
    if (known !== undefined) return known;
    signal?.throwIfAborted();
    let pending = loading.get(url);
    if (pending === undefined) {
      pending = request(url)
        .then((response) => response.arrayBuffer())
        .then((bytes) => decodeNpy(new Uint8Array(bytes)))
        .then((array) => {
          cache.set(url, array);
          return array;
        })
        .finally(() => loading.delete(url));
      loading.set(url, pending);
    }
    const array = await pending;
    signal?.throwIfAborted();
    return array;
  }

  const id = encodeURIComponent;
  return {
    shell: (signal?: AbortSignal) => getJson<ShellInfo>('/shell', signal),
    steps: () => getJson<readonly StepDescription[]>('/steps'),
    providers: () => getJson<readonly ProviderReport[]>('/providers'),
    models: () => getJson<readonly ModelDescription[]>('/models'),
    modelProblems: () => getJson<readonly ModelProblem[]>('/models/problems'),
    inspectModel: async (graph: Blob): Promise<ModelInspection> =>
      (await request(`${base}/models/inspect`, { method: 'POST', headers: { 'content-type': 'application/octet-stream' }, body: graph })).json() as Promise<ModelInspection>,
    addModel: async (token: string, answers: PackageAnswers, replace: boolean): Promise<ModelDescription> =>
      (await sendJson('POST', '/models', { token, answers, replace })).json() as Promise<ModelDescription>,
    removeModel: (model: string) => remove(`/models/${id(model)}`),
    modelPicture: (model: string, name: string) => `${base}/models/${id(model)}/pictures/${id(name)}`,
    settings: () => getJson<Settings>('/settings'),
    saveSettings: async (settings: Settings): Promise<Settings> => {
      const response = await sendJson('PUT', '/settings', settings);
      return response.status === 204 ? settings : ((await response.json()) as Settings);
    },

    recordings: () => getJson<readonly RecordingSummary[]>('/recordings'),
    recording: (recording: string) => getJson<RecordingSummary>(`/recordings/${id(recording)}`),
    makeSample: async (name: string, params: Readonly<Record<string, unknown>> = {}): Promise<RecordingSummary> =>
      (await sendJson('POST', `/samples/${id(name)}`, params)).json() as Promise<RecordingSummary>,
    openFile: async (name: string, bytes: Blob): Promise<RecordingSummary> =>
      (await request(`${base}/recordings?name=${id(name)}`, {
        method: 'POST',
        headers: { 'content-type': 'application/octet-stream' },
        body: bytes,
      })).json() as Promise<RecordingSummary>,
    openFolder: async (name: string, files: readonly { readonly path: string; readonly file: Blob }[]): Promise<RecordingSummary> => {
      const form = new FormData();
      for (const { path, file } of files) form.append('file', file, path);
      const response = await request(`${base}/recordings/folder?name=${id(name)}`, { method: 'POST', body: form });
      return response.json() as Promise<RecordingSummary>;
    },
    openHandle: async (handle: string): Promise<RecordingSummary> =>
      (await sendJson('POST', '/recordings/handle', { handle })).json() as Promise<RecordingSummary>,
    deleteRecording: (recording: string) => remove(`/recordings/${id(recording)}`),
    recordingImage: (recording: string, series: string, slice: number, signal?: AbortSignal) =>
      load(`${base}/recordings/${id(recording)}/image?series=${id(series)}&slice=${slice}`, signal),
    /** NIfTI-1; nothing of it is kept here. */
    recordingVolume: async (recording: string, series: string, signal?: AbortSignal): Promise<ArrayBuffer> =>
      (await request(`${base}/recordings/${id(recording)}/volume?series=${id(series)}`, signal === undefined ? {} : { signal })).arrayBuffer(),
    heatingParams: () => getJson<JsonSchemaObject>('/readings/heating'),
    /** The same file read another way: another recording. */
    readAnew: async (recording: string, options: ReadOptions): Promise<RecordingSummary> =>
      (await sendJson('PUT', `/recordings/${id(recording)}/reading`, options)).json() as Promise<RecordingSummary>,

    loadPattern: async (name: string, bytes: Blob): Promise<PatternFile> =>
      (await request(`${base}/patterns?name=${id(name)}`, {
        method: 'POST',
        headers: { 'content-type': 'application/octet-stream' },
        body: bytes,
      })).json() as Promise<PatternFile>,

    exportPattern: async (body: PatternExportRequest): Promise<Blob> => (await sendJson('POST', '/patterns/export', body)).blob(),
    view: (view: ViewRequest, signal?: AbortSignal) => stream<ViewEvent>('/views', view, signal),

    startJob: (job: JobRequest, signal?: AbortSignal) => stream<JobEvent>('/jobs', job, signal),
    jobs: () => getJson<readonly JobSummary[]>('/jobs'),
    jobEvents: (job: string, signal?: AbortSignal) => stream<JobEvent>(`/jobs/${id(job)}/events`, undefined, signal),
    cancelJob: (job: string) => remove(`/jobs/${id(job)}`),
    sweep: (sweep: SweepRequest, signal?: AbortSignal) => stream<SweepEvent>('/sweeps', sweep, signal),

    results: () => getJson<readonly ResultSummary[]>('/results'),
    result: (result: string) => getJson<ResultSummary>(`/results/${id(result)}`),
    resultImage: (result: string, slice: number, signal?: AbortSignal) =>
      load(`${base}/results/${id(result)}/image?slice=${slice}`, signal),
    resultReference: (result: string, slice: number, signal?: AbortSignal) =>
      load(`${base}/results/${id(result)}/reference?slice=${slice}`, signal),
    resultVolume: async (result: string, signal?: AbortSignal): Promise<ArrayBuffer> =>
      (await request(`${base}/results/${id(result)}/volume`, signal === undefined ? {} : { signal })).arrayBuffer(),
    deleteResult: (result: string) => remove(`/results/${id(result)}`),
    exportResult: async (result: string, body: ExportRequest): Promise<ExportReply> =>
      (await sendJson('POST', `/results/${id(result)}/export`, body)).json() as Promise<ExportReply>,

    array: (link: ArrayLink, signal?: AbortSignal) => load(link.url, signal),
  };
}

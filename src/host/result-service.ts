/** Results: saved as `.npy` blobs with their receipts, looked at slice by slice, exported. */
import { randomBytes, randomUUID } from 'node:crypto';
import { access, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type NdArray, subArray } from '../array/nd-array.ts';
import { decodeNpy, encodeNpy } from '../array/npy.ts';
import type { Series } from '../array/recording.ts';
import { NEVER_CANCELLED } from '../algorithms/status.ts';
import { LacunaError } from '../errors.ts';
import type { InferPort } from '../infer/port.ts';
import type { Library } from '../library/library.ts';
import type { LoadedModel } from '../models/load.ts';
import { completeDocument } from '../pipeline/complete-document.ts';
import type { PipelineDocument } from '../pipeline/document.ts';
import { exportResult, receiptPath, type WrittenFile } from '../pipeline/export-result.ts';
import { modelOf } from '../pipeline/learned/model-of.ts';
import { machineOf } from '../pipeline/machine.ts';
import { findSeries, openInput } from '../pipeline/open-input.ts';
import { preparedKspace } from '../pipeline/prepare.ts';
import { makeReceipt, type Receipt, receiptSchema } from '../pipeline/receipt.ts';
import { findStep } from '../pipeline/registry.ts';
import type { Image, RunOutcome } from '../pipeline/run-event.ts';
import type { ExportInput } from '../pipeline/step.ts';
import type { ExportReply, ExportRequest, JobRequest, RecordingSummary, ResultSummary } from './contract.ts';
import { jobTitle } from './job-title.ts';
import type { RecordingService } from './recording-service.ts';
import { safeName } from './safe-name.ts';
import { Turns } from './turns.ts';

/** What an exporter needs of the source, kept with the result so that it can be exported after the recording is gone. */
type StoredSeries = ExportInput['series'];

export interface ResultServices {
  readonly library: Library;
  readonly recordings: RecordingService;
  readonly exportsFolder: string;
  readonly threads: number;
  /** Runs the networks of learned exports. */
  readonly infer: InferPort;
  loadModel(id: string): Promise<LoadedModel>;
  /** Path that the desktop shell issued for a save dialog; null where the handle is unknown. */
  savePath(handle: string): string | null;
}

export class ResultService {
  readonly #services: ResultServices;
  readonly #downloads = new Map<string, readonly WrittenFile[]>();
  /** Arrays are stored before the row that names them: removing must not sweep them away in between. */
  readonly #writes = new Turns();
  /** An export takes a free name and then fills it. */
  readonly #exports = new Turns();

  constructor(services: ResultServices) {
    this.#services = services;
  }

  async save(made: { request: JobRequest; document: PipelineDocument; outcome: RunOutcome; recording: RecordingSummary }): Promise<ResultSummary> {
    const { request, document, outcome, recording } = made;
    const { library, recordings, threads } = this.#services;
    const step = findStep('method', document.method.name);
    const modelId = modelOf(step, document.method.params);
    const model = modelId === undefined ? undefined : await this.#services.loadModel(modelId);
    const receipt = await makeReceipt(completeDocument(document, outcome.pattern), outcome, {
      ...machineOf(threads),
      ...(model === undefined ? {} : { model: { id: model.manifest.id, version: model.manifest.version, graphs: hashes(model) } }),
    });
    const { mask: _mask, trajectory: _trajectory, ...pattern } = outcome.pattern;
    const summary: ResultSummary = {
      id: randomUUID(),
      title: jobTitle(request),
      createdAt: new Date().toISOString(),
      recording: recording.id,
      recordingName: recording.name,
      slices: document.slices,
      shape: outcome.volume.shape,
      dtype: outcome.volume.dtype,
      pattern,
      method: { ...receipt.pipeline.method, title: step.title },
      ...(outcome.metrics === undefined ? {} : { metrics: outcome.metrics }),
      ms: outcome.ms,
      provider: outcome.provider,
      ...(outcome.curves === undefined ? {} : { curves: outcome.curves }),
      receipt,
    };
    const series = await this.#storedSeries(recordings.get(recording.id).input, document);
    await this.#writes.run(async () => {
      const volume = await library.blobs.put(encodeNpy(outcome.volume));
      const reference = outcome.reference === null ? null : await library.blobs.put(encodeNpy(outcome.reference));
      library.addResult(summary, { volume, reference, series });
    });
    return summary;
  }

  list(): readonly ResultSummary[] {
    return this.#services.library.listResults();
  }

  get(id: string): ResultSummary {
    return this.#find(id).summary;
  }

  /** One slice of the result, `.npy`. */
  async image(id: string, slice: number): Promise<Uint8Array> {
    return encodeNpy(sliceOf(await this.#volume(this.#find(id).extra.volume), slice));
  }

  /** Throws usage.not-found where the result has no reference. */
  async reference(id: string, slice: number): Promise<Uint8Array> {
    const { reference } = this.#find(id).extra;
    if (reference === null) throw new LacunaError('usage.not-found', 'This result has no reference.', { field: 'reference' });
    return encodeNpy(sliceOf(await this.#volume(reference), slice));
  }

  /** The whole result with what is known of its place, for viewers of volumes. */
  async whole(id: string): Promise<{ summary: ResultSummary; volume: Image; series: ExportInput['series'] }> {
    const { summary, extra } = this.#find(id);
    return { summary, volume: (await this.#volume(extra.volume)) as Image, series: extra.series as StoredSeries };
  }

  async remove(id: string): Promise<void> {
    this.#find(id);
    await this.#writes.run(async () => {
      this.#services.library.removeResult(id);
      await this.#services.library.collectGarbage();
    });
  }

  export(id: string, request: ExportRequest): Promise<ExportReply> {
    return this.#exports.run(() => this.#export(id, request));
  }

  async #export(id: string, request: ExportRequest): Promise<ExportReply> {
    const { summary, extra } = this.#find(id);
    const receipt = receiptSchema.parse(summary.receipt) as Receipt;
    const step = findStep('export', request.format);
    const path = await this.#exportPath(request, summary, step.extensions);
    const written = await exportResult({
      receipt,
      volume: (await this.#volume(extra.volume)) as Image,
      series: extra.series as StoredSeries,
      format: request.format,
      params: request.params,
      ...(request.slices === undefined ? {} : { slices: request.slices }),
      path,
      learned: { infer: this.#services.infer, loadModel: (model) => this.#services.loadModel(model), signal: NEVER_CANCELLED },
    });
    const token = randomBytes(16).toString('base64url');
    this.#downloads.set(token, written);
    for (const oldest of this.#downloads.keys()) {
      if (this.#downloads.size <= 50) break;
      this.#downloads.delete(oldest);
    }
    const files = written.map((f) => ({ name: f.name, bytes: f.bytes, url: `/api/exports/${token}/${encodeURIComponent(f.name)}` }));
    return { folder: join(path, '..'), files };
  }

  /** A file of an export made in this session. */
  async download(token: string, name: string): Promise<Uint8Array> {
    const file = this.#downloads.get(token)?.find((f) => f.name === name);
    if (file === undefined) throw new LacunaError('usage.not-found', 'That export is not known any more; it lies in the exports folder.', { field: name });
    return readFile(file.path).catch((cause) => {
      throw new LacunaError('io.read', 'The exported file has been moved or removed.', { file: name, cause });
    });
  }

  async #exportPath(request: ExportRequest, summary: ResultSummary, extensions: readonly string[]): Promise<string> {
    if (request.handle !== undefined) {
      const path = this.#services.savePath(request.handle);
      if (path === null) throw new LacunaError('usage.forbidden', 'That save location was not issued by this studio.', { field: 'handle' });
      return path;
    }
    const { exportsFolder } = this.#services;
    await mkdir(exportsFolder, { recursive: true });
    const name = safeName(request.name ?? defaultName(summary));
    const given = extensions.find((extension) => name.toLowerCase().endsWith(extension));
    const stem = given === undefined ? name : name.slice(0, -given.length);
    return freePath(exportsFolder, stem, given ?? extensions[0] ?? '');
  }

  async #storedSeries(input: Parameters<typeof openInput>[0], document: PipelineDocument): Promise<StoredSeries> {
    const recording = await openInput(input);
    try {
      const series: Series = await preparedKspace(findSeries(recording, document.input.series), document);
      const { title, domain, geometry, identity, sources, attributes, window } = series;
      return {
        title,
        domain,
        attributes,
        ...(geometry === undefined ? {} : { geometry }),
        ...(identity === undefined ? {} : { identity }),
        ...(sources === undefined ? {} : { sources }),
        ...(window === undefined ? {} : { window }),
      };
    } finally {
      await recording.close();
    }
  }

  async #volume(sha256: string): Promise<NdArray> {
    return decodeNpy(await this.#services.library.blobs.get(sha256));
  }

  #find(id: string) {
    const found = this.#services.library.getResult(id);
    if (found === null) throw new LacunaError('usage.not-found', 'That result is not in the library.', { field: id });
    return found;
  }
}

function hashes(model: LoadedModel): Record<string, string> {
  return Object.fromEntries(Object.entries(model.graphs).map(([key, graph]) => [key, graph.sha256]));
}

function sliceOf(volume: NdArray, slice: number): NdArray {
  const count = volume.shape[0] ?? 0;
  if (!Number.isInteger(slice) || slice < 0 || slice >= count) {
    throw new LacunaError('usage.invalid', `Slice ${slice} is not within 0:${count}.`, { field: 'slice' });
  }
  return subArray(volume, slice);
}

function defaultName(summary: ResultSummary): string {
  const stem = summary.recordingName.replace(/\.(nii\.gz|[^.]+)$/i, '');
  return `${stem}-${summary.method.name}-R${summary.pattern.nominal.toFixed(1)}`;
}

/** `brain.dcm`, or `brain-2.dcm` where that exists: an export never overwrites an earlier one. */
async function freePath(folder: string, stem: string, extension: string): Promise<string> {
  for (let n = 1; ; n++) {
    const numbered = n === 1 ? stem : `${stem}-${n}`;
    const path = join(folder, `${numbered}${extension}`);
    // A volume of DICOM images is many files, `brain-0001.dcm` and so on.
    const taken = [path, receiptPath(path), join(folder, `${numbered}-0001${extension}`)].map((file) => access(file));
    if ((await Promise.allSettled(taken)).every(({ status }) => status === 'rejected')) return path;
  }
}


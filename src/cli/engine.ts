/** What every command works with: inputs, inference, models, and running one pipeline to its receipt. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { NdArray } from '../array/nd-array.ts';
import { decodeNpy } from '../array/npy.ts';
import type { Recording, Series } from '../array/recording.ts';
import { NEVER_CANCELLED } from '../algorithms/status.ts';
import { LacunaError } from '../errors.ts';
import { openPath } from '../formats/registry.ts';
import { type NodeInfer, startNodeInfer } from '../infer/node-infer.ts';
import { defaultDataFolder } from '../library/data-folder.ts';
import { findModel } from '../models/find.ts';
import { modelFolders } from '../models/folders.ts';
import { completeDocument } from '../pipeline/complete-document.ts';
import type { PipelineDocument, StepCall } from '../pipeline/document.ts';
import { asKspace } from '../pipeline/kspace-source.ts';
import { machineOf } from '../pipeline/machine.ts';
import { openInput } from '../pipeline/open-input.ts';
import { makeReceipt, type Receipt } from '../pipeline/receipt.ts';
import { findStep, listSteps } from '../pipeline/registry.ts';
import type { RunEvent, RunOutcome } from '../pipeline/run-event.ts';
import { type RunEnvironment, runPipeline } from '../pipeline/runner.ts';
import { SliceCache } from '../pipeline/slice-cache.ts';
import { peek, type Arguments, type Flag } from './arguments.ts';
import { callFromFlags, stepFlags } from './step-flags.ts';

export interface OpenedInput {
  readonly recording: Recording;
  readonly sample: StepCall | undefined;
}

/** A path, or `sample:brain` for one of the studio's own recordings. */
export async function openCliInput(name: string | undefined, sampleParams: StepCall['params'] = {}): Promise<OpenedInput> {
  if (name === undefined) throw new LacunaError('usage.invalid', 'Name an input: a file, a folder of DICOM images, or sample:brain.', { field: 'input' });
  if (name.startsWith('sample:')) {
    const sample = { name: name.slice('sample:'.length), params: sampleParams };
    return { recording: await openInput({ kind: 'sample', sample }), sample };
  }
  return { recording: await openPath(name), sample: undefined };
}

export class Engine {
  readonly threads: number;
  readonly #dataFolder = defaultDataFolder();
  #infer: NodeInfer | null = null;
  readonly #slices = new Map<string, SliceCache>();
  readonly #cache = new Map<string, unknown>();

  constructor(threads: number) {
    this.threads = threads;
  }

  get infer(): NodeInfer {
    this.#infer ??= startNodeInfer({ threads: this.threads, cacheFolder: this.#dataFolder });
    return this.#infer;
  }

  /** Reconstructs, with progress; the receipt says how. */
  async run(series: Series, document: PipelineDocument, onEvent: (event: RunEvent) => void): Promise<{ outcome: RunOutcome; receipt: Receipt }> {
    const env: RunEnvironment = {
      slices: await this.#slicesOf(series, document.acquire),
      // The process starts only when a method asks for it.
      infer: { providers: () => this.infer.providers(), run: (request, signal) => this.infer.run({ ...request, provider: document.provider }, signal) },
      loadModel: (id) => this.#model(id),
      signal: NEVER_CANCELLED,
      cache: this.#cache,
      readPatternFile: readNpy,
      show: { kspace: false, zeroFilled: false, sliceMetrics: false, partialEveryMs: null },
    };
    const iterator = runPipeline(document, env);
    for (;;) {
      const next = await iterator.next();
      if (next.done === true) return { outcome: next.value, receipt: await this.#receipt(document, next.value) };
      onEvent(next.value);
    }
  }

  async #slicesOf(series: Series, acquire: StepCall | undefined): Promise<SliceCache> {
    const key = JSON.stringify([series.id, acquire]);
    let slices = this.#slices.get(key);
    if (slices === undefined) {
      slices = new SliceCache(await asKspace(series, acquire));
      this.#slices.set(key, slices);
    }
    return slices;
  }

  async #receipt(document: PipelineDocument, outcome: RunOutcome): Promise<Receipt> {
    const id = findStep('method', document.method.name).model;
    return makeReceipt(completeDocument(document, outcome.pattern), outcome, {
      ...machineOf(this.threads),
      ...(id === undefined ? {} : { model: modelReceipt(await this.#model(id)) }),
    });
  }

  #model(id: string) {
    return findModel(id, modelFolders(this.#dataFolder));
  }

  async close(): Promise<void> {
    await this.#infer?.close();
  }
}

function modelReceipt(model: Awaited<ReturnType<typeof findModel>>): NonNullable<Receipt['model']> {
  const graphs = Object.fromEntries(Object.entries(model.graphs).map(([key, graph]) => [key, graph.sha256]));
  return { id: model.manifest.id, version: model.manifest.version, graphs };
}

/** Throws io.read where the file cannot be read, input.* where it is no `.npy`. */
export async function readNpy(path: string): Promise<NdArray> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    throw new LacunaError('io.read', `${basename(path)} cannot be read.`, { file: basename(path), cause });
  }
  return decodeNpy(bytes, basename(path));
}

/** The steps that a sampling command line names, with the flags they bring. */
export interface ChosenSteps {
  readonly flags: readonly Flag[];
  calls(args: Arguments): { pattern: StepCall; method: StepCall; acquire: StepCall | undefined; metric: StepCall };
}

/** Throws usage.not-found for a step there is none of. An acquisition is called only where the line says something of it. */
export function chooseSteps(argv: readonly string[], withMethod: boolean): ChosenSteps {
  const patternName = peek(argv, 'pattern') ?? 'random';
  // A pattern's name wins over a file that happens to be called so.
  const named = listSteps('pattern').some((step) => step.name === patternName);
  const isFile = !named && (patternName.endsWith('.npy') || existsSync(patternName));
  const pattern = findStep('pattern', isFile ? 'file' : patternName);
  const method = findStep('method', withMethod ? (peek(argv, 'method') ?? 'zero-filled') : 'zero-filled');
  const acquire = findStep('acquire', peek(argv, 'acquire') ?? 'multicoil');
  const metric = findStep('metric', peek(argv, 'metric') ?? 'fastmri');
  const steps = withMethod ? [pattern, method, acquire, metric] : [pattern, acquire];
  const all = stepFlags(steps);
  const flags = isFile ? all.filter((flag) => flag.step !== pattern || flag.param !== 'file') : all;
  return {
    flags: flags.map((flag) => (flag.step === acquire ? { ...flag, help: `${flag.help} — simulated acquisition, for image files` } : flag)),
    calls(args) {
      const patternCall = callFromFlags(pattern, flags, args);
      const acquireCall = callFromFlags(acquire, flags, args);
      const asked = args.text('acquire') !== undefined || Object.keys(acquireCall.params).length > 0;
      return {
        pattern: isFile ? { name: 'file', params: { ...patternCall.params, file: patternName } } : patternCall,
        method: callFromFlags(method, flags, args),
        acquire: asked ? acquireCall : undefined,
        metric: callFromFlags(metric, flags, args),
      };
    },
  };
}

/** `3:5` → [3, 5); `7` → [7, 8); absent → all. */
export function parseSlices(text: string | undefined, count: number): [number, number] {
  if (text === undefined) return [0, count];
  const match = /^(\d+)?(:)?(\d+)?$/.exec(text);
  if (match === null || text === '' || text === ':') throw badSlices(text, count);
  const start = Number(match[1] ?? 0);
  const end = match[2] === undefined ? start + 1 : Number(match[3] ?? count);
  if (start >= end || end > count) throw badSlices(text, count);
  return [start, end];
}

function badSlices(text: string, count: number): LacunaError {
  return new LacunaError('usage.invalid', `--slices expects START:END within 0:${count}, got “${text}”.`, { field: 'slices' });
}

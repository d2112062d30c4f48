/** What every command works with: inputs, inference, models, and running one pipeline to its receipt. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { NdArray } from '../array/nd-array.ts';
import { decodeNpy } from '../array/npy.ts';
import type { Recording, Series } from '../array/recording.ts';
import { NEVER_CANCELLED } from '../algorithms/status.ts';
import { LacunaError } from '../errors.ts';
import { gpuProvider } from '../infer/gpu-choice.ts';
import { keepGraph } from '../infer/graph-folder.ts';
import { type NodeInfer, startNodeInfer } from '../infer/node-infer.ts';
import { defaultDataFolder } from '../library/data-folder.ts';
import { findModel } from '../models/find.ts';
import { modelFolders } from '../models/folders.ts';
import { completeDocument } from '../pipeline/complete-document.ts';
import type { PipelineDocument, StepCall } from '../pipeline/document.ts';
import { modelOf } from '../pipeline/learned/model-of.ts';
import { machineOf } from '../pipeline/machine.ts';
import { openInput } from '../pipeline/open-input.ts';
import { preparedKspace } from '../pipeline/prepare.ts';
import { makeReceipt, type Receipt } from '../pipeline/receipt.ts';
import { findStep, listSteps } from '../pipeline/registry.ts';
import type { InferContext } from '../pipeline/restoration/magnitude-graph.ts';
import type { RunEvent, RunOutcome } from '../pipeline/run-event.ts';
import { type RunEnvironment, runPipeline } from '../pipeline/runner.ts';
import { runView } from '../pipeline/run-view.ts';
import { SliceCache } from '../pipeline/slice-cache.ts';
import type { MethodStatus, Step, ViewImage } from '../pipeline/step.ts';
import { decodePattern } from '../sampling/pattern-files.ts';
import { peek, type Arguments, type Flag } from './arguments.ts';
import type { CalledSteps } from './pipeline-of.ts';
import { readingOf, words } from './reading.ts';
import { callFromFlags, type StepFlag, stepFlags } from './step-flags.ts';

export interface OpenedInput {
  readonly recording: Recording;
  readonly sample: StepCall | undefined;
}

/** A path, read as the flags of `args` say, or `sample:brain` for one of the studio's own recordings. */
export async function openCliInput(name: string | undefined, sampleParams: StepCall['params'], args: Arguments): Promise<OpenedInput> {
  if (name === undefined) throw new LacunaError('usage.invalid', 'Name an input: a file, a folder of DICOM images, or sample:brain.', { field: 'input' });
  if (name.startsWith('sample:')) {
    const sample = { name: name.slice('sample:'.length), params: sampleParams };
    return { recording: await openInput({ kind: 'sample', sample }), sample };
  }
  const read = await readingOf(name, args);
  return { recording: await openInput({ kind: 'path', path: name, ...(read === undefined ? {} : { read }) }), sample: undefined };
}

export class Engine {
  readonly threads: number;
  readonly #dataFolder = defaultDataFolder();
  #infer: NodeInfer | null = null;
  /** By series, not by its id: files of one format all name theirs alike. */
  readonly #slices = new Map<Series, Map<string, SliceCache>>();
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
    const show = { kspace: false, zeroFilled: false, sliceMetrics: false, partialEveryMs: null };
    const iterator = runPipeline(document, { ...(await this.#environment(series, document)), show });
    for (;;) {
      const next = await iterator.next();
      if (next.done === true) return { outcome: next.value, receipt: await this.#receipt(document, next.value) };
      onEvent(next.value);
    }
  }

  /** Looks at the document's first slice. */
  async view(series: Series, document: PipelineDocument, call: StepCall, onStatus: (status: MethodStatus) => void): Promise<{ image: ViewImage; ms: number }> {
    const iterator = runView(document, call, await this.#environment(series, document));
    const began = performance.now();
    for (;;) {
      const next = await iterator.next();
      if (next.done === true) return { image: next.value, ms: performance.now() - began };
      onStatus(next.value);
    }
  }

  /** Runs networks for exports; the process starts only when one is asked for. */
  get learned(): InferContext {
    return {
      infer: { providers: () => this.infer.providers(), run: (request, signal) => this.infer.run(request, signal) },
      loadModel: (id) => this.#model(id),
      signal: NEVER_CANCELLED,
    };
  }

  /** The series that was sampled: as k-space, prepared. Exporters get it, as they do in the studio. */
  async prepared(series: Series, document: PipelineDocument): Promise<Series> {
    return (await this.#slicesOf(series, document)).series;
  }

  async #environment(series: Series, document: PipelineDocument): Promise<Omit<RunEnvironment, 'show'>> {
    // Only a provider that is named: 'auto' would have to probe first, which takes longer than most runs.
    const gpu = gpuProvider(document.provider, []);
    return {
      slices: await this.#slicesOf(series, document),
      // The process starts only when a method asks for it.
      infer: { providers: () => this.infer.providers(), run: (request, signal) => this.infer.run({ ...request, provider: document.provider }, signal) },
      loadModel: (id) => this.#model(id),
      signal: NEVER_CANCELLED,
      cache: this.#cache,
      ...(gpu === null ? {} : { gpu: { provider: gpu, keep: (graph: Uint8Array) => keepGraph(graph) } }),
      readPatternFile,
    };
  }

  async #slicesOf(series: Series, { acquire, prepare }: Pick<PipelineDocument, 'acquire' | 'prepare'>): Promise<SliceCache> {
    const known = this.#slices.get(series) ?? new Map<string, SliceCache>();
    this.#slices.set(series, known);
    const key = JSON.stringify([acquire, prepare]);
    let slices = known.get(key);
    if (slices === undefined) {
      slices = new SliceCache(await preparedKspace(series, { acquire, prepare }));
      known.set(key, slices);
    }
    return slices;
  }

  async #receipt(document: PipelineDocument, outcome: RunOutcome): Promise<Receipt> {
    const id = modelOf(findStep('method', document.method.name), document.method.params);
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
  return decodeNpy(await readBytes(path), basename(path));
}

/** Throws io.read where the file cannot be read, input.* where it is no `.npy`, `.csv` or `.json` pattern. */
export async function readPatternFile(path: string): Promise<NdArray> {
  return decodePattern(basename(path), await readBytes(path));
}

async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new LacunaError('io.read', `${basename(path)} cannot be read.`, { file: basename(path), cause });
  }
}

/** The steps that a sampling command line names, with the flags they bring. */
export interface ChosenSteps {
  readonly flags: readonly Flag[];
  /** The same flags with the steps they belong to. */
  readonly stepFlags: readonly StepFlag[];
  calls(args: Arguments): CalledSteps;
}

/** Throws usage.not-found for a step there is none of. `view` brings its flags too, before all others. An acquisition is called only where the line says something of it. */
export function chooseSteps(argv: readonly string[], withMethod: boolean, view?: Step): ChosenSteps {
  const patternName = peek(argv, 'pattern') ?? 'random';
  // A pattern's name wins over a file that happens to be called so.
  const named = listSteps('pattern').some((step) => step.name === patternName);
  const isFile = !named && (/\.(npy|csv|json)$/i.test(patternName) || existsSync(patternName));
  const pattern = findStep('pattern', isFile ? 'file' : patternName);
  const method = findStep('method', withMethod ? (peek(argv, 'method') ?? 'zero-filled') : 'zero-filled');
  const acquire = findStep('acquire', peek(argv, 'acquire') ?? 'multicoil');
  const metric = findStep('metric', peek(argv, 'metric') ?? 'fastmri');
  const prepare = namedPreparation(peek(argv, 'prepare') ?? 'auto');
  const steps = [...(view === undefined ? [] : [view]), pattern, ...(withMethod ? [method] : []), ...(prepare ?? []), acquire, ...(withMethod ? [metric] : [])];
  const all = stepFlags(steps);
  const flags = isFile ? all.filter((flag) => flag.step !== pattern || flag.param !== 'file') : all;
  return {
    stepFlags: flags,
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
        prepare: prepare?.map((step) => callFromFlags(step, flags, args)) ?? null,
      };
    },
  };
}

/** The steps of `--prepare`; null for `auto`, which leaves them to the series. */
function namedPreparation(text: string): readonly Step[] | null {
  if (text === 'auto') return null;
  return text === 'none' ? [] : words(text).map((name) => findStep('prepare', name));
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

/**
 * The numeric kernels (src/transform/wasm) of one JavaScript thread: module, memory, plans and the team of helper threads.
 *
 * Results do not depend on the number of threads: a job is cut into the same tasks whoever runs them, tasks write disjoint
 * memory, and sums are taken in the order of the tasks.
 */
import { LacunaError } from '../errors.ts';
import { Heap, MAXIMUM_PAGES } from './heap.ts';
import { compileKernels, startHelpers, threadsAvailable } from './kernels.node.ts';
import { Planner, type Plan } from './plan.ts';

/** Numbers of src/transform/wasm/execute.ts. */
export const KERNEL = {
  fftAxis: 0,
  combine: 1,
  dot: 2,
  pack: 3,
  unpack: 4,
  normalLines: 5,
  forwardRows: 6,
  columnsMasked: 7,
  columnsInverse: 8,
  adjointRows: 9,
  waveletRows: 10,
  waveletRowsInverse: 11,
  waveletColumns: 12,
  waveletColumnsInverse: 13,
  waveletEnter: 14,
  waveletLeave: 15,
  // From 32: the NUFFT.
  spread: 32,
  interpolate: 33,
  packSamples: 34,
  unpackSamples: 35,
  packImage: 36,
  unpackImage: 37,
  padColumns: 38,
  padRows: 39,
  cropRows: 40,
  cropColumns: 41,
  toeplitzColumns: 42,
  toeplitzRows: 43,
  toeplitzSum: 44,
  // From 48: Hermitian matrices and ESPIRiT.
  reduceRows: 48,
  applyReflectors: 49,
  projectorRow: 50,
  espiritRow: 51,
  // From 56: total variation.
  tvNormal: 56,
  tvDual: 57,
  tvDivergence: 58,
  // From 64: series of images.
  seriesGram: 64,
  seriesShrink: 65,
  seriesConsistent: 66,
  gFactorRow: 72,
} as const;
export type KernelName = keyof typeof KERNEL;

/** Fixed addresses known to wasm/team.ts and wasm/execute.ts. */
const SCRATCH_FIELD = 64 + 24;
const JOB = 256;
const HEAP_START = 1024;
const INITIAL_PAGES = 16;
/** More threads than this gain nothing on images: the work is bound by memory. */
const MOST_THREADS = 8;

/** Bytes of one lane block: four complex numbers. */
export const LANE_BLOCK = 32;

interface Exports {
  run(kernel: number, tasks: number, helpers: number): void;
}

export class Kernels {
  readonly heap: Heap;
  readonly #module: WebAssembly.Module;
  readonly #run: Exports['run'];
  readonly #planner: Planner;
  #threads: number;
  #helpers = 0;
  #stop: (() => Promise<void>) | null = null;
  #scratch = 0;
  #scratchBytes = 0;

  /** `threads` counts the calling one; helpers start with the first job that can use them. */
  constructor(threads: number) {
    const memory = new WebAssembly.Memory({ initial: INITIAL_PAGES, maximum: MAXIMUM_PAGES, shared: true });
    this.#module = compileKernels();
    this.#run = (new WebAssembly.Instance(this.#module, { env: { memory } }).exports as unknown as Exports).run;
    this.heap = new Heap(memory, HEAP_START);
    this.#planner = new Planner(this.heap);
    this.#threads = threads;
  }

  plan(n: number): Plan {
    return this.#planner.plan(n);
  }

  /**
   * Runs `tasks` tasks of a kernel whose arguments are 32-bit words (see floatBits), each with `scratch` bytes of its own.
   * `alone` keeps small jobs on this thread.
   */
  run(name: KernelName, words: readonly number[], tasks: number, scratch = 0, alone = false): void {
    this.#reserveScratch(scratch);
    this.heap.ints(JOB, words.length).set(words);
    if (!alone && tasks > 1 && this.#helpers < this.#threads - 1) this.#start();
    try {
      this.#run(KERNEL[name], tasks, alone ? 0 : this.#helpers);
    } catch (cause) {
      throw new LacunaError('internal', `the numeric kernel ${name} failed`, { cause });
    }
  }

  /** Ends the helper threads; later jobs run on the calling thread alone. */
  async dispose(): Promise<void> {
    this.#threads = 1;
    this.#helpers = 0;
    await this.#stop?.();
    this.#stop = null;
  }

  #start(): void {
    this.#helpers = this.#threads - 1;
    this.#stop = startHelpers(this.#helpers, this.#module, this.heap.memory);
  }

  #reserveScratch(bytes: number): void {
    if (bytes <= this.#scratchBytes) return;
    if (this.#scratch !== 0) this.heap.free(this.#scratch);
    const stride = Math.ceil(bytes / 4096) * 4096 + 64;
    this.#scratch = this.heap.allocate(stride * this.#threads);
    this.#scratchBytes = stride;
    this.heap.ints(SCRATCH_FIELD, 2).set([this.#scratch, stride]);
  }
}

const converter = new Float32Array(1);
const converted = new Int32Array(converter.buffer);

/** A float32 argument as the 32-bit word that `run` passes on. */
export function floatBits(value: number): number {
  converter[0] = value;
  return converted[0] as number;
}

let shared: Kernels | null = null;

/** The kernels of this JavaScript thread, made on first use. Throws `io.read` where they are not built. */
export function kernels(): Kernels {
  shared ??= new Kernels(Math.min(MOST_THREADS, threadsAvailable()));
  return shared;
}

/** Uses `replacement` (for instance a team of another size) in this thread from now on; returns what was used before. */
export function useKernels(replacement: Kernels): Kernels {
  const before = kernels();
  shared = replacement;
  return before;
}

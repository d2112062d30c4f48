/** One reconstruction through the product's pipeline, scored against both references. */
import { magnitude, type NdArray } from '../../src/array/nd-array.ts';
import type { Engine } from '../../src/cli/engine.ts';
import { canonicalJson, sha256Hex } from '../../src/pipeline/canonical-json.ts';
import { type PipelineDocument, pipelineSchema, type StepCall } from '../../src/pipeline/document.ts';
import { checkParams, findStep } from '../../src/pipeline/registry.ts';
import type { RunOutcome } from '../../src/pipeline/run-event.ts';
import type { MetricReport } from '../../src/pipeline/step.ts';
import { codeVersion } from './code-version.ts';
import type { DevelopmentCase } from './development-set.ts';
import type { ScoreCache } from './score-cache.ts';

/** PSNR in dB, SSIM and NMSE as fastMRI defines them, of one slice. */
export interface Fidelity {
  readonly psnr: number;
  readonly ssim: number;
  readonly nmse: number;
}

/** Against the combined reference, and against the root-sum-of-squares. */
export interface Score extends Fidelity {
  readonly rss: Fidelity;
  /** ‖prediction − samples‖ / ‖samples‖, where the method says. */
  readonly residual?: number;
  readonly ms: number;
}

export interface Place {
  readonly item: DevelopmentCase;
  readonly slice: number;
}

const COMBINED: StepCall = { name: 'fastmri', params: { reference: 'combined' } };
const ROOT_SUM_OF_SQUARES: StepCall = { name: 'fastmri', params: { reference: 'root-sum-of-squares' } };
/** Read by all documents, whatever their steps. */
const SHARED = ['src/pipeline/measure.ts', 'src/mri/combined-reference.ts', 'src/mri/root-sum-of-squares.ts', 'src/pipeline/steps/acquire/multicoil.ts', 'src/pipeline/steps/metric/fastmri.ts'];

const LEARNED_PATTERNS = 'models/learned-patterns/patterns.json';

export interface Reconstruction {
  readonly outcome: RunOutcome;
  readonly residual: number | undefined;
}

export class Scorer {
  readonly #engine: Engine;
  readonly #cache: ScoreCache;
  readonly #rss = new Map<string, Promise<NdArray<'float32'>>>();
  readonly #versions = new Map<string, string>();

  constructor(engine: Engine, cache: ScoreCache) {
    this.#engine = engine;
    this.#cache = cache;
  }

  /** Of a method whose result depends on nothing but the document and the sources, kept on disk. */
  async classical(place: Place, pattern: StepCall, method: StepCall): Promise<Score> {
    const document = await this.document(place, pattern, method);
    const key = await sha256Hex(canonicalJson(document));
    return this.#cache.get(key, `${method.name} ${pattern.name}`, this.#version(method, pattern), () => this.#score(place, document));
  }

  async learned(place: Place, pattern: StepCall, method: StepCall): Promise<Score> {
    return this.#score(place, await this.document(place, pattern, method));
  }

  async document({ item, slice }: Place, pattern: StepCall, method: StepCall, metric = COMBINED): Promise<PipelineDocument> {
    return pipelineSchema.parse({
      lacuna: 1,
      input: { name: item.recording.name, sha256: await item.recording.sha256(), series: item.series.id },
      slices: [slice, slice + 1],
      ...(item.acquire === undefined ? {} : { acquire: item.acquire }),
      ...(item.prepare === undefined ? {} : { prepare: item.prepare }),
      pattern,
      method,
      metric,
      provider: 'cpu',
    });
  }

  async reconstruct({ item }: Place, document: PipelineDocument): Promise<Reconstruction> {
    let residual: number | undefined;
    const { outcome } = await this.#engine.run(item.series, document, (event) => {
      if (event.type === 'scores') residual = event.dataResidual;
    });
    return { outcome, residual };
  }

  async #score(place: Place, document: PipelineDocument): Promise<Score> {
    const { outcome, residual } = await this.reconstruct(place, document);
    const step = findStep('metric', COMBINED.name);
    const rss = step.run(await this.#rootSumOfSquares(place), magnitude(outcome.volume), checkParams(step, ROOT_SUM_OF_SQUARES.params));
    return { ...fidelity(outcome.metrics), rss: fidelity(rss), ...(residual === undefined ? {} : { residual }), ms: Math.round(outcome.ms) };
  }

  #rootSumOfSquares(place: Place): Promise<NdArray<'float32'>> {
    const key = `${place.item.name} ${place.slice}`;
    let made = this.#rss.get(key);
    if (made === undefined) {
      made = this.#makeRootSumOfSquares(place);
      this.#rss.set(key, made);
    }
    return made;
  }

  async #makeRootSumOfSquares(place: Place): Promise<NdArray<'float32'>> {
    const document = await this.document(place, { name: 'full', params: {} }, { name: 'zero-filled', params: {} }, ROOT_SUM_OF_SQUARES);
    const { outcome } = await this.reconstruct(place, document);
    if (outcome.reference === null) throw new Error(`${place.item.name} has no reference`);
    return outcome.reference;
  }

  #version(method: StepCall, pattern: StepCall): string {
    const roots = [`src/pipeline/steps/method/${method.name}.ts`, `src/pipeline/steps/pattern/${pattern.name}.ts`];
    const key = roots.join();
    const known = this.#versions.get(key) ?? codeVersion([...SHARED, ...roots], pattern.name.startsWith('learned') ? [LEARNED_PATTERNS] : []);
    this.#versions.set(key, known);
    return known;
  }
}

function fidelity(report: MetricReport | undefined): Fidelity {
  const value = (name: string): number => {
    const found = report?.values.find((v) => v.name === name);
    if (found === undefined) throw new Error(`There is no ${name}.`);
    return found.value;
  };
  return { psnr: value('PSNR'), ssim: value('SSIM'), nmse: value('NMSE') };
}

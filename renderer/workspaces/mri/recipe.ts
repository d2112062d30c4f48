/** What decides a reconstruction, apart from the data: pattern, method, simulated acquisition. Immutable. */
import type {
  JobRequest, JsonSchemaObject, RecordingSummary, SeriesSummary, Settings, StepDescription,
} from '../../../src/host/contract.ts';
import type { PipelineDocument, StepCall } from '../../../src/pipeline/document.ts';
import { packMask } from '../../../src/sampling/mask-bits.ts';

export type Params = StepCall['params'];

export interface Recipe {
  readonly pattern: StepCall;
  readonly method: StepCall;
  /** Only used for image series. */
  readonly acquire: StepCall | null;
  /** Preparation of measured k-space; what a series refuses is left out when it is asked for. */
  readonly prepare: readonly StepCall[];
  /** How results are scored, and against which reference. */
  readonly metric: StepCall | null;
}

/** Every parameter at its default. */
export function defaultsOf(schema: JsonSchemaObject): Params {
  const params: Params = {};
  for (const [name, property] of Object.entries(schema.properties)) {
    if (property.default !== undefined) params[name] = property.default;
    else if (property.enum?.[0] !== undefined) params[name] = property.enum[0];
  }
  return params;
}

/** A call of `step` with defaults, overlaid by those of `known` that the step has and that fit its range. */
export function callOf(step: StepDescription, known: Params = {}): StepCall {
  const params = defaultsOf(step.params);
  for (const [name, property] of Object.entries(step.params.properties)) {
    const value = known[name];
    if (value === undefined) continue;
    if (typeof value === 'number') {
      if (property.type !== 'number' && property.type !== 'integer') continue;
      const low = property.minimum ?? -Infinity;
      const high = property.maximum ?? Infinity;
      params[name] = Math.min(high, Math.max(low, value));
    } else if (typeof value === 'boolean' ? property.type === 'boolean' : (property.enum?.includes(value) ?? property.type === 'string')) {
      params[name] = value;
    }
  }
  return { name: step.name, params };
}

const pick = (steps: readonly StepDescription[], names: readonly string[]): StepDescription | undefined =>
  names.map((name) => steps.find((step) => step.name === name)).find((step) => step !== undefined) ?? steps[0];

/** What methods with coil maps are made to give; the step's own default is fastMRI's (decision 0210). */
const STUDIO_METRIC: Params = { reference: 'combined' };

/** What a recording opens with: fastMRI's random lines, and the learned method where there is one. */
export function startRecipe(steps: readonly StepDescription[], models: readonly { readonly id: string }[]): Recipe | null {
  const runs = (step: StepDescription): boolean => step.model === undefined || models.some((model) => model.id === step.model);
  const of = (kind: StepDescription['kind']): readonly StepDescription[] => steps.filter((step) => step.kind === kind);
  const pattern = pick(of('pattern'), ['random', 'equispaced']);
  const method = pick(of('method').filter(runs), ['unrolled', 'sense', 'zero-filled']);
  const acquire = of('acquire')[0];
  const metric = of('metric')[0];
  if (pattern === undefined || method === undefined) return null;
  return { pattern: callOf(pattern), method: callOf(method), acquire: acquire === undefined ? null : callOf(acquire), prepare: [], metric: metric === undefined ? null : callOf(metric, STUDIO_METRIC) };
}

export function sameRecipe(a: Recipe, b: Recipe): boolean {
  return a === b || (sameCall(a.pattern, b.pattern) && sameCall(a.method, b.method) && sameCall(a.acquire, b.acquire) && sameCall(a.metric, b.metric) && sameCalls(a.prepare, b.prepare));
}

function sameCalls(a: readonly StepCall[], b: readonly StepCall[]): boolean {
  return a.length === b.length && a.every((call) => sameCall(call, b.find(({ name }) => name === call.name) ?? null));
}

export function sameCall(a: StepCall | null, b: StepCall | null): boolean {
  if (a === b) return true;
  if (a === null || b === null || a.name !== b.name) return false;
  const names = Object.keys(a.params);
  return names.length === Object.keys(b.params).length && names.every((name) => Object.is(a.params[name], b.params[name]));
}

/** Images without coils need an acquisition to be simulated; images of single coils were measured by them. */
export function isSimulated(series: Pick<SeriesSummary, 'domain' | 'coils'>): boolean {
  return series.domain === 'image' && series.coils === 1;
}

/** Summaries that an older studio wrote into the library say nothing of preparation. */
export function preparationOf(series: Partial<Pick<SeriesSummary, 'prepare'>> | null): SeriesSummary['prepare'] {
  return series?.prepare ?? [];
}

export function requestOf(
  recording: RecordingSummary, series: SeriesSummary, slices: readonly [number, number], recipe: Recipe, provider: Settings['provider'],
): Omit<JobRequest, 'purpose' | 'channel'> {
  return {
    recording: recording.id,
    series: series.id,
    slices,
    prepare: recipe.prepare.filter((call) => preparationOf(series).some(({ name, refusal }) => name === call.name && refusal === null)),
    pattern: recipe.pattern,
    method: recipe.method,
    ...(recipe.metric === null ? {} : { metric: recipe.metric }),
    provider,
    ...(isSimulated(series) && recipe.acquire !== null ? { acquire: recipe.acquire } : {}),
  };
}

/** The document that `lacuna run` takes: gives the bits of this preview again. */
export function documentOf(
  recording: RecordingSummary,
  request: Pick<JobRequest, 'series' | 'slices' | 'acquire' | 'prepare' | 'pattern' | 'method' | 'metric' | 'provider'>,
  mask: { readonly kind: 'lines' | 'points' | 'trajectory'; readonly rows: number; readonly columns: number; readonly mask: Uint8Array } | null,
): PipelineDocument {
  const fromFile = request.pattern.name === 'file' && mask !== null && mask.kind !== 'trajectory';
  return {
    lacuna: 1,
    input: {
      name: recording.name,
      sha256: recording.sha256 ?? recording.id,
      series: request.series,
      ...(recording.sample === undefined ? {} : { sample: recording.sample }),
    },
    slices: [request.slices[0], request.slices[1]],
    ...(request.acquire === undefined ? {} : { acquire: request.acquire }),
    ...(request.prepare === undefined || request.prepare.length === 0 ? {} : { prepare: [...request.prepare] }),
    pattern: request.pattern,
    ...(fromFile ? { mask: { kind: mask.kind as 'lines' | 'points', rows: mask.rows, columns: mask.columns, bits: packMask(mask.mask) } } : {}),
    method: request.method,
    ...(request.metric === undefined ? {} : { metric: request.metric }),
    provider: request.provider ?? 'auto',
  };
}

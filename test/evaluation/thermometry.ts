/**
 * Temperature error of the heated phantom at R = 6 by every method that keeps phase, through the product's own pipeline and its
 * temperature view: 5 °C Gaussian heating, SNR 30, 1.5 T, TE 17.4 ms, 8 coils, 128×128. Errors are root mean squares in °C over the
 * heated region (at least a tenth of the peak) and over the object. `node test/evaluation/thermometry.ts [WORD …]` prints them for
 * methods whose name holds one of the words, and writes test-results/thermometry.json; `npm run models:evaluate` compares them with
 * docs/benchmarks.md.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import type { Recording, Series } from '../../src/array/recording.ts';
import { Engine } from '../../src/cli/engine.ts';
import { table, terminal } from '../../src/cli/terminal.ts';
import { LacunaError } from '../../src/errors.ts';
import { hottestFrame } from '../../src/mri/thermometry/heating.ts';
import { pipelineSchema, type StepCall } from '../../src/pipeline/document.ts';
import { findSeries, openInput } from '../../src/pipeline/open-input.ts';
import { Progress } from './progress.ts';
import { mean } from './tables.ts';

const FRAMES = 16;
const SEEDS = [1, 2, 3];
const PATTERN: StepCall = { name: 'random', params: { acceleration: 6, centreFraction: 0.06, seed: 1 } };
const FULL: StepCall = { name: 'full', params: {} };
/** Of the map, in pixels: as each pixel says, and as the view has it by default. */
export const SMOOTHING = [0, 1.5] as const;
const LAMBDAS = [0.0005, 0.001, 0.002, 0.005, 0.01];

interface Entry {
  readonly name: string;
  readonly pattern: StepCall;
  /** The best of these by the error where heated is reported, chosen with the truth. */
  readonly methods: readonly StepCall[];
}
const call = (name: string, params: StepCall['params'] = {}): StepCall => ({ name, params });
const ENTRIES: readonly Entry[] = [
  { name: 'fully sampled', pattern: FULL, methods: [call('sense', { lambda: 1e-6 })] },
  { name: 'zero-filled', pattern: PATTERN, methods: [call('zero-filled')] },
  { name: 'SENSE', pattern: PATTERN, methods: [call('sense')] },
  { name: 'L1-wavelet, best λ', pattern: PATTERN, methods: LAMBDAS.map((lambda) => call('l1-wavelet', { lambda })) },
  { name: 'low-rank + sparse', pattern: { ...PATTERN, params: { ...PATTERN.params, vary: true } }, methods: [call('low-rank-sparse')] },
  { name: 'unrolled S', pattern: PATTERN, methods: [call('unrolled')] },
  { name: 'unrolled M', pattern: PATTERN, methods: [call('unrolled', { model: 'unrolled-m' })] },
  { name: 'baseline and phase', pattern: PATTERN, methods: [call('baseline-difference')] },
  { name: 'the same, 3 px', pattern: PATTERN, methods: [call('baseline-difference', { smooth: 3 })] },
  { name: 'the same, with remainder', pattern: PATTERN, methods: [call('baseline-difference', { remainder: true })] },
];

export interface ThermometryScore {
  readonly method: string;
  readonly params: StepCall['params'];
  readonly seed: number;
  readonly smooth: number;
  readonly heated: number;
  readonly object: number;
}

export const THERMOMETRY_METHODS: readonly string[] = ENTRIES.map(({ name }) => name);

export interface ThermometryOptions {
  /** Methods by name; all without. */
  readonly methods?: readonly string[];
  readonly progress?: Progress;
  /** A method that refuses is left out. */
  onRefusal?(method: string, reason: string): void;
}

export const thermometryRuns = (methods = THERMOMETRY_METHODS): readonly string[] => SEEDS.flatMap(() => methods.flatMap((name) => SMOOTHING.map(() => name)));

export async function evaluateThermometry(engine: Engine, { methods = THERMOMETRY_METHODS, progress, onRefusal }: ThermometryOptions = {}): Promise<readonly ThermometryScore[]> {
  const scores: ThermometryScore[] = [];
  const refused = new Set<string>();
  for (const seed of SEEDS) {
    const recording = await openInput({ kind: 'sample', sample: { name: 'thermometry', params: { frames: FRAMES, peak: 5, snr: 30, seed } } });
    const series = findSeries(recording);
    for (const entry of ENTRIES.filter(({ name }) => methods.includes(name))) {
      for (const smooth of SMOOTHING) {
        progress?.begin(entry.name, `thermometry, noise ${seed}: ${entry.name}, smoothing ${smooth}`);
        if (refused.has(entry.name)) continue;
        try {
          scores.push(await best(engine, { recording, series }, entry, smooth, seed));
        } catch (error) {
          if (!(error instanceof LacunaError) || error.code === 'internal') throw error;
          refused.add(entry.name);
          onRefusal?.(entry.name, error.message);
        }
      }
    }
    await recording.close();
  }
  progress?.end();
  return scores;
}

interface Scan {
  readonly recording: Recording;
  readonly series: Series;
}

async function best(engine: Engine, scan: Scan, { name, pattern, methods }: Entry, smooth: number, seed: number): Promise<ThermometryScore> {
  let found: ThermometryScore | null = null;
  for (const method of methods) {
    const score = { method: name, params: method.params, seed, smooth, ...(await errorOf(engine, scan, pattern, method, smooth)) };
    if (found === null || score.heated < found.heated) found = score;
  }
  if (found === null) throw new Error('no method');
  return found;
}

/** Of the hottest frame, as the temperature view tells it. */
async function errorOf(engine: Engine, { recording, series }: Scan, pattern: StepCall, method: StepCall, smooth: number): Promise<Pick<ThermometryScore, 'heated' | 'object'>> {
  const frame = hottestFrame(FRAMES);
  const document = pipelineSchema.parse({
    lacuna: 1,
    input: { name: recording.name, sha256: await recording.sha256(), series: series.id },
    slices: [frame, frame + 1],
    pattern,
    method,
    provider: 'cpu',
  });
  const { image } = await engine.view(series, document, { name: 'temperature', params: { smooth } }, () => {});
  const value = (label: string): number => image.numbers.find((number) => number.label === label)?.value ?? NaN;
  return { heated: value('RMSE where heated'), object: value('in the object') };
}

/** Mean over the noises, `heated / in the object` in °C, a column a smoothing. */
export function thermometryCells(scores: readonly ThermometryScore[], method: string): readonly string[] {
  return SMOOTHING.map((smooth) => {
    const of = scores.filter((score) => score.method === method && score.smooth === smooth);
    return of.length === 0 ? '–' : `${mean(of.map(({ heated }) => heated)).toFixed(3)} / ${mean(of.map(({ object }) => object)).toFixed(3)}`;
  });
}

if (import.meta.main) {
  const out = terminal({ json: false, quiet: false });
  const words = process.argv.slice(2);
  const methods = THERMOMETRY_METHODS.filter((name) => words.length === 0 || words.some((word) => name.includes(word)));
  const engine = new Engine(navigator.hardwareConcurrency);
  const scores = await evaluateThermometry(engine, { methods, progress: new Progress(out, thermometryRuns(methods)), onRefusal: (name, reason) => out.warn(`${name}: ${reason}`) });
  await engine.close();
  out.say(`\nRMSE in °C where heated / in the object, mean of ${SEEDS.length} noises, R = 6 (but the first row), by smoothing of the map in pixels`);
  out.say(table(['method', ...SMOOTHING.map((smooth) => `${smooth} px`)], methods.map((name) => [name, ...thermometryCells(scores, name)])));
  mkdirSync('test-results', { recursive: true });
  writeFileSync('test-results/thermometry.json', `${JSON.stringify(scores, null, 1)}\n`);
}

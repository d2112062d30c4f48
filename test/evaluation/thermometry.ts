/**
 * `node test/evaluation/thermometry.ts`: temperature error of the heated phantom at R = 6 by every method that keeps phase, through
 * the product's own pipeline and its temperature view: 5 °C Gaussian heating, SNR 30, 1.5 T, TE 17.4 ms, 8 coils, 128×128.
 * Errors are root mean squares in °C over the heated region (at least a tenth of the peak) and over the object. Writes
 * test-results/thermometry.json.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import type { Recording, Series } from '../../src/array/recording.ts';
import { Engine } from '../../src/cli/engine.ts';
import { table, terminal } from '../../src/cli/terminal.ts';
import { hottestFrame } from '../../src/mri/thermometry/heating.ts';
import { pipelineSchema, type StepCall } from '../../src/pipeline/document.ts';
import { findSeries, openInput } from '../../src/pipeline/open-input.ts';

const FRAMES = 16;
const SEEDS = [1, 2, 3];
const PATTERN: StepCall = { name: 'random', params: { acceleration: 6, centreFraction: 0.06, seed: 1 } };
const FULL: StepCall = { name: 'full', params: {} };
/** Of the map: as each pixel says, and as the view has it by default. */
const SMOOTHING = [0, 1.5, 2];
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

export interface Score {
  readonly method: string;
  readonly params: StepCall['params'];
  readonly seed: number;
  readonly smooth: number;
  readonly heated: number;
  readonly object: number;
}

const out = terminal({ json: false, quiet: false });
const engine = new Engine(navigator.hardwareConcurrency);
const only = process.argv.slice(2);
const scores: Score[] = [];
const left: string[] = [];
for (const seed of SEEDS) {
  const recording = await openInput({ kind: 'sample', sample: { name: 'thermometry', params: { frames: FRAMES, peak: 5, snr: 30, seed } } });
  const series = findSeries(recording);
  for (const entry of ENTRIES.filter(({ name }) => only.length === 0 || only.some((word) => name.includes(word)))) {
    for (const smooth of SMOOTHING) {
      out.progress(`seed ${seed}, ${entry.name}, smoothing ${smooth}`);
      try {
        scores.push(await best(recording, series, entry, smooth, seed));
      } catch (error) {
        if (!left.includes(entry.name)) left.push(entry.name);
        out.warn(`${entry.name}: ${error instanceof Error ? error.message : String(error)}`);
        break;
      }
    }
  }
  await recording.close();
}
await engine.close();
report();
mkdirSync('test-results', { recursive: true });
writeFileSync('test-results/thermometry.json', `${JSON.stringify(scores, null, 1)}\n`);

async function best(recording: Recording, series: Series, { name, pattern, methods }: Entry, smooth: number, seed: number): Promise<Score> {
  let found: Score | null = null;
  for (const method of methods) {
    const score = { method: name, params: method.params, seed, smooth, ...(await errorOf(recording, series, pattern, method, smooth)) };
    if (found === null || score.heated < found.heated) found = score;
  }
  if (found === null) throw new Error('no method');
  return found;
}

/** Of the hottest frame, as the temperature view tells it. */
async function errorOf(recording: Recording, series: Series, pattern: StepCall, method: StepCall, smooth: number): Promise<Pick<Score, 'heated' | 'object'>> {
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

function report(): void {
  out.say(`\nRMSE in °C where heated / in the object, mean of ${SEEDS.length} noises, R = 6 (but the first row), by smoothing of the map in pixels`);
  const names = [...new Set(scores.map(({ method }) => method))];
  const mean = (of: readonly Score[], pick: (score: Score) => number): string => (of.reduce((sum, score) => sum + pick(score), 0) / of.length).toFixed(3);
  const rows = names.map((name) => [
    name,
    ...SMOOTHING.map((smooth) => {
      const of = scores.filter((score) => score.method === name && score.smooth === smooth);
      return `${mean(of, ({ heated }) => heated)} / ${mean(of, ({ object }) => object)}`;
    }),
  ]);
  out.say(table(['method', ...SMOOTHING.map((smooth) => `${smooth} px`)], rows));
  if (left.length > 0) out.say(`Left out: ${left.join(', ')}`);
}

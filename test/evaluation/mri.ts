/**
 * `npm run evaluate`: the methods on the development test data at R = 4 and 8, through the product's own pipeline.
 * L1-wavelet is given its best λ per image, chosen with the reference. Writes test-results/evaluation.json.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { Engine } from '../../src/cli/engine.ts';
import { table, terminal } from '../../src/cli/terminal.ts';
import { pipelineSchema, type StepCall } from '../../src/pipeline/document.ts';
import type { MetricReport } from '../../src/pipeline/step.ts';
import { DATA, type DevelopmentCase, developmentSet } from './development-set.ts';

const LAMBDAS = [0.0005, 0.001, 0.002, 0.003, 0.005, 0.008, 0.012, 0.02];
const PATTERNS: readonly StepCall[] = [
  { name: 'random', params: { acceleration: 4, centreFraction: 0.08, seed: 1 } },
  { name: 'equispaced', params: { acceleration: 4, centreFraction: 0.08, seed: 1 } },
  { name: 'gaussian', params: { acceleration: 4, centreFraction: 0.08, seed: 1 } },
  { name: 'random', params: { acceleration: 8, centreFraction: 0.04, seed: 1 } },
  { name: 'poisson-disc', params: { acceleration: 6, seed: 1 } },
];

interface Score {
  readonly data: string;
  readonly slice: number;
  readonly pattern: string;
  readonly method: string;
  readonly psnr: number;
  readonly ssim: number;
  readonly nmse: number;
  readonly ms: number;
  readonly lambda?: number;
}

const out = terminal({ json: false, quiet: false });
const engine = new Engine(navigator.hardwareConcurrency);
const cases = await developmentSet();
if (cases.length === 0) {
  out.warn(`No development data under ${DATA}; set LACUNA_TEST_DATA.`);
  process.exit(3);
}
const scores: Score[] = [];
for (const pattern of PATTERNS) {
  for (const item of cases) {
    for (const slice of item.slices) {
      for (const name of ['zero-filled', 'sense', 'unrolled']) scores.push(await score(item, slice, pattern, { name, params: {} }));
      scores.push(await bestL1(item, slice, pattern));
      out.progress(`${label(pattern)} ${item.name} slice ${slice}`);
    }
  }
}
await engine.close();
for (const pattern of PATTERNS) report(label(pattern));
mkdirSync('test-results', { recursive: true });
writeFileSync('test-results/evaluation.json', `${JSON.stringify(scores, null, 1)}\n`);

async function bestL1(item: DevelopmentCase, slice: number, pattern: StepCall): Promise<Score> {
  let best: Score | null = null;
  for (const lambda of LAMBDAS) {
    const found = await score(item, slice, pattern, { name: 'l1-wavelet', params: { lambda } });
    if (best === null || found.psnr > best.psnr) best = { ...found, method: 'l1-wavelet, best λ', lambda };
  }
  if (best === null) throw new Error('no λ');
  return best;
}

async function score(item: DevelopmentCase, slice: number, pattern: StepCall, method: StepCall): Promise<Score> {
  const document = pipelineSchema.parse({
    lacuna: 1,
    input: { name: item.recording.name, sha256: await item.recording.sha256(), series: item.series.id },
    slices: [slice, slice + 1],
    ...(item.acquire === undefined ? {} : { acquire: item.acquire }),
    pattern,
    method,
    provider: 'cpu',
  });
  const { outcome } = await engine.run(item.series, document, () => {});
  const value = (name: string) => metric(outcome.metrics, name);
  return { data: item.name, slice, pattern: label(pattern), method: method.name, psnr: value('PSNR'), ssim: value('SSIM'), nmse: value('NMSE'), ms: outcome.ms };
}

function metric(report: MetricReport | undefined, name: string): number {
  const found = report?.values.find((v) => v.name === name);
  if (found === undefined) throw new Error(`no ${name}`);
  return found.value;
}

function label(pattern: StepCall): string {
  return `${pattern.name} R=${pattern.params['acceleration']}`;
}

function report(pattern: string): void {
  out.say(`\n${pattern}: mean over the slices of each data set; PSNR dB / SSIM`);
  const methods = ['zero-filled', 'sense', 'l1-wavelet, best λ', 'unrolled'];
  const rows = cases.map(({ name }) => [name, ...methods.map((method) => meanOf((s) => s.pattern === pattern && s.data === name && s.method === method))]);
  rows.push(['all slices', ...methods.map((method) => meanOf((s) => s.pattern === pattern && s.method === method))]);
  out.say(table(['data', ...methods], rows));
}

function meanOf(which: (score: Score) => boolean): string {
  const found = scores.filter(which);
  const mean = (pick: (s: Score) => number) => found.reduce((sum, s) => sum + pick(s), 0) / found.length;
  return `${mean((s) => s.psnr).toFixed(2)} / ${mean((s) => s.ssim).toFixed(4)}`;
}

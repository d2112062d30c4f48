/**
 * `node test/evaluation/trust.ts [MODEL …] [--slices N]`: whether the predicted error can be trusted, on development data that neither
 * the networks nor the weights have seen, through the product's pipeline. A line a slice: rank correlation of the prediction with the
 * true error of the same neighbourhood (the bar is 0.5) and, beside it, of single pixels; and true over predicted error, in ten parts
 * from the smallest prediction to the largest. Writes test-results/trust.json; exits 1 where a slice misses the bar.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Engine } from '../../src/cli/engine.ts';
import { terminal } from '../../src/cli/terminal.ts';
import type { StepCall } from '../../src/pipeline/document.ts';
import { DATA, type DevelopmentCase, developmentSet } from './development-set.ts';
import { rms } from './fit-power.ts';
import { Progress } from './progress.ts';
import { reliability, spearman } from './rank.ts';
import { TRUST_BAR, type TrustFigure } from './trust-figures.ts';
import { trustPixels } from './trust-slices.ts';
import { trustVerdict } from './trust-text.ts';

const PATTERNS: readonly StepCall[] = [
  { name: 'random', params: { acceleration: 4, centreFraction: 0.08, seed: 1 } },
  { name: 'random', params: { acceleration: 8, centreFraction: 0.04, seed: 1 } },
];

export interface TrustRow extends TrustFigure {
  readonly model: string;
  /** True over predicted, in ten parts of the object from the smallest prediction to the largest. */
  readonly parts: readonly number[];
  readonly ms: number;
}

export interface TrustOptions {
  /** Slices of each data set. */
  readonly most?: number;
  onBegin?(label: string): void;
}

/** How many rows there will be. */
export const trustRuns = (cases: readonly DevelopmentCase[], most = Infinity): number => PATTERNS.length * cases.reduce((sum, { slices }) => sum + Math.min(most, slices.length), 0);

/** One row a slice and acceleration, as soon as it is there. */
export async function* evaluateTrust(engine: Engine, cases: readonly DevelopmentCase[], model: string, { most = Infinity, onBegin }: TrustOptions = {}): AsyncGenerator<TrustRow, void> {
  for (const { name, recording, series, slices, acquire } of cases) {
    for (const slice of slices.slice(0, most)) {
      for (const pattern of PATTERNS) {
        onBegin?.(`predicted error of ${model}, R = ${pattern.params['acceleration']}: ${name}, slice ${slice}`);
        const { predicted, around, alone, ms } = await trustPixels(engine, { recording, series, slice, acquire }, pattern, model);
        yield {
          model,
          data: name,
          slice,
          acceleration: Number(pattern.params['acceleration']),
          rank: spearman(predicted, around),
          rankAlone: spearman(predicted, alone),
          level: rms(around) / rms(predicted),
          parts: reliability(predicted, around),
          ms: Math.round(ms),
        };
      }
    }
  }
}

if (import.meta.main) process.exitCode = await main();

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({ options: { slices: { type: 'string' } }, allowPositionals: true });
  const out = terminal({ json: false, quiet: false });
  const engine = new Engine(navigator.hardwareConcurrency);
  const rows: TrustRow[] = [];
  const models = positionals.length > 0 ? positionals : ['unrolled-m', 'unrolled-s'];
  const most = values.slices === undefined ? Infinity : Number(values.slices);
  const cases = await developmentSet();
  const progress = new Progress(out, models.flatMap((model) => Array<string>(trustRuns(cases, most)).fill(model)));
  try {
    for (const model of models) {
      for await (const row of evaluateTrust(engine, cases, model, { most, onBegin: (label) => progress.begin(model, label) })) {
        rows.push(row);
        const { data, slice, acceleration, rank, rankAlone, level, parts } = row;
        out.say(`${model}, ${data}, slice ${slice + 1}, R = ${acceleration}: ρ ${rank.toFixed(2)} (single pixels ${rankAlone.toFixed(2)}), true/predicted ${level.toFixed(2)}; in tenths ${parts.map((part) => part.toFixed(2)).join(' ')}`);
      }
    }
  } finally {
    await engine.close();
  }
  if (rows.length === 0) {
    out.warn(`No development data under ${DATA}; set LACUNA_TEST_DATA.`);
    return 3;
  }
  for (const model of models) out.say(`${model}: ${trustVerdict(rows.filter((row) => row.model === model))}`);
  mkdirSync('test-results', { recursive: true });
  writeFileSync('test-results/trust.json', `${JSON.stringify(rows, null, 1)}\n`);
  return rows.every(({ rank }) => rank >= TRUST_BAR) ? 0 : 1;
}

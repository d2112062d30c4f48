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
import { DATA, developmentSet } from './development-set.ts';
import { reliability, spearman } from './rank.ts';
import { trustPixels } from './trust-slices.ts';

/** What the rank correlation has to reach on every slice. */
export const TRUST_BAR = 0.5;
const PATTERNS: readonly StepCall[] = [
  { name: 'random', params: { acceleration: 4, centreFraction: 0.08, seed: 1 } },
  { name: 'random', params: { acceleration: 8, centreFraction: 0.04, seed: 1 } },
];

export interface TrustRow {
  readonly model: string;
  readonly data: string;
  readonly slice: number;
  readonly acceleration: number;
  /** Spearman's ρ with the true error around a pixel, and of the pixel alone. */
  readonly rank: number;
  readonly rankAlone: number;
  /** True error over predicted, root-mean-square over the object, and in ten parts of it. */
  readonly level: number;
  readonly parts: readonly number[];
  readonly ms: number;
}

/** One row a slice and acceleration, as soon as it is there; `most` slices of each data set. */
export async function* evaluateTrust(engine: Engine, model: string, most = Infinity): AsyncGenerator<TrustRow, void> {
  for (const { name, recording, series, slices, acquire } of await developmentSet()) {
    for (const slice of slices.slice(0, most)) {
      for (const pattern of PATTERNS) {
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

function rms(values: Float32Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
}

if (import.meta.main) process.exitCode = await main();

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({ options: { slices: { type: 'string' } }, allowPositionals: true });
  const out = terminal({ json: false, quiet: false });
  const engine = new Engine(navigator.hardwareConcurrency);
  const rows: TrustRow[] = [];
  try {
    for (const model of positionals.length > 0 ? positionals : ['unrolled-m', 'unrolled-s']) {
      for await (const row of evaluateTrust(engine, model, values.slices === undefined ? Infinity : Number(values.slices))) {
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
  const missed = rows.filter(({ rank }) => !(rank >= TRUST_BAR));
  out.say(`${rows.length - missed.length} of ${rows.length} slices reach ρ ≥ ${TRUST_BAR}; the lowest is ${Math.min(...rows.map(({ rank }) => rank)).toFixed(2)}.`);
  mkdirSync('test-results', { recursive: true });
  writeFileSync('test-results/trust.json', `${JSON.stringify(rows, null, 1)}\n`);
  return missed.length === 0 ? 0 : 1;
}

/**
 * `node test/evaluation/fit-trust.ts [MODEL …]`: fits the weights of the predicted error on training volumes, through the product's
 * pipeline, and writes src/mri/ensemble-weights.ts. Development volumes are never read. Weights of models that are not named stay.
 *
 * The variance v = spread·s² + made·m² + floor is fitted to the squared error e² by the Itakura–Saito divergence, Σ (e²/v − log e²/v − 1),
 * which is the likelihood of a Gaussian error of variance v and cares for small errors as for large; every slice counts the same.
 * Multiplicative updates keep the weights positive (Févotte et al., Neural Comput 2009;21:793).
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Engine } from '../../src/cli/engine.ts';
import { openPath } from '../../src/formats/registry.ts';
import { ENSEMBLE_WEIGHTS, type EnsembleWeights } from '../../src/mri/ensemble-weights.ts';
import type { StepCall } from '../../src/pipeline/document.ts';
import { findSeries } from '../../src/pipeline/open-input.ts';
import { ACQUIRE, DATA } from './development-set.ts';
import { trustPixels, type TrustPixels } from './trust-slices.ts';

/** Of TRAIN in models/training/lacuna_training/split.py: three contrasts and ages, of matrices that do not take all day. */
const VOLUMES = ['child3y_t1_mprage_axial2mm', 'openms_p04_s1_T1W', 'openms_p01_s1_FLAIR', 'brainchop_t1_crop'];
const PATTERNS: readonly StepCall[] = [
  { name: 'random', params: { acceleration: 4, centreFraction: 0.08, seed: 7 } },
  { name: 'random', params: { acceleration: 8, centreFraction: 0.04, seed: 7 } },
];
/** Where in a volume the slice is taken. */
const AT = 0.45;
const UPDATES = 400;
const SMALLEST = 1e-10;
const TARGET = join(import.meta.dirname, '..', '..', 'src', 'mri', 'ensemble-weights.ts');

const models = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(ENSEMBLE_WEIGHTS);
const found: Record<string, EnsembleWeights> = { ...ENSEMBLE_WEIGHTS };
const engine = new Engine(navigator.hardwareConcurrency);
try {
  for (const model of models) {
    found[model] = weightsFor(await trainingPixels(model));
    console.log(model, found[model]);
    write(found);
  }
} finally {
  await engine.close();
}

async function trainingPixels(model: string): Promise<readonly TrustPixels[]> {
  const slices: TrustPixels[] = [];
  for (const name of VOLUMES) {
    const path = join(DATA, 'mri', 'nii', `${name}.nii.gz`);
    if (!existsSync(path)) throw new Error(`${path} is missing: all training volumes are needed, so that weights mean the same everywhere.`);
    const recording = await openPath(path);
    const series = findSeries(recording, undefined);
    const place = { recording, series, slice: Math.floor(AT * series.slices), acquire: ACQUIRE };
    for (const pattern of PATTERNS) {
      slices.push(await trustPixels(engine, place, pattern, model));
      console.log(`${model}: ${name}, R = ${pattern.params['acceleration']}`);
    }
    await recording.close();
  }
  return slices;
}

function weightsFor(slices: readonly TrustPixels[]): EnsembleWeights {
  // Starts at the size of the error, so that no weight begins hopelessly far away.
  let weights: EnsembleWeights = { spread: 0.1, made: 1, floor: 1e-5 };
  for (let update = 0; update < UPDATES; update++) weights = updated(weights, slices);
  return { spread: rounded(weights.spread), made: rounded(weights.made), floor: rounded(weights.floor) };
}

/** w ← w · √(Σ f e²/v² ÷ Σ f/v) for each weight and its feature f; the root makes every step go downhill. */
function updated(weights: EnsembleWeights, slices: readonly TrustPixels[]): EnsembleWeights {
  const rise = { spread: 0, made: 0, floor: 0 };
  const fall = { spread: 0, made: 0, floor: 0 };
  for (const { spread, made, around } of slices) {
    for (let i = 0; i < around.length; i++) {
      const [s, m, e] = [(spread[i] as number) ** 2, (made[i] as number) ** 2, (around[i] as number) ** 2];
      const v = weights.spread * s + weights.made * m + weights.floor;
      const [up, down] = [e / (v * v * around.length), 1 / (v * around.length)];
      rise.spread += s * up;
      rise.made += m * up;
      rise.floor += up;
      fall.spread += s * down;
      fall.made += m * down;
      fall.floor += down;
    }
  }
  const next = (weight: number, up: number, down: number): number => Math.max(SMALLEST, weight * Math.sqrt(up / down));
  return {
    spread: next(weights.spread, rise.spread, fall.spread),
    made: next(weights.made, rise.made, fall.made),
    floor: next(weights.floor, rise.floor, fall.floor),
  };
}

function rounded(value: number): number {
  return Number(value.toPrecision(3));
}

/** Puts the weights between the marks; of networks that nobody fitted, the mean over all that were. */
function write(all: Readonly<Record<string, EnsembleWeights>>): void {
  const list = Object.values(all);
  const mean = (key: keyof EnsembleWeights): number => rounded(list.reduce((sum, weights) => sum + weights[key], 0) / list.length);
  const text = ({ spread, made, floor }: EnsembleWeights): string => `{ spread: ${spread}, made: ${made}, floor: ${floor} }`;
  const lines = Object.entries(all).map(([id, weights]) => `  '${id}': ${text(weights)},`);
  const fallback = text({ spread: mean('spread'), made: mean('made'), floor: mean('floor') });
  const [head, , tail] = readFileSync(TARGET, 'utf8').split(/\/\/ fitted:.*\n/);
  const body = `export const ENSEMBLE_WEIGHTS: Readonly<Record<string, EnsembleWeights>> = {\n${lines.join('\n')}\n};\n\n/** For networks that nobody fitted: the mean of the others. */\nexport const FALLBACK: EnsembleWeights = ${fallback};\n`;
  writeFileSync(TARGET, `${head}// fitted: from here\n${body}// fitted: to here\n${tail ?? ''}`);
}

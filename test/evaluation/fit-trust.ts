/**
 * `node test/evaluation/fit-trust.ts [MODEL …]`: fits the predicted error on training volumes, through the product's pipeline, and
 * writes src/mri/ensemble-weights.ts. Development volumes are never read. Without names, exponents are fitted to all networks
 * together and each gets its level; with names, the exponents stay and these networks get their levels.
 *
 * The model is log e = log level + a log spread + b log made + c log mirrored of the error e around a pixel. The exponents are those
 * of least squares with one intercept a network, every slice counting the same; so large and small errors matter alike, and what is
 * fitted is the order of pixels and the step from one to the next. The level is the geometric mean over slices of true over
 * predicted root-mean-square error.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Engine } from '../../src/cli/engine.ts';
import { terminal } from '../../src/cli/terminal.ts';
import { openPath } from '../../src/formats/registry.ts';
import { EXPONENTS, LEVELS } from '../../src/mri/ensemble-weights.ts';
import { findSeries } from '../../src/pipeline/open-input.ts';
import { ACQUIRE, DATA } from './development-set.ts';
import { exponentsOf, levelOf, type TrustSample } from './fit-power.ts';
import { Progress } from './progress.ts';
import { trustPixels } from './trust-slices.ts';

/** Of TRAIN in models/training/lacuna_training/split.py: contrasts and ages, of matrices that do not take all day. */
const VOLUMES = ['child3y_t1_mprage_axial2mm', 'openms_p04_s1_T1W', 'openms_p01_s1_FLAIR', 'brainchop_t1_crop', 'studyforrest_sub02_t1_axial2mm', 'openms_p03_s1_T2W'];
const RATES = [{ acceleration: 4, centreFraction: 0.08 }, { acceleration: 8, centreFraction: 0.04 }] as const;
/** Each volume has gaps of its own. */
const FIRST_SEED = 7;
/** Where in a volume the slice is taken. */
const AT = 0.45;
const TARGET = join(import.meta.dirname, '..', '..', 'src', 'mri', 'ensemble-weights.ts');

const out = terminal({ json: false, quiet: false });
const named = process.argv.slice(2);
const models = named.length > 0 ? named : Object.keys(LEVELS);
const engine = new Engine(navigator.hardwareConcurrency);
try {
  const samples = new Map<string, readonly TrustSample[]>();
  const progress = new Progress(out, models.flatMap((model) => VOLUMES.flatMap(() => RATES.map(() => model))));
  for (const model of models) samples.set(model, await trainingSamples(model, progress));
  progress.end();
  const exponents = named.length > 0 ? EXPONENTS : exponentsOf([...samples.values()]);
  const levels: Record<string, number> = { ...LEVELS };
  for (const [model, slices] of samples) levels[model] = levelOf(slices, exponents);
  write(exponents, levels);
  out.say(JSON.stringify({ exponents, levels }));
} finally {
  await engine.close();
}

async function trainingSamples(model: string, progress: Progress): Promise<readonly TrustSample[]> {
  const slices: TrustSample[] = [];
  for (const [i, name] of VOLUMES.entries()) {
    const path = join(DATA, 'mri', 'nii', `${name}.nii.gz`);
    if (!existsSync(path)) throw new Error(`${path} is missing: all training volumes are needed, so that weights mean the same everywhere.`);
    const recording = await openPath(path);
    const series = findSeries(recording, undefined);
    const place = { recording, series, slice: Math.floor(AT * series.slices), acquire: ACQUIRE };
    for (const rate of RATES) {
      progress.begin(model, `${model}: ${name}, R = ${rate.acceleration}`);
      slices.push(await trustPixels(engine, place, { name: 'random', params: { ...rate, seed: FIRST_SEED + i } }, model));
    }
    await recording.close();
  }
  return slices;
}

/** Puts the weights between the marks. */
function write({ spread, made, mirrored }: typeof EXPONENTS, levels: Readonly<Record<string, number>>): void {
  const list = Object.entries(levels).map(([id, level]) => `'${id}': ${level}`);
  const [head, , tail] = readFileSync(TARGET, 'utf8').split(/\/\/ fitted:.*\n/);
  const body = [
    `export const EXPONENTS: Omit<EnsembleWeights, 'level'> = { spread: ${spread}, made: ${made}, mirrored: ${mirrored} };`,
    `export const LEVELS: Readonly<Record<string, number>> = { ${list.join(', ')} };`,
  ].join('\n');
  writeFileSync(TARGET, `${head}// fitted: from here\n${body}\n// fitted: to here\n${tail ?? ''}`);
}

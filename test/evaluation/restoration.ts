/**
 * Figures of the image-to-image networks through the product: ReconResNet against zero-filling and L1-wavelet at its best λ on
 * single-coil scans, and super-resolution against bicubic and sinc interpolation. As a script it writes the rows that
 * `python -m lacuna_training export --evaluation` makes tables of, and the picture of each network's worst slice into its
 * package: `restoration.ts FILE.json [reconresnet|espcn] [SETTING …]`, settings of ReconResNet, all when none is named.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NEVER_CANCELLED } from '../../src/algorithms/status.ts';
import { magnitude, ndArray, type NdArray, zeros } from '../../src/array/nd-array.ts';
import { Engine } from '../../src/cli/engine.ts';
import { type FineFactor, zeroPadded } from '../../src/mri/super-resolution.ts';
import type { StepCall } from '../../src/pipeline/document.ts';
import { superResolutionModel, superResolve } from '../../src/pipeline/restoration/super-resolve.ts';
import type { MetricReport } from '../../src/pipeline/step.ts';
import fastmri from '../../src/pipeline/steps/metric/fastmri.ts';
import { fft2c, ifft2c } from '../../src/transform/fft.ts';
import { bestLambda } from './best-lambda.ts';
import { ACQUIRE, type DevelopmentCase, developmentSet } from './development-set.ts';
import { failurePicture } from './pictures.ts';
import type { Progress } from './progress.ts';
import { ScoreCache } from './score-cache.ts';
import { type Place, Scorer } from './scorer.ts';

export interface RestorationRow {
  readonly model: string;
  readonly data: string;
  readonly slice: number;
  readonly setting: string;
  readonly method: string;
  readonly psnr: number;
  readonly ssim: number;
}

type Fidelity = Pick<RestorationRow, 'psnr' | 'ssim'>;
/** What a row was scored on, [1, row, column] both. */
export interface Scored {
  readonly reference: NdArray<'float32'>;
  readonly estimate: NdArray<'float32'> | NdArray<'complex64'>;
}
/** Without images where the score was kept from an earlier run. */
type OnRow = (row: RestorationRow, scored?: Scored) => void;

const SETTINGS: readonly { readonly name: string; readonly pattern: StepCall }[] = [
  { name: 'random lines, R = 4', pattern: { name: 'random', params: { acceleration: 4, centreFraction: 0.08, seed: 1 } } },
  { name: 'Gaussian lines, R = 4', pattern: { name: 'gaussian', params: { acceleration: 4, centreFraction: 0.08, seed: 1 } } },
  { name: 'random lines, R = 8', pattern: { name: 'random', params: { acceleration: 8, centreFraction: 0.04, seed: 1 } } },
  { name: 'Poisson-disc points, R = 6', pattern: { name: 'poisson-disc', params: { acceleration: 6, seed: 1 } } },
  { name: 'radial, R = 4', pattern: { name: 'radial', params: { acceleration: 4 } } },
];
/** Slices of each volume: enough to tell, few enough to wait for. */
const MOST_SLICES = 2;
/** What tells the names of single-coil cases apart. */
const ONE_COIL = ', one coil';
const LAMBDA = { start: 0.004, low: 0.0003, high: 0.1 };

/** Names of the settings that ReconResNet is measured in. */
export const RECONRESNET_SETTINGS: readonly string[] = SETTINGS.map(({ name }) => name);

/** A run of ReconResNet and what it is held against. */
interface RestorationRun {
  readonly setting: string;
  readonly pattern: StepCall;
  readonly place: Place;
}

/** Single-coil scans, and the measured slice with its coils; of the settings of `only`, all when empty. */
export function reconResNetRuns(cases: readonly DevelopmentCase[], only: readonly string[] = []): readonly RestorationRun[] {
  // Another name than with eight coils: references are kept by it.
  const singles = cases.map((item) => (item.acquire === undefined ? item : { ...item, acquire: { ...ACQUIRE, params: { ...ACQUIRE.params, coils: 1 } }, name: `${item.name}${ONE_COIL}` }));
  return SETTINGS.filter(({ name }) => only.length === 0 || only.includes(name)).flatMap(({ name, pattern }) =>
    singles.flatMap((item) => item.slices.slice(0, MOST_SLICES).map((slice) => ({ setting: name, pattern, place: { item, slice } }))),
  );
}

/** Classical scores come from the scorer's file. */
export async function evaluateReconResNet(scorer: Scorer, runs: readonly RestorationRun[], onRow: OnRow = () => {}, progress?: Progress): Promise<readonly RestorationRow[]> {
  const rows: RestorationRow[] = [];
  for (const { setting, pattern, place } of runs) {
    const data = place.item.name.replace(ONE_COIL, '');
    progress?.begin(setting, `reconresnet-s, ${setting}: ${data}`);
    const add = (method: string, { psnr, ssim }: Fidelity, scored?: Scored): void => {
      const row = { model: 'reconresnet-s', data, slice: place.slice, setting, method, psnr, ssim };
      rows.push(row);
      onRow(row, scored);
    };
    for (const [method, score] of Object.entries(await reconResNetBaselines(scorer, pattern, place))) add(method, score);
    const { outcome } = await scorer.reconstruct(place, await scorer.document(place, pattern, { name: 'reconresnet', params: {} }));
    if (outcome.reference === null) throw new Error(`${data} has no reference.`);
    add('reconresnet', fidelity(outcome.metrics), { reference: outcome.reference, estimate: outcome.volume });
  }
  return rows;
}

/** Zero-filled, and L1-wavelet at the λ that is best with the reference. */
export async function reconResNetBaselines(scorer: Scorer, pattern: StepCall, place: Place): Promise<Readonly<Record<string, Fidelity>>> {
  const classical = (name: string, params: StepCall['params'] = {}) => scorer.classical(place, pattern, { name, params });
  const [best] = await bestLambda((lambda) => classical('l1-wavelet', { lambda }), ({ psnr }) => psnr, LAMBDA);
  return { 'zero-filled': await classical('zero-filled'), ...(best === undefined ? {} : { 'l1-wavelet, best λ': best.result }) };
}

/** Slices of the held-out volumes, cropped in k-space and made finer again. */
export async function evaluateSuperResolution(engine: Engine, cases: readonly DevelopmentCase[], onRow: OnRow = () => {}, progress?: Progress): Promise<readonly RestorationRow[]> {
  const rows: RestorationRow[] = [];
  for (const factor of [2, 3] as const) {
    for (const item of cases.filter(({ acquire }) => acquire !== undefined)) {
      for (const slice of item.slices) {
        progress?.begin(`×${factor}`, `super-resolution ×${factor}: ${item.name}, slice ${slice}`);
        const full = cropped(magnitude(await item.series.read(slice)), 2 * factor);
        const coarse = lowResolution(full, factor);
        const { image } = await superResolve(coarse, factor, { ...engine.learned, signal: NEVER_CANCELLED });
        const methods = { bicubic: bicubic(coarse, factor), sinc: magnitude(zeroPadded(coarse, factor)), learned: magnitude(image) };
        for (const [method, estimate] of Object.entries(methods)) {
          const scored = { reference: asVolume(full), estimate: asVolume(estimate) };
          const report = fastmri.run(scored.reference, scored.estimate, fastmri.params.parse({}));
          const row = { model: superResolutionModel(factor), data: item.name, slice, setting: `×${factor}`, method, ...fidelity(report) };
          rows.push(row);
          onRow(row, scored);
        }
      }
    }
  }
  return rows;
}

export const superResolutionRuns = (cases: readonly DevelopmentCase[]): readonly string[] =>
  ['×2', '×3'].flatMap((factor) => cases.filter(({ acquire }) => acquire !== undefined).flatMap(({ slices }) => slices.map(() => factor)));

/** |inverse DFT of the middle 1/factor of k-space|; constants keep their value. */
function lowResolution(full: NdArray<'float32'>, factor: FineFactor): NdArray<'float32'> {
  const [rows, columns] = full.shape as [number, number];
  const [h, w] = [rows / factor, columns / factor];
  const spectrum = zeros('complex64', full.shape);
  for (let i = 0; i < full.data.length; i++) spectrum.data[2 * i] = full.data[i] as number;
  fft2c(spectrum, spectrum);
  const middle = zeros('complex64', [h, w]);
  const [top, left] = [Math.floor(rows / 2) - Math.floor(h / 2), Math.floor(columns / 2) - Math.floor(w / 2)];
  for (let r = 0; r < h; r++) {
    const from = 2 * ((top + r) * columns + left);
    for (let i = 0; i < 2 * w; i++) middle.data[2 * r * w + i] = (spectrum.data[from + i] as number) / factor;
  }
  return magnitude(ifft2c(middle, middle));
}

/** Cubic convolution, a = −½ (Keys 1981), on the grid of the DFT of even sides; the image wraps round. */
function bicubic({ shape, data }: NdArray<'float32'>, factor: FineFactor): NdArray<'float32'> {
  const [rows, columns] = shape as [number, number];
  const out = zeros('float32', [factor * rows, factor * columns]);
  const wrap = (i: number, n: number): number => (i + n) % n;
  for (let r = 0; r < factor * rows; r++) {
    for (let c = 0; c < factor * columns; c++) {
      const [y, x] = [Math.floor(r / factor), Math.floor(c / factor)];
      let sum = 0;
      for (let u = -1; u <= 2; u++) {
        for (let v = -1; v <= 2; v++) {
          sum += keys(r / factor - y - u) * keys(c / factor - x - v) * (data[wrap(y + u, rows) * columns + wrap(x + v, columns)] as number);
        }
      }
      out.data[r * factor * columns + c] = sum;
    }
  }
  return out;
}

function keys(distance: number): number {
  const t = Math.abs(distance);
  if (t >= 2) return 0;
  return t <= 1 ? 1.5 * t ** 3 - 2.5 * t ** 2 + 1 : -0.5 * (t ** 3 - 5 * t ** 2 + 8 * t - 4);
}

/** Without the last rows and columns, so that sides are multiples of `multiple`. */
function cropped({ shape, data }: NdArray<'float32'>, multiple: number): NdArray<'float32'> {
  const [rows, columns] = shape as [number, number];
  const [h, w] = [rows - (rows % multiple), columns - (columns % multiple)];
  const out = zeros('float32', [h, w]);
  for (let r = 0; r < h; r++) out.data.set(data.subarray(r * columns, r * columns + w), r * w);
  return out;
}

const asVolume = ({ shape, data }: NdArray<'float32'>): NdArray<'float32'> => ndArray('float32', [1, ...shape], data);

function fidelity(report: MetricReport | undefined): Fidelity {
  const value = (name: string): number => {
    const found = report?.values.find((v) => v.name === name);
    if (found === undefined) throw new Error(`no ${name}`);
    return found.value;
  };
  return { psnr: value('PSNR'), ssim: value('SSIM') };
}

if (import.meta.main) {
  const [file, which, ...only] = process.argv.slice(2);
  if (file === undefined) throw new Error('Name the file to write.');
  const engine = new Engine(1);
  const worst = new Map<string, { readonly row: RestorationRow; readonly scored: Scored }>();
  const say = (row: RestorationRow, scored?: Scored): void => {
    console.log(`${row.model} ${row.setting} ${row.data} ${row.slice} ${row.method}: ${row.psnr.toFixed(2)} dB, ${row.ssim.toFixed(4)}`);
    if (scored === undefined || (row.method !== 'learned' && row.method !== 'reconresnet')) return;
    if (row.ssim < (worst.get(row.model)?.row.ssim ?? Infinity)) worst.set(row.model, { row, scored });
  };
  const cases = await developmentSet();
  const cache = new ScoreCache('test-results/classical-scores.json');
  const rows = [
    ...(which === 'reconresnet' ? [] : await evaluateSuperResolution(engine, cases, say)),
    ...(which === 'espcn' ? [] : await evaluateReconResNet(new Scorer(engine, cache), reconResNetRuns(cases, only), say)),
  ];
  cache.save();
  await engine.close();
  writeFileSync(file, `${JSON.stringify(rows, null, 1)}\n`);
  for (const [model, { row, scored }] of worst) {
    const folder = join(import.meta.dirname, '..', '..', 'models', model);
    const title = `${model}: ${row.setting}, ${row.data}, slice ${row.slice}, SSIM ${row.ssim.toFixed(3)}: reference, estimate, 5 × difference`;
    if (existsSync(folder)) writeFileSync(join(folder, 'failure-1.png'), failurePicture(scored.reference, scored.estimate, title));
  }
}

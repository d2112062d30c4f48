/**
 * ESPIRiT, SENSE, L1-wavelet and TV against `bart` (https://mrirecon.github.io/bart) on the same k-space and maps, for every kind of
 * Cartesian pattern. Figures and what the two programs disagree about: docs/conformance.md.
 */
import { describe, expect, it } from 'vitest';
import { NEVER_CANCELLED } from '../../src/algorithms/status.ts';
import { ndArray, subArray, type NdArray } from '../../src/array/nd-array.ts';
import { calibrationRange } from '../../src/mri/calibration-key.ts';
import { espirit, type EspiritMaps } from '../../src/mri/espirit.ts';
import { l1Wavelet } from '../../src/mri/l1-wavelet.ts';
import { rootSumOfSquares } from '../../src/mri/root-sum-of-squares.ts';
import { sense } from '../../src/mri/sense.ts';
import { totalVariation } from '../../src/mri/tv.ts';
import { mask } from '../../src/operators/mask.ts';
import { senseOperator } from '../../src/operators/sense.ts';
import { describePattern } from '../../src/sampling/describe.ts';
import { partialFourierLines } from '../../src/sampling/partial-fourier.ts';
import type { SamplingPattern } from '../../src/sampling/pattern.ts';
import { poissonDiscPoints } from '../../src/sampling/poisson-disc.ts';
import { regularLines } from '../../src/sampling/regular.ts';
import { ifft2c } from '../../src/transform/fft.ts';
import { expectAgreement } from '../support/agreement.ts';
import { bartFolder, hasBart, signOfBart } from '../support/bart.ts';
import { blockOf } from '../support/block-of.ts';
import { readCfl, writeCfl } from '../support/cfl.ts';
import { finish } from '../support/finish.ts';
import { fixedWavelet } from '../support/fixed-wavelet.ts';
import { mapDifference } from '../support/map-difference.ts';
import { mirrored } from '../support/mirrored.ts';
import { relativeError } from '../support/random-array.ts';
import { BOTTLES, bottlesScan, MIDAS, midasCentre, midasScan, phantomScan, type Scan, SIGPY, sigpyScan } from '../support/scans.ts';
import { hasData, present } from '../support/tools.ts';

const bart = bartFolder('lacuna-cartesian-');
const there = present('agreement with bart', { bart: hasBart });
const scanThere = (file: string): boolean => there && present('agreement with bart on a scan', { [file]: hasData(file) });

const CALIBRATION = 24;
/** What a fully sampled scan is seen through. */
const PATTERNS: Readonly<Record<string, (rows: number, columns: number) => SamplingPattern>> = {
  'Poisson-disc R = 4': (rows, columns) => {
    const params = { acceleration: 4, centreFraction: 0.1, calibrationRows: CALIBRATION, calibrationColumns: CALIBRATION, seed: 2 };
    return describePattern({ kind: 'points', rows, columns, mask: poissonDiscPoints(rows, columns, params) });
  },
  'regular R = 2': (rows, columns) => regular(rows, columns, 2),
  'regular R = 3': (rows, columns) => regular(rows, columns, 3),
  'regular R = 4': (rows, columns) => regular(rows, columns, 4),
  'partial Fourier 6/8, R = 2': (rows, columns) =>
    describePattern({ kind: 'lines', rows, columns, mask: partialFourierLines(columns, { fraction: 0.75, omit: 'end', spacing: 2, calibration: CALIBRATION }) }),
};

function regular(rows: number, columns: number, spacing: number): SamplingPattern {
  return describePattern({ kind: 'lines', rows, columns, mask: regularLines(columns, { spacing, calibration: CALIBRATION, offset: 0 }) });
}

interface Problem {
  readonly y: NdArray<'complex64'>;
  readonly pattern: SamplingPattern;
  /** y where ESPIRiT looks, zero elsewhere. */
  readonly calibration: NdArray<'complex64'>;
  /** Two sets: the second tells where the first is not alone. */
  readonly espirit: EspiritMaps;
  /** The first set. */
  readonly maps: NdArray<'complex64'>;
  /** See signOfBart. */
  readonly sign: number;
}

/** ESPIRiT maps of the measured centre, uncropped: bart's default crop would take the edge of the object away. */
function problemOf(scan: Scan, pattern: SamplingPattern): Problem {
  const [coils, rows, columns] = scan.kspace.shape as [number, number, number];
  const y = mask(pattern, coils).apply(scan.kspace);
  const range = calibrationRange([rows, columns], pattern.centre);
  const found = espirit(y, range, { kernel: 6, calibration: CALIBRATION, threshold: 0.02, crop: 0, sets: 2 });
  return { y, pattern, calibration: blockOf(y, CALIBRATION), espirit: found, maps: subArray(found.maps, 0), sign: signOfBart([rows, columns]) };
}

/** NRMSE of an image of ours against one of bart's. */
const apart = (ours: NdArray<'complex64'>, theirs: NdArray<'complex64'>, { sign }: Problem): number =>
  relativeError(ours.data, theirs.data.map((value) => sign * value));

async function mapsAlone({ calibration, espirit: ours }: Problem): Promise<number> {
  // bart gets the block alone: where a few more lines are measured it chooses another one.
  writeCfl(bart.at('k'), calibration);
  // bart's threshold is on eigenvalues, the square of ours.
  await bart.run('ecalib', '-m1', '-k6', `-r${CALIBRATION}`, '-t', '0.0004', '-c0', 'k', 's');
  // The image of the block shows where the object is, whatever the pattern folds.
  const object = rootSumOfSquares(ifft2c(calibration)).data;
  const { nrmse, pixels } = mapDifference(ours, readCfl(bart.at('s')), object);
  expect(pixels).toBeGreaterThan(object.length / 8);
  return nrmse;
}

async function senseImages(problem: Problem): Promise<number> {
  const { y, maps: s, pattern } = problem;
  const theirs = bart.pics(y, s, '-l2', '-r', '0.001', '-i', '30');
  const ours = await finish(sense(y, s, pattern, { lambda: 0.001, iterations: 30, tolerance: 0, signal: NEVER_CANCELLED }));
  return apart(ours, await theirs, problem);
}

const L1 = { lambda: 0.001, iterations: 100, levels: 4 } as const;
const l1Arguments = (wavelet: string): string[] => ['-l1', '-r', String(L1.lambda), '-i', String(L1.iterations), '--wavelet', wavelet];

/** bart's FISTA ends with a step along the data (of 0.95) and before the threshold, ours after it; here ours takes that step as well. */
function withDataStep(x: NdArray<'complex64'>, { y, maps: s, pattern }: Problem): NdArray<'complex64'> {
  const a = senseOperator(s, pattern);
  const predicted = a.apply(x).data;
  const step = a.adjoint(ndArray('complex64', y.shape, y.data.map((value, i) => value - (predicted[i] ?? NaN)))).data;
  return ndArray('complex64', x.shape, x.data.map((value, i) => value + 0.95 * (step[i] ?? NaN)));
}

/** Haar is the one wavelet that both continue alike over the edge, as long as the sides can be halved. */
async function haarImages(problem: Problem): Promise<number> {
  const { y, maps: s, pattern } = problem;
  const theirs = bart.pics(y, s, '-n', ...l1Arguments('haar'));
  const ours = await fixedWavelet(y, s, pattern, { ...L1, wavelet: 'haar' });
  return apart(withDataStep(ours, problem), await theirs, problem);
}

async function shiftedImages(problem: Problem): Promise<number> {
  const { y, maps: s, pattern } = problem;
  const theirs = bart.pics(y, s, ...l1Arguments('dau2'));
  const ours = await finish(l1Wavelet(y, s, pattern, { ...L1, wavelet: 'db2', tolerance: 0, seed: 1, signal: NEVER_CANCELLED }));
  return apart(withDataStep(ours, problem), await theirs, problem);
}

/** bart's differences look back, ours ahead; isotropic TV is not the same for both, so bart gets everything mirrored. */
async function tvImages(problem: Problem): Promise<number> {
  const { y, maps: s, pattern } = problem;
  const theirs = bart.pics(mirrored(y), mirrored(s), '-R', 'T:3:0:0.002', '-u', '0.05', '-i', '150');
  const options = { lambda: 0.002, rho: 0.05, iterations: 150, innerIterations: 5, tolerance: 0, signal: NEVER_CANCELLED };
  const ours = await finish(totalVariation(y, s, pattern, options));
  return apart(ours, mirrored(await theirs), problem);
}

interface Method {
  readonly method: string;
  /** NRMSE of ours against bart's. */
  readonly error: (problem: Problem) => Promise<number>;
}
const METHODS: readonly Method[] = [
  { method: 'ESPIRiT maps', error: mapsAlone },
  { method: 'SENSE', error: senseImages },
  { method: 'L1-wavelet, Haar, no shifts', error: haarImages },
  { method: 'L1-wavelet, dau2, random shifts', error: shiftedImages },
  { method: 'TV', error: tvImages },
];

/** Tolerances of the methods in the order of METHODS, about 1.5 times what was measured (docs/conformance.md); fewer where fewer are run. */
interface Case {
  readonly pattern: string;
  readonly within: readonly number[];
}
const SCANS: readonly { readonly name: string; readonly there: boolean; readonly scan: () => Promise<Scan>; readonly cases: readonly Case[] }[] = [
  { name: 'phantom, 8 coils, 128×128', there, scan: () => phantomScan(bart, 128), cases: [
    // ESPIRiT, SENSE, Haar, dau2, TV
    { pattern: 'Poisson-disc R = 4',         within: [1e-5,   3e-5,  2.5e-4,  0.027,  1.3e-4] },
    { pattern: 'regular R = 2',              within: [1e-5,   2e-6,  8e-5,    0.0065, 1e-4] },
    { pattern: 'regular R = 3',              within: [1e-5,   1e-5,  3e-4,    0.018,  1e-4] },
    { pattern: 'regular R = 4',              within: [1e-5,   3e-5,  1.1e-3,  0.027,  1.1e-4] },
    { pattern: 'partial Fourier 6/8, R = 2', within: [1e-5,   4e-5,  9e-4,    0.042,  3.5e-4] },
  ] },
  { name: 'brain, 7 coils, 256×216', there: scanThere(MIDAS), scan: midasScan, cases: [
    { pattern: 'Poisson-disc R = 4',         within: [1e-5,   4e-5] },
    { pattern: 'regular R = 2',              within: [1e-5,   2e-6] },
    { pattern: 'regular R = 3',              within: [1e-5,   2e-5] },
    { pattern: 'regular R = 4',              within: [1e-5,   5e-5] },
    { pattern: 'partial Fourier 6/8, R = 2', within: [1e-5,   6e-5] },
  ] },
  { name: 'brain, 7 coils, its central 128×128', there: scanThere(MIDAS), scan: () => midasCentre(128), cases: [
    { pattern: 'Poisson-disc R = 4',         within: [1e-5,   4e-5,  1e-3,    0.036,  1.1e-4] },
    { pattern: 'regular R = 2',              within: [1e-5,   2e-6,  2e-4,    0.0065, 5e-5] },
    { pattern: 'regular R = 3',              within: [1e-5,   2e-5,  8e-4,    0.03,   1.4e-4] },
    // Neither L1-wavelet nor TV has arrived.
    { pattern: 'regular R = 4',              within: [1e-5,   4e-5,  4.2e-3,  0.04,   2.9e-3] },
    { pattern: 'partial Fourier 6/8, R = 2', within: [1e-5,   5e-5,  1.4e-3,  0.045,  5e-4] },
  ] },
  // 115 pixels cannot be halved: bart mirrors at the edge, zeros are appended here.
  { name: 'brain, 8 coils, 230×180', there: scanThere(SIGPY), scan: sigpyScan, cases: [{ pattern: 'its own Poisson-disc points', within: [3e-5, 6e-5, 7.5e-3, 0.058, 4e-5] }] },
  { name: 'bottles, 14 coils, 384×144', there: scanThere(BOTTLES), scan: bottlesScan, cases: [{ pattern: 'its own lines, R = 3', within: [2e-5, 4e-5, 5.5e-4, 0.018, 4e-4] }] },
];

describe.each(SCANS)('$name', ({ name, there: possible, scan, cases }) => {
  let made: Promise<Scan> | undefined;
  const once = (): Promise<Scan> => {
    made ??= scan();
    return made;
  };

  describe.skipIf(!possible).each(cases)('$pattern', ({ pattern, within }) => {
    let posed: Promise<Problem> | undefined;
    const problem = (): Promise<Problem> => {
      posed ??= once().then((s) => problemOf(s, s.pattern.kept < s.pattern.total ? s.pattern : patternOf(pattern, s)));
      return posed;
    };

    it.each(within.map((tolerance, i) => ({ tolerance, ...METHODS[i] as Method })))('$method: NRMSE below $tolerance', async ({ method, error, tolerance }) => {
      expectAgreement(`${name} | ${pattern} | ${method}`, await error(await problem()), tolerance);
    });
  });
});

function patternOf(name: string, { pattern: { rows, columns } }: Scan): SamplingPattern {
  const make = PATTERNS[name];
  if (make === undefined) throw new Error(`no pattern ${name}`);
  return make(rows, columns);
}

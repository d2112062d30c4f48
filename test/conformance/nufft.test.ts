/**
 * NUFFT, SENSE and L1-wavelet along radial trajectories against `bart` (https://mrirecon.github.io/bart) on the same samples and maps.
 *
 * Where they disagree: bart's gridded NUFFT is 1.3·10⁻³ larger than its own direct sum (`nufft -s`), with which ours agrees; and that
 * sum lacks the factor 1/√(rows·columns) that the gridded one has.
 */
import { describe, expect, it } from 'vitest';
import { NEVER_CANCELLED } from '../../src/algorithms/status.ts';
import { magnitude, ndArray, type NdArray } from '../../src/array/nd-array.ts';
import type { Trajectory } from '../../src/array/trajectory.ts';
import { calibratedMaps, DEFAULT_MAPS, type Calibration } from '../../src/mri/cached-maps.ts';
import { calibrationRange } from '../../src/mri/calibration-key.ts';
import { espirit } from '../../src/mri/espirit.ts';
import { gridded, griddedCalibration, densityOf } from '../../src/mri/noncartesian-gridding.ts';
import { l1WaveletAlong, senseAlong } from '../../src/mri/noncartesian-solvers.ts';
import { rootSumOfSquares } from '../../src/mri/root-sum-of-squares.ts';
import { nufft } from '../../src/operators/nufft.ts';
import { radialTrajectory } from '../../src/sampling/radial.ts';
import { ifft2c } from '../../src/transform/fft.ts';
import { expectAgreement } from '../support/agreement.ts';
import { bartFolder, hasBart } from '../support/bart.ts';
import { readSamples, readTrajectory, writeSamples, writeTrajectory } from '../support/bart-trajectory.ts';
import { blockOf } from '../support/block-of.ts';
import { readCfl, writeCfl } from '../support/cfl.ts';
import { finish } from '../support/finish.ts';
import { mapDifference } from '../support/map-difference.ts';
import { randomComplex, relativeError } from '../support/random-array.ts';
import { hasData, present, TEST_DATA } from '../support/tools.ts';

const LEGO = 'mri/kspace/sms_nlinv_lego_radial_16ch_69sp_bottom';
const there = present('agreement with bart along trajectories', { bart: hasBart });
const hasLego = there && present('a measured radial scan', { [`${LEGO}.cfl`]: hasData(`${LEGO}.cfl`) });
const bart = bartFolder('lacuna-radial-');

interface Problem {
  readonly trajectory: Trajectory;
  readonly y: NdArray<'complex64'>;
  readonly maps: NdArray<'complex64'>;
  /** Root-sum-of-squares over coils. */
  readonly image: NdArray<'float32'>;
  readonly calibration: Calibration;
}

/** Samples, scaled to a brightest pixel of about 1, with what gridding makes of them; maps are the default ones unless given. */
async function problemOf(trajectory: Trajectory, raw: NdArray<'complex64'>, maps?: NdArray<'complex64'>): Promise<Problem> {
  const weights = densityOf(trajectory, new Map());
  const brightest = rootSumOfSquares(gridded(raw, trajectory, weights)).data.reduce((largest, value) => Math.max(largest, value), 0);
  const y = ndArray('complex64', raw.shape, raw.data.map((value) => value / brightest));
  const images = gridded(y, trajectory, weights);
  const calibration = griddedCalibration(images, trajectory);
  return { trajectory, y, maps: maps ?? (await calibratedMaps(calibration, DEFAULT_MAPS, new Map())).maps, image: rootSumOfSquares(images), calibration };
}

/** bart's analytic phantom (no grid is involved) and its maps of unit root-sum-of-squares. */
async function phantom(n: number, ...traj: string[]): Promise<Problem> {
  await bart.run('traj', '-r', '-x', String(n), '-o2', ...traj, 't');
  await bart.run('phantom', '-k', '-s8', '-t', 't', 'raw');
  await bart.run('phantom', '-x', String(n), '-S8', 'maps');
  const maps = readCfl(bart.at('maps'));
  const rss = rootSumOfSquares(maps).data;
  const unit = ndArray('complex64', maps.shape, maps.data.map((v, i) => v / (rss[(i >> 1) % rss.length] ?? NaN)));
  return problemOf(readTrajectory(bart.at('t'), { rows: n, columns: n }), readSamples(bart.at('raw')), unit);
}

/** Bricks measured with 16 coils along 69 spokes over a full turn, whose gradients were late by `-q`. */
async function lego(): Promise<Problem> {
  await bart.run('traj', '-r', '-D', '-x192', '-o2', '-y69', '-q', '-0.614:-0.652:-0.0009', 't');
  return problemOf(readTrajectory(bart.at('t'), { rows: 192, columns: 192 }), readSamples(`${TEST_DATA}/${LEGO}`));
}

async function pics({ trajectory, y, maps }: Problem, ...args: string[]): Promise<NdArray<'complex64'>> {
  writeTrajectory(bart.at('pt'), trajectory);
  writeSamples(bart.at('py'), y);
  writeCfl(bart.at('ps'), maps);
  await bart.run('pics', '-w', '1', ...args, '-t', 'pt', 'py', 'ps', 'px');
  return readCfl(bart.at('px'));
}

async function adjointError({ trajectory, y }: Problem): Promise<number> {
  const { rows, columns } = trajectory.matrix;
  writeTrajectory(bart.at('nt'), trajectory);
  writeSamples(bart.at('ny'), y);
  await bart.run('nufft', '-a', '-d', `${columns}:${rows}:1`, 'nt', 'ny', 'nx');
  return relativeError(nufft(trajectory, y.shape[0] as number).adjoint(y).data, readCfl(bart.at('nx')).data);
}

async function forwardError({ trajectory, maps }: Problem): Promise<number> {
  writeTrajectory(bart.at('nt'), trajectory);
  writeCfl(bart.at('nx'), maps);
  await bart.run('nufft', 'nt', 'nx', 'ny');
  return relativeError(nufft(trajectory, maps.shape[0] as number).apply(maps).data, readSamples(bart.at('ny')).data);
}

/** The gridded centre is a Cartesian calibration block, which both get: they choose different ones from the whole. */
async function mapsError({ calibration: { kspace, pattern } }: Problem): Promise<number> {
  const [, rows, columns] = kspace.shape as [number, number, number];
  const ours = espirit(kspace, calibrationRange([rows, columns], pattern.centre), { kernel: 6, calibration: BLOCK, threshold: 0.02, crop: 0, sets: 2 });
  expect(ours.block).toEqual({ rows: BLOCK, columns: BLOCK });
  const block = blockOf(kspace, BLOCK);
  writeCfl(bart.at('k'), block);
  await bart.run('ecalib', '-m1', '-k6', `-r${BLOCK}`, '-t', '0.0004', '-c0', 'k', 's');
  const { nrmse, pixels } = mapDifference(ours, readCfl(bart.at('s')), rootSumOfSquares(ifft2c(block)).data);
  expect(pixels).toBeGreaterThan((rows * columns) / 8);
  return nrmse;
}

async function senseError(problem: Problem): Promise<number> {
  const theirs = pics(problem, '-l2', '-r', '0.01', '-i', '30');
  const ours = await finish(senseAlong({ kspace: problem.y, trajectory: problem.trajectory }, problem.maps, { lambda: 0.01, iterations: 30, tolerance: 0, signal: NEVER_CANCELLED }));
  return relativeError(ours.data, (await theirs).data);
}

/** -e: without it bart steps by 0.95 whatever the norm of the operator, and diverges along a trajectory. */
async function l1Error(problem: Problem): Promise<number> {
  const theirs = pics(problem, '-e', '-l1', '-r', '0.01', '-i', '50', '--wavelet', 'dau2');
  const options = { lambda: 0.01, iterations: 50, tolerance: 0, wavelet: 'db2', levels: 4, seed: 1, signal: NEVER_CANCELLED } as const;
  const ours = await finish(l1WaveletAlong({ kspace: problem.y, trajectory: problem.trajectory }, problem.maps, options));
  return relativeError(ours.data, (await theirs).data);
}

/** Samples a side of the calibration block, which the spokes of all problems cover. */
const BLOCK = 24;
const METHODS: readonly { readonly method: string; readonly error: (problem: Problem) => Promise<number> }[] = [
  { method: 'adjoint NUFFT', error: adjointError },
  { method: 'forward NUFFT', error: forwardError },
  { method: 'ESPIRiT maps of the gridded centre', error: mapsError },
  { method: 'SENSE', error: senseError },
  { method: 'L1-wavelet, dau2, random shifts', error: l1Error },
];

/** Tolerances in the order of METHODS, about 1.5 times what was measured (docs/conformance.md). */
describe.each([
  { name: 'phantom, 8 coils, 128×128', pattern: '60 spokes, uniform', possible: there, make: () => phantom(128, '-y', '60'), within: [2e-3, 2.2e-3, 1.2e-5, 2.2e-3, 0.011] },
  { name: 'phantom, 8 coils, 128×128', pattern: '60 spokes, golden angle', possible: there, make: () => phantom(128, '-y', '60', '-G'), within: [2e-3, 2.2e-3, 1.2e-5, 3.3e-3, 0.0115] },
  { name: 'bricks, 16 coils, 192×192', pattern: 'its own 69 spokes', possible: hasLego, make: lego, within: [2e-3, 2e-3, 1e-5, 3.6e-3, 0.0075] },
])('$name, $pattern', ({ name, pattern, possible, make, within }) => {
  // bart takes seconds to make its phantom.
  let made: Promise<Problem> | undefined;
  const once = (): Promise<Problem> => {
    made ??= make();
    return made;
  };

  it.skipIf(!possible).each(METHODS.map((method, i) => ({ ...method, tolerance: within[i] as number })))('$method: NRMSE below $tolerance', async ({ method, error, tolerance }) => {
    expectAgreement(`${name} | ${pattern} | ${method}`, await error(await once()), tolerance);
  });

  if (make === lego) it.skipIf(!possible)('gridding shows the bricks: it correlates with bart’s SENSE, and not with a wrong turn of the spokes', async () => {
    const problem = await once();
    const { trajectory: { matrix }, y, image } = problem;
    const theirs = magnitude(await pics(problem, '-l2', '-r', '0.01', '-i', '30')).data;
    expect(correlation(image.data, theirs)).toBeGreaterThan(0.95);
    const golden = radialTrajectory(matrix, { spokes: 69, ordering: 'golden', tinyNumber: 7, oversampling: 2, offset: 0, frame: 0 });
    expect(correlation(rootSumOfSquares(gridded(y, golden, densityOf(golden, new Map()))).data, theirs)).toBeLessThan(0.8);
  });
});

describe('the direct sum of bart, which has no factor 1/√(rows·columns)', () => {
  const n = 48;
  const scaled = ({ data }: NdArray<'complex64'>): Float32Array => data.map((value) => value / n);

  it.skipIf(!there).each(['adjoint', 'forward'] as const)('%s: NRMSE below 1e-5', async (direction) => {
    await bart.run('traj', '-r', '-G', '-x', String(n), '-o2', '-y', '15', 'dt');
    const trajectory = readTrajectory(bart.at('dt'), { rows: n, columns: n });
    let error: number;
    if (direction === 'adjoint') {
      const y = randomComplex([1, 2 * n, 15], 1);
      writeSamples(bart.at('dy'), y);
      await bart.run('nufft', '-s', '-a', '-d', `${n}:${n}:1`, 'dt', 'dy', 'dx');
      error = relativeError(nufft(trajectory, 1).adjoint(y).data, scaled(readCfl(bart.at('dx'))));
    } else {
      const x = randomComplex([1, n, n], 2);
      writeCfl(bart.at('dx'), x);
      await bart.run('nufft', '-s', 'dt', 'dx', 'dy');
      error = relativeError(nufft(trajectory, 1).apply(x).data, scaled(readSamples(bart.at('dy'))));
    }
    expectAgreement(`noise, 48×48 | 15 spokes, golden angle | ${direction} NUFFT, direct sum`, error, 1e-5);
  });
});

function correlation(x: Float32Array, y: Float32Array): number {
  const mean = (v: Float32Array): number => v.reduce((sum, value) => sum + value, 0) / v.length;
  const [mx, my] = [mean(x), mean(y)];
  let [xy, xx, yy] = [0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    const [a, b] = [(x[i] ?? NaN) - mx, (y[i] ?? NaN) - my];
    xy += a * b;
    xx += a * a;
    yy += b * b;
  }
  return xy / Math.sqrt(xx * yy);
}

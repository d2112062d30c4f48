/**
 * NUFFT, SENSE and L1-wavelet along radial trajectories against `bart` (https://mrirecon.github.io/bart) on the same samples and maps.
 *
 * Where they disagree: bart's gridded NUFFT is 1.3·10⁻³ larger than its own direct sum (`nufft -s`), with which ours agrees; and that
 * sum lacks the factor 1/√(rows·columns) that the gridded one has.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { NEVER_CANCELLED, type AlgorithmStatus } from '../../src/algorithms/status.ts';
import { magnitude, ndArray, type NdArray } from '../../src/array/nd-array.ts';
import type { Trajectory } from '../../src/array/trajectory.ts';
import { calibratedMaps, DEFAULT_MAPS } from '../../src/mri/cached-maps.ts';
import { gridded, griddedCalibration, densityOf } from '../../src/mri/noncartesian-gridding.ts';
import { l1WaveletAlong, senseAlong } from '../../src/mri/noncartesian-solvers.ts';
import { rootSumOfSquares } from '../../src/mri/root-sum-of-squares.ts';
import { nufft } from '../../src/operators/nufft.ts';
import { radialTrajectory } from '../../src/sampling/radial.ts';
import { readSamples, readTrajectory, writeSamples, writeTrajectory } from '../support/bart-trajectory.ts';
import { readCfl, writeCfl } from '../support/cfl.ts';
import { randomComplex, relativeError } from '../support/random-array.ts';
import { hasData, present, TEST_DATA } from '../support/tools.ts';

const LEGO = 'mri/kspace/sms_nlinv_lego_radial_16ch_69sp_bottom';
const hasBart = present('agreement with bart along trajectories', { bart: spawnSync('bart', ['version']).status === 0 });
const hasLego = hasBart && present('a measured radial scan', { [`${LEGO}.cfl`]: hasData(`${LEGO}.cfl`) });
const folder = mkdtempSync(join(tmpdir(), 'lacuna-bart-'));
const at = (name: string): string => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true }));

function bart(...args: string[]): void {
  // One thread: bart's threads spin, which on a busy machine costs more than they bring.
  const done = spawnSync('bart', args, { cwd: folder, env: { ...process.env, OMP_NUM_THREADS: '1' }, encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`bart ${args.join(' ')}: ${done.stderr}`);
}

async function finish(steps: AsyncGenerator<AlgorithmStatus, NdArray<'complex64'>>): Promise<NdArray<'complex64'>> {
  for (;;) {
    const next = await steps.next();
    if (next.done) return next.value;
  }
}

interface Problem {
  readonly trajectory: Trajectory;
  readonly y: NdArray<'complex64'>;
  readonly maps: NdArray<'complex64'>;
}

/** Samples of bart's analytic phantom (no grid is involved), scaled to a brightest pixel of about 1, and bart's maps of unit root-sum-of-squares. */
function phantom(n: number, ...traj: string[]): Problem {
  bart('traj', '-r', '-x', String(n), '-o2', ...traj, 't');
  bart('phantom', '-k', '-s8', '-t', 't', 'raw');
  bart('phantom', '-x', String(n), '-S8', 'maps');
  const trajectory = readTrajectory(at('t'), { rows: n, columns: n });
  const raw = readSamples(at('raw'));
  const maps = readCfl(at('maps'));
  const rss = rootSumOfSquares(maps).data;
  const image = rootSumOfSquares(gridded(raw, trajectory, densityOf(trajectory, new Map()))).data;
  const brightest = image.reduce((largest, value) => Math.max(largest, value), 0);
  return {
    trajectory,
    y: ndArray('complex64', raw.shape, raw.data.map((value) => value / brightest)),
    maps: ndArray('complex64', maps.shape, maps.data.map((v, i) => v / (rss[(i >> 1) % rss.length] ?? NaN))),
  };
}

function pics({ trajectory, y, maps }: Problem, ...args: string[]): NdArray<'complex64'> {
  writeTrajectory(at('pt'), trajectory);
  writeSamples(at('py'), y);
  writeCfl(at('ps'), maps);
  bart('pics', '-w', '1', ...args, '-t', 'pt', 'py', 'ps', 'px');
  return readCfl(at('px'));
}

describe.each([
  ['60 spokes, uniform', ['-y', '60']],
  ['60 spokes, golden angle', ['-y', '60', '-G']],
] as const)('phantom of 8 coils, 128×128, %s', (_name, traj) => {
  let made: Problem | null = null;
  const once = (): Problem => {
    made ??= phantom(128, ...traj);
    return made;
  };

  it.skipIf(!hasBart)('the adjoint NUFFT, 8 coils', () => {
    const { trajectory, y } = once();
    writeTrajectory(at('nt'), trajectory);
    writeSamples(at('ny'), y);
    bart('nufft', '-a', '-d', '128:128:1', 'nt', 'ny', 'nx');
    expect(relativeError(nufft(trajectory, 8).adjoint(y).data, readCfl(at('nx')).data), 'NRMSE').toBeLessThan(2e-3);
  });

  it.skipIf(!hasBart)('the forward NUFFT, 8 coils', () => {
    const { trajectory, maps } = once();
    writeTrajectory(at('nt'), trajectory);
    writeCfl(at('nx'), maps);
    bart('nufft', 'nt', 'nx', 'ny');
    expect(relativeError(nufft(trajectory, 8).apply(maps).data, readSamples(at('ny')).data), 'NRMSE').toBeLessThan(2e-3);
  });

  it.skipIf(!hasBart).each([
    { lambda: 0.01, iterations: 10 },
    { lambda: 0.01, iterations: 30 },
  ])('SENSE, λ = $lambda, $iterations iterations', async ({ lambda, iterations }) => {
    const { trajectory, y, maps } = once();
    const ours = await finish(senseAlong({ kspace: y, trajectory }, maps, { lambda, iterations, tolerance: 0, signal: NEVER_CANCELLED }));
    const theirs = pics(once(), '-l2', '-r', String(lambda), '-i', String(iterations));
  expect(relativeError(ours.data, theirs.data), 'NRMSE').toBeLessThan(3e-3);
  });

  it.skipIf(!hasBart)('L1-wavelet, λ = 0.01, 100 iterations, same wavelet, other random shifts', async () => {
    const { trajectory, y, maps } = once();
    const options = { lambda: 0.01, iterations: 100, tolerance: 0, wavelet: 'db2', levels: 4, seed: 1, signal: NEVER_CANCELLED } as const;
    const ours = await finish(l1WaveletAlong({ kspace: y, trajectory }, maps, options));
    // -e: without it bart steps by 0.95 whatever the norm of the operator, and diverges along a trajectory.
    const theirs = pics(once(), '-e', '-l1', '-r', '0.01', '-i', '100', '--wavelet', 'dau2');
  expect(relativeError(ours.data, theirs.data), 'NRMSE').toBeLessThan(0.02);
  });
});

describe('the direct sum of bart, which has no factor 1/√(rows·columns)', () => {
  const n = 48;
  const scaled = ({ data }: NdArray<'complex64'>): Float32Array => data.map((value) => value / n);

  it.skipIf(!hasBart).each(['-a', 'forward'] as const)('%s', (direction) => {
    bart('traj', '-r', '-G', '-x', String(n), '-o2', '-y', '15', 'dt');
    const trajectory = readTrajectory(at('dt'), { rows: n, columns: n });
    if (direction === '-a') {
      const y = randomComplex([1, 2 * n, 15], 1);
      writeSamples(at('dy'), y);
      bart('nufft', '-s', '-a', '-d', `${n}:${n}:1`, 'dt', 'dy', 'dx');
      expect(relativeError(nufft(trajectory, 1).adjoint(y).data, scaled(readCfl(at('dx')))), 'NRMSE').toBeLessThan(1e-5);
    } else {
      const x = randomComplex([1, n, n], 2);
      writeCfl(at('dx'), x);
      bart('nufft', '-s', 'dt', 'dx', 'dy');
      expect(relativeError(nufft(trajectory, 1).apply(x).data, scaled(readSamples(at('dy')))), 'NRMSE').toBeLessThan(1e-5);
    }
  });
});

describe('bricks measured with 16 coils along 69 spokes over a full turn, twofold oversampled', () => {
  const matrix = { rows: 192, columns: 192 };
  function lego(): { trajectory: Trajectory; y: NdArray<'complex64'> } {
    bart('traj', '-r', '-D', '-x192', '-o2', '-y69', '-q', '-0.614:-0.652:-0.0009', 't');
    return { trajectory: readTrajectory(at('t'), matrix), y: readSamples(`${TEST_DATA}/${LEGO}`) };
  }

  it.skipIf(!hasLego)('SENSE agrees with bart, λ = 1, 30 iterations, own maps', async () => {
    const { trajectory, y } = lego();
    const { maps } = await calibratedMaps(griddedCalibration(gridded(y, trajectory, densityOf(trajectory, new Map())), trajectory), DEFAULT_MAPS, new Map());
    const ours = await finish(senseAlong({ kspace: y, trajectory }, maps, { lambda: 1, iterations: 30, tolerance: 0, signal: NEVER_CANCELLED }));
    const theirs = pics({ trajectory, y, maps }, '-l2', '-r', '1', '-i', '30');
  expect(relativeError(ours.data, theirs.data), 'NRMSE').toBeLessThan(3e-3);
  });

  it.skipIf(!hasLego)('gridding shows the bricks: it correlates with bart’s SENSE, and not with a wrong turn of the spokes', async () => {
    const { trajectory, y } = lego();
    const weights = densityOf(trajectory, new Map());
    const images = gridded(y, trajectory, weights);
    const { maps } = await calibratedMaps(griddedCalibration(images, trajectory), DEFAULT_MAPS, new Map());
    const theirs = magnitude(pics({ trajectory, y, maps }, '-l2', '-r', '1', '-i', '30')).data;
    expect(correlation(rootSumOfSquares(images).data, theirs)).toBeGreaterThan(0.95);
    const golden = radialTrajectory(matrix, { spokes: 69, ordering: 'golden', tinyNumber: 7, oversampling: 2, offset: 0, frame: 0 });
    expect(correlation(rootSumOfSquares(gridded(y, golden, densityOf(golden, new Map()))).data, theirs)).toBeLessThan(0.8);
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

/**
 * The NUFFT against `bart nufft`, measured in the same run: 402 spokes of 512 samples, 8 coils, 256×256. One JSON line a figure; `ratio`
 * is bart's time divided by ours. Ours is from arrays in memory with the plan made (its time is stated beside it); bart's is that of its
 * process, as a user waits for it, plan included. Run by `npm run bench nufft`.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zeros } from '../../src/array/nd-array.ts';
import { NEVER_CANCELLED } from '../../src/algorithms/status.ts';
import { estimateMaps } from '../../src/mri/coil-maps.ts';
import { senseAlong } from '../../src/mri/noncartesian-solvers.ts';
import { NonCartesianSystem } from '../../src/mri/noncartesian-system.ts';
import { radialTrajectory } from '../../src/sampling/radial.ts';
import { Kernels, useKernels } from '../../src/transform/kernels.ts';
import { pipeMenon } from '../../src/transform/nufft/density.ts';
import { ACCURATE, FAST, Nufft } from '../../src/transform/nufft/nufft.ts';
import { writeSamples, writeTrajectory } from '../support/bart-trajectory.ts';
import { writeCfl } from '../support/cfl.ts';
import { randomComplex } from '../support/random-array.ts';

const [N, SPOKES, COILS] = [256, 402, 8];
const ROUNDS = 7;
const THREADS = 2;
const BAR = 0.7;

const folder = mkdtempSync(join(tmpdir(), 'lacuna-bench-'));
const rounded = (ms: number): number => Number(ms.toPrecision(4));
const median = (times: readonly number[]): number => [...times].sort((a, b) => a - b)[times.length >> 1] ?? NaN;

function report(figure: string, fields: Readonly<Record<string, unknown>>): void {
  process.stdout.write(`${JSON.stringify({ figure, ...fields })}\n`);
}

function timed(run: () => void): number {
  const start = performance.now();
  run();
  return performance.now() - start;
}

function bartTime(command: string, ...args: string[]): number | null {
  const start = performance.now();
  const done = spawnSync('bart', [command, ...args], { cwd: folder, env: { ...process.env, OMP_NUM_THREADS: String(THREADS) } });
  return done.status === 0 ? performance.now() - start : null;
}

/** In turns, so that whatever else the machine does meets both. */
function compare(direction: string, ours: () => void, theirs: () => number | null, planMs: number): void {
  const times: { ours: number[]; bart: number[] } = { ours: [], bart: [] };
  for (let round = 0; round < ROUNDS; round++) {
    times.ours.push(timed(ours));
    const bart = theirs();
    if (bart !== null) times.bart.push(bart);
  }
  const ms = median(times.ours);
  const bartMs = median(times.bart);
  report(`NUFFT ${direction}, ${SPOKES} spokes × ${2 * N}, ${COILS} coils, ${N}x${N}, ${THREADS} threads`, {
    ms: rounded(ms), bestMs: rounded(Math.min(...times.ours)), planMs: rounded(planMs), bar: BAR,
    ...(times.bart.length === 0
      ? { skipped: 'no bart' }
      : { bartMs: rounded(bartMs), bartBestMs: rounded(Math.min(...times.bart)), ratio: rounded(bartMs / ms), ratioWithPlan: rounded(bartMs / (ms + planMs)) }),
  });
}

async function bench(): Promise<void> {
  const kernels = new Kernels(THREADS);
  useKernels(kernels);
  const trajectory = radialTrajectory({ rows: N, columns: N }, { spokes: SPOKES, ordering: 'uniform', tinyNumber: 1, oversampling: 2, offset: 0, frame: 0 });
  const y = randomComplex([COILS, 2 * N, SPOKES], 1);
  const x = randomComplex([COILS, N, N], 2);
  writeTrajectory(join(folder, 't'), trajectory);
  writeSamples(join(folder, 'y'), y);
  writeCfl(join(folder, 'x'), x);
  const [images, samples] = [zeros('complex64', x.shape), zeros('complex64', y.shape)];
  for (const [name, options] of [['', ACCURATE], [' (fast setting)', FAST]] as const) {
    const plans = Array.from({ length: 3 }, () => timed(() => new Nufft(kernels, trajectory, options).dispose()));
    const transform = new Nufft(kernels, trajectory, options);
    compare(`adjoint${name}`, () => transform.adjoint(y, images), () => bartTime('nufft', '-a', '-d', `${N}:${N}:1`, 't', 'y', 'a'), median(plans));
    compare(`forward${name}`, () => transform.forward(x, samples), () => bartTime('nufft', 't', 'x', 'f'), median(plans));
    transform.dispose();
  }
  const density = Array.from({ length: 3 }, () => timed(() => pipeMenon(trajectory)));
  report('Pipe–Menon density, 15 iterations, same trajectory, 1 thread', { ms: rounded(median(density)) });
  benchNormal(kernels, trajectory);
  await benchSense();
  await kernels.dispose();
}

/** AᴴA by Toeplitz embedding against forward and adjoint NUFFT. */
function benchNormal(kernels: Kernels, trajectory: ReturnType<typeof radialTrajectory>): void {
  const maps = randomComplex([COILS, N, N], 3);
  const system = new NonCartesianSystem(kernels, maps, trajectory);
  const transform = new Nufft(kernels, trajectory);
  const [from, to] = [system.space.create(), system.space.create()];
  system.space.set(from, maps.data.subarray(0, 2 * N * N));
  const toeplitz = Array.from({ length: 3 * ROUNDS }, () => timed(() => system.normal(from, to)));
  const gridding = Array.from({ length: ROUNDS }, () => timed(() => transform.adjoint(transform.forward(maps))));
  report(`AᴴA of ${COILS} coils, ${N}x${N}, by Toeplitz embedding against gridding, ${THREADS} threads`, {
    ms: rounded(median(toeplitz)), griddingMs: rounded(median(gridding)), ratio: rounded(median(gridding) / median(toeplitz)),
  });
  transform.dispose();
  system.dispose();
}

/** SENSE of 16 coils, 384×384 from 69 spokes, 20 iterations, against `bart pics -t`, each from samples and maps to the image and without weights. */
async function benchSense(): Promise<void> {
  const [n, coilCount, spokes] = [384, 16, 69];
  const trajectory = radialTrajectory({ rows: n, columns: n }, { spokes, ordering: 'uniform', tinyNumber: 1, oversampling: 1, offset: 0, frame: 0 });
  const y = randomComplex([coilCount, n, spokes], 1);
  const maps = estimateMaps(randomComplex([coilCount, n, n], 2), { rows: [180, 204], columns: [180, 204] });
  writeTrajectory(join(folder, 't'), trajectory);
  writeSamples(join(folder, 'y'), y);
  writeCfl(join(folder, 's'), maps);
  const [ours, theirs]: [number[], number[]] = [[], []];
  for (let round = 0; round < 3; round++) {
    const start = performance.now();
    const steps = senseAlong({ kspace: y, trajectory }, maps, { lambda: 0.01, iterations: 20, tolerance: 0, signal: NEVER_CANCELLED });
    while (!(await steps.next()).done);
    ours.push(performance.now() - start);
    const bart = bartTime('pics', '-S', '-w', '1', '-l2', '-r', '0.01', '-i', '20', '-t', 't', 'y', 's', 'x');
    if (bart !== null) theirs.push(bart);
  }
  report(`Radial SENSE ${coilCount}x${n}x${n}, ${spokes} spokes, 20 iterations, ${THREADS} threads`, {
    ms: rounded(median(ours)), bestMs: rounded(Math.min(...ours)), bar: 1, barMs: 2000,
    ...(theirs.length === 0 ? { skipped: 'no bart' } : { bartMs: rounded(median(theirs)), bartBestMs: rounded(Math.min(...theirs)), ratio: rounded(median(theirs) / median(ours)), bestRatio: rounded(Math.min(...theirs) / Math.min(...ours)) }),
  });
}

try {
  await bench();
} finally {
  rmSync(folder, { recursive: true });
}

/** SENSE and L1-wavelet against `bart pics` (https://mrirecon.github.io/bart) on the same k-space and maps. */
import { unzipSync } from 'fflate';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { afterAll, describe, expect, it } from 'vitest';
import { NEVER_CANCELLED, type AlgorithmStatus } from '../../src/algorithms/status.ts';
import { ndArray, zeros, type NdArray } from '../../src/array/nd-array.ts';
import { decodeNpy } from '../../src/array/npy.ts';
import { estimateMaps } from '../../src/mri/coil-maps.ts';
import { l1Wavelet } from '../../src/mri/l1-wavelet.ts';
import { rootSumOfSquares } from '../../src/mri/root-sum-of-squares.ts';
import { sense } from '../../src/mri/sense.ts';
import { mask } from '../../src/operators/mask.ts';
import { describePattern } from '../../src/sampling/describe.ts';
import { randomLines } from '../../src/sampling/fastmri.ts';
import type { SamplingPattern } from '../../src/sampling/pattern.ts';
import { fft2c, ifft2c } from '../../src/transform/fft.ts';
import { readCfl, writeCfl } from '../support/cfl.ts';
import { relativeError } from '../support/random-array.ts';
import { hasData, present, TEST_DATA } from '../support/tools.ts';

const BRAIN = 'mri/kspace/midas_brain_7ch_coilimages.npz';
const hasBart = present('agreement with bart', { bart: spawnSync('bart', ['version']).status === 0 });
const hasBrain = hasBart && present('agreement with bart on a real brain', { [BRAIN]: hasData(BRAIN) });
const folder = mkdtempSync(join(tmpdir(), 'lacuna-bart-'));
afterAll(() => rmSync(folder, { recursive: true }));

function bart(...args: string[]): void {
  // One thread: bart's threads spin, which on a busy machine costs more than they bring.
  const done = spawnSync('bart', args, { cwd: folder, env: { ...process.env, OMP_NUM_THREADS: '1' }, encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`bart ${args.join(' ')}: ${done.stderr}`);
}

interface Problem {
  readonly y: NdArray<'complex64'>;
  readonly maps: NdArray<'complex64'>;
  readonly pattern: SamplingPattern;
}

/** Samples `full` at R = 3, scaled so that the brightest pixel is 1; λ means the same for both programs then (`-w 1`). */
function sampled(full: NdArray<'complex64'>, maps?: NdArray<'complex64'>): Problem {
  const [coils, rows, columns] = full.shape as [number, number, number];
  const brightest = rootSumOfSquares(ifft2c(full)).data.reduce((largest, value) => Math.max(largest, value), 0);
  const kept = randomLines(columns, { acceleration: 3, centreFraction: 0.1, seed: 2 });
  const pattern = describePattern({ kind: 'lines', rows, columns, mask: kept });
  const y = mask(pattern, coils).apply(ndArray('complex64', full.shape, full.data.map((value) => value / brightest)));
  return { y, maps: maps ?? estimateMaps(y, pattern.centre), pattern };
}

/** The phantom and the maps of bart itself, the maps brought to unit root-sum-of-squares. */
function bartPhantom(): Problem {
  bart('phantom', '-x', '128', '-k', '-s8', 'kspace');
  bart('phantom', '-x', '128', '-S8', 'maps');
  const maps = readCfl(join(folder, 'maps'));
  const rss = rootSumOfSquares(maps).data;
  return sampled(readCfl(join(folder, 'kspace')), ndArray('complex64', maps.shape, maps.data.map((v, i) => v / (rss[(i >> 1) % rss.length] ?? NaN))));
}

/** Coil images [row, column, coil] as k-space [coil, row, column]. */
function brain(): Problem {
  const bytes = unzipSync(readFileSync(join(TEST_DATA, BRAIN)))['arr_0.npy'];
  if (bytes === undefined) throw new Error(`${BRAIN} has no arr_0.npy`);
  const images = decodeNpy(bytes) as NdArray<'complex64'>;
  const [rows, columns, coils] = images.shape as [number, number, number];
  const out = zeros('complex64', [coils, rows, columns]);
  for (let i = 0; i < rows * columns * coils; i++) {
    const to = (i % coils) * rows * columns + Math.floor(i / coils);
    out.data.set(images.data.subarray(2 * i, 2 * i + 2), 2 * to);
  }
  return sampled(fft2c(out));
}

function pics({ y, maps }: Problem, ...args: string[]): NdArray<'complex64'> {
  writeCfl(join(folder, 'y'), y);
  writeCfl(join(folder, 's'), maps);
  bart('pics', '-w', '1', ...args, 'y', 's', 'x');
  return readCfl(join(folder, 'x'));
}

async function finish(steps: AsyncGenerator<AlgorithmStatus, NdArray<'complex64'>>): Promise<NdArray<'complex64'>> {
  for (;;) {
    const next = await steps.next();
    if (next.done) return next.value;
  }
}

describe.each([
  { name: 'phantom of 8 coils, 128×128', there: hasBart, problem: bartPhantom },
  { name: 'brain of 7 coils, 256×216', there: hasBrain, problem: brain },
])('$name', ({ there, problem }) => {
  // bart takes seconds to make its phantom, so each problem is made once.
  let made: Problem | null = null;
  const once = (): Problem => {
    made ??= problem();
    return made;
  };

  it.skipIf(!there).each([
    { lambda: 0.01, iterations: 10 },
    { lambda: 0.0001, iterations: 30 },
  ])('SENSE, λ = $lambda, $iterations iterations', async ({ lambda, iterations }) => {
    const { y, maps, pattern } = once();
    const ours = await finish(sense(y, maps, pattern, { lambda, iterations, tolerance: 0, signal: NEVER_CANCELLED }));
    const theirs = pics({ y, maps, pattern }, '-l2', '-r', String(lambda), '-i', String(iterations));
    expect(relativeError(ours.data, theirs.data), 'NRMSE').toBeLessThan(1e-4);
  });

  it.skipIf(!there)('L1-wavelet, λ = 0.001, 100 iterations, same wavelet, other random shifts', async () => {
    const { y, maps, pattern } = once();
    const options = { lambda: 0.001, iterations: 100, tolerance: 0, wavelet: 'db2', levels: 4, seed: 1, signal: NEVER_CANCELLED } as const;
    const ours = await finish(l1Wavelet(y, maps, pattern, options));
    const theirs = pics({ y, maps, pattern }, '-l1', '-r', '0.001', '-i', '100', '--wavelet', 'dau2');
    // Random shifts decide the last percents: bart with and without them differs by 0.06 (phantom) and 0.05 (brain).
    expect(relativeError(ours.data, theirs.data), 'NRMSE').toBeLessThan(0.04);
  });
});

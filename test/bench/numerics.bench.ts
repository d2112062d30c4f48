/**
 * Numerics against FFTW (compiled here against libfftw3f) and `bart pics`, measured in the same run. One JSON line a figure;
 * `ratio` is the other program's time divided by ours, so more than the bar is good. Run by `npm run bench numerics`.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NEVER_CANCELLED, type AlgorithmStatus } from '../../src/algorithms/status.ts';
import { zeros, type NdArray } from '../../src/array/nd-array.ts';
import { estimateMaps } from '../../src/mri/coil-maps.ts';
import { espirit } from '../../src/mri/espirit.ts';
import { l1Wavelet } from '../../src/mri/l1-wavelet.ts';
import { lowRankSparse } from '../../src/mri/low-rank-sparse.ts';
import { sense } from '../../src/mri/sense.ts';
import { totalVariation } from '../../src/mri/tv.ts';
import { coils } from '../../src/operators/coils.ts';
import { mask } from '../../src/operators/mask.ts';
import { equispacedLines } from '../../src/sampling/fastmri.ts';
import { describePattern } from '../../src/sampling/describe.ts';
import type { SamplingPattern } from '../../src/sampling/pattern.ts';
import { fft2c } from '../../src/transform/fft.ts';
import { Kernels, useKernels } from '../../src/transform/kernels.ts';
import { writeCfl } from '../support/cfl.ts';
import { randomComplex } from '../support/random-array.ts';

const SIZES = [256, 320, 384, 512] as const;
const FFT_ROUNDS = 400;
const SOLVER_ROUNDS = 5;
const THREADS = 2;

const folder = mkdtempSync(join(tmpdir(), 'lacuna-bench-'));
function report(figure: string, fields: Readonly<Record<string, unknown>>): void {
  process.stdout.write(`${JSON.stringify({ figure, ...fields })}\n`);
}

const rounded = (ms: number): number => Number(ms.toPrecision(4));
const median = (times: readonly number[]): number => [...times].sort((a, b) => a - b)[times.length >> 1] ?? NaN;

/** The public call on arrays outside kernel memory, copies and shifts included, on one thread; FFTW without either. */
function benchFft(): void {
  const theirs = fftwTimes();
  useKernels(new Kernels(1));
  for (const n of SIZES) {
    const x = randomComplex([n, n]);
    const out = zeros('complex64', [n, n]);
    const times = Array.from({ length: FFT_ROUNDS }, () => {
      const start = performance.now();
      fft2c(x, out);
      return performance.now() - start;
    });
    const ms = Math.min(...times);
    const fftw = theirs.get(n);
    report(`fft2c ${n}x${n} complex64, 1 thread`, {
      ms: rounded(ms), medianMs: rounded(median(times)), bar: 0.4,
      ...(fftw === undefined ? { skipped: 'no gcc or no libfftw3f' } : { fftwMs: rounded(fftw), ratio: rounded(fftw / ms) }),
    });
  }
}

/** Best time of FFTW_MEASURE plans, out of place, one thread; empty where it cannot be compiled. */
function fftwTimes(): Map<number, number> {
  const source = `#include <fftw3.h>
#include <stdio.h>
#include <time.h>
static double now(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec * 1e3 + t.tv_nsec / 1e6; }
int main(void) {
  int sizes[] = {${SIZES.join(', ')}};
  for (int q = 0; q < ${SIZES.length}; q++) {
    int n = sizes[q];
    fftwf_complex *a = fftwf_malloc(sizeof(*a) * n * n), *b = fftwf_malloc(sizeof(*a) * n * n);
    fftwf_plan p = fftwf_plan_dft_2d(n, n, a, b, FFTW_FORWARD, FFTW_MEASURE);
    for (int i = 0; i < n * n; i++) { a[i][0] = i % 7; a[i][1] = i % 5; }
    double best = 1e9;
    for (int r = 0; r < ${FFT_ROUNDS}; r++) { double t = now(); fftwf_execute(p); t = now() - t; if (t < best) best = t; }
    printf("%d %.6f\\n", n, best);
  }
}`;
  writeFileSync(join(folder, 'fftw.c'), source);
  const compiled = spawnSync('gcc', ['-O2', 'fftw.c', '-o', 'fftw', '-lfftw3f', '-lm'], { cwd: folder });
  if (compiled.status !== 0) return new Map();
  const output = spawnSync(join(folder, 'fftw'), { encoding: 'utf8' }).stdout;
  return new Map(output.trim().split('\n').map((line) => line.split(' ').map(Number) as [number, number]));
}

/** Whole reconstructions from k-space and maps in memory to the image; bart's time is that of its process, as a user waits for it. */
async function benchSolvers(): Promise<void> {
  const { y, maps, pattern } = problem();
  useKernels(new Kernels(THREADS));
  const options = { tolerance: 0, signal: NEVER_CANCELLED };
  const solvers = [
    {
      figure: 'SENSE 8x320x320, 30 iterations', args: ['-l2', '-r', '0.0001', '-i', '30'],
      run: () => sense(y, maps, pattern, { ...options, lambda: 1e-4, iterations: 30 }),
    },
    {
      figure: 'L1-wavelet 8x320x320, 100 iterations', args: ['-l1', '-r', '0.001', '-i', '100'],
      run: () => l1Wavelet(y, maps, pattern, { ...options, lambda: 1e-3, iterations: 100, wavelet: 'db2', levels: 4, seed: 1 }),
    },
    {
      // As many conjugate-gradient steps an ADMM step on both sides.
      figure: 'TV 8x320x320, 100 iterations', args: ['-m', '-R', 'T:3:0:0.001', '-u', '0.05', '-C', '4', '-i', '100'],
      run: () => totalVariation(y, maps, pattern, { ...options, lambda: 1e-3, rho: 0.05, iterations: 100, innerIterations: 4 }),
    },
  ];
  writeCfl(join(folder, 'y'), y);
  writeCfl(join(folder, 's'), maps);
  for (const { figure, args, run } of solvers) {
    // In turns, so that whatever else the machine does meets both.
    const [ours, theirs]: [number[], number[]] = [[], []];
    for (let round = 0; round < SOLVER_ROUNDS; round++) {
      ours.push(await timed(run));
      const bart = bartTime(['pics', '-w', '1', ...args, 'y', 's', 'x']);
      if (bart !== null) theirs.push(bart);
    }
    const ms = median(ours);
    report(`${figure}, ${THREADS} threads`, {
      ms: rounded(ms), bestMs: rounded(Math.min(...ours)), bar: 1,
      ...(theirs.length === 0
        ? { skipped: 'no bart' }
        : { bartMs: rounded(median(theirs)), bartBestMs: rounded(Math.min(...theirs)), ratio: rounded(median(theirs) / ms), bestRatio: rounded(Math.min(...theirs) / Math.min(...ours)) }),
    });
  }
}

/** From k-space in memory to maps; bart's time is that of its process. Kernel 6, 24×24 calibration, one set, no crop. */
function benchEspirit(): void {
  const { full } = problem();
  writeCfl(join(folder, 'k'), full);
  const team = new Kernels(THREADS);
  useKernels(team);
  const range = { rows: [148, 172], columns: [148, 172] } as const;
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < SOLVER_ROUNDS; round++) {
    const start = performance.now();
    espirit(full, range, { kernel: 6, calibration: 24, threshold: 0.02, crop: 0, sets: 1 });
    ours.push(performance.now() - start);
    const bart = bartTime(['ecalib', '-m1', '-k6', '-r24', '-c0', 'k', 'e']);
    if (bart !== null) theirs.push(bart);
  }
  const ms = median(ours);
  report(`ESPIRiT 8x320x320, ${THREADS} threads`, {
    ms: rounded(ms), bestMs: rounded(Math.min(...ours)), bar: 0.7, kernelMemoryMB: rounded(team.heap.memory.buffer.byteLength / 1e6),
    ...(theirs.length === 0
      ? { skipped: 'no bart' }
      : { bartMs: rounded(median(theirs)), bartBestMs: rounded(Math.min(...theirs)), ratio: rounded(median(theirs) / ms), bestRatio: rounded(Math.min(...theirs) / Math.min(...ours)) }),
  });
}

/** All frames of a series together, from k-space in memory; the figure to beat is 6 s. The k-space is that of a still object with noise of its own a frame. */
async function benchSeries(): Promise<void> {
  const [frames, coilCount, n] = [24, 8, 128];
  const maps = estimateMaps(randomComplex([coilCount, n, n], 1), { rows: [48, 80], columns: [48, 80] });
  const series = Array.from({ length: frames }, (_, t) => {
    const lines = equispacedLines(n, { acceleration: 6, centreFraction: 0.08, seed: t + 1 });
    const pattern = describePattern({ kind: 'lines', rows: n, columns: n, mask: lines });
    return { pattern, kspace: mask(pattern, coilCount).apply(randomComplex([coilCount, n, n], t + 2)) };
  });
  useKernels(new Kernels(THREADS));
  const times: number[] = [];
  for (let round = 0; round < SOLVER_ROUNDS; round++) {
    const start = performance.now();
    const steps = lowRankSparse(series, maps, { lambdaLow: 0.01, lambdaSparse: 0.01, iterations: 50, tolerance: 0, signal: NEVER_CANCELLED });
    while (!(await steps.next()).done);
    times.push(performance.now() - start);
  }
  report(`Low-rank + sparse ${frames}x${coilCount}x${n}x${n}, 50 iterations, ${THREADS} threads`, { ms: rounded(median(times)), bestMs: rounded(Math.min(...times)), barMs: 6000 });
}

async function timed(run: () => AsyncGenerator<AlgorithmStatus, NdArray<'complex64'>>): Promise<number> {
  const start = performance.now();
  const steps = run();
  while (!(await steps.next()).done);
  return performance.now() - start;
}

function bartTime(args: readonly string[]): number | null {
  const start = performance.now();
  const done = spawnSync('bart', args, { cwd: folder, env: { ...process.env, OMP_NUM_THREADS: String(THREADS) } });
  return done.status === 0 ? performance.now() - start : null;
}

/** Eight smooth maps, a disc with a stripe pattern, every fourth line and the centre. */
function problem(): { full: NdArray<'complex64'>; y: NdArray<'complex64'>; maps: NdArray<'complex64'>; pattern: SamplingPattern } {
  const n = 320;
  const image = zeros('complex64', [n, n]);
  const raw = zeros('complex64', [8, n, n]);
  for (let i = 0; i < n * n; i++) {
    const [x, v] = [((i % n) / n) * 2 - 1, (Math.floor(i / n) / n) * 2 - 1];
    image.data[2 * i] = x * x + v * v < 0.7 ? 0.6 + 0.4 * Math.sin(20 * x * v) : 0;
    for (let c = 0; c < 8; c++) {
      const a = (c * Math.PI) / 4;
      const size = Math.exp(-((x - Math.cos(a)) ** 2 + (v - Math.sin(a)) ** 2));
      raw.data.set([size * Math.cos(a + x), size * Math.sin(a + x)], 2 * (c * n * n + i));
    }
  }
  const full = fft2c(coils(raw).apply(image));
  const pattern = describePattern({ kind: 'lines', rows: n, columns: n, mask: equispacedLines(n, { acceleration: 4, centreFraction: 0.08, seed: 1 }) });
  return { full, y: mask(pattern, 8).apply(full), maps: estimateMaps(full, pattern.centre), pattern };
}

try {
  benchFft();
  await benchSolvers();
  benchEspirit();
  await benchSeries();
} finally {
  rmSync(folder, { recursive: true });
}

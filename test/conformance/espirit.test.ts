/** ESPIRiT against `bart ecalib`, and SENSE with its maps against `bart pics` (https://mrirecon.github.io/bart). */
import { unzipSync } from 'fflate';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { afterAll, describe, expect, it } from 'vitest';
import { NEVER_CANCELLED, type AlgorithmStatus } from '../../src/algorithms/status.ts';
import { ndArray, subArray, zeros, type NdArray } from '../../src/array/nd-array.ts';
import { decodeNpy } from '../../src/array/npy.ts';
import { calibrationRange } from '../../src/mri/calibration-key.ts';
import { espirit } from '../../src/mri/espirit.ts';
import { rootSumOfSquares } from '../../src/mri/root-sum-of-squares.ts';
import { sense } from '../../src/mri/sense.ts';
import { mask } from '../../src/operators/mask.ts';
import { Random } from '../../src/random/xoshiro.ts';
import { describePattern } from '../../src/sampling/describe.ts';
import type { SamplingPattern } from '../../src/sampling/pattern.ts';
import { fft2c, ifft2c } from '../../src/transform/fft.ts';
import { readCfl, writeCfl } from '../support/cfl.ts';
import { relativeError } from '../support/random-array.ts';
import { hasData, present, TEST_DATA } from '../support/tools.ts';

const MIDAS = 'mri/kspace/midas_brain_7ch_coilimages.npz';
const SIGPY = 'mri/kspace/sigpy_brain_8ch_cart_poisson.npy';
const hasBart = present('agreement with bart', { bart: spawnSync('bart', ['version']).status === 0 });
const folder = mkdtempSync(join(tmpdir(), 'lacuna-espirit-'));
afterAll(() => rmSync(folder, { recursive: true }));

function bart(...args: string[]): void {
  const done = spawnSync('bart', args, { cwd: folder, env: { ...process.env, OMP_NUM_THREADS: '1' }, encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`bart ${args.join(' ')}: ${done.stderr}`);
}

/** Brightest pixel of the coil images 1. */
function scaled(kspace: NdArray<'complex64'>): NdArray<'complex64'> {
  const brightest = rootSumOfSquares(ifft2c(kspace)).data.reduce((most, value) => Math.max(most, value), 0);
  return ndArray('complex64', kspace.shape, kspace.data.map((value) => value / brightest));
}

function phantom(): NdArray<'complex64'> {
  bart('phantom', '-x', '128', '-k', '-s8', 'kspace');
  return scaled(readCfl(join(folder, 'kspace')));
}

/** Coil images [row, column, coil] as k-space [coil, row, column]. */
function midas(): NdArray<'complex64'> {
  const bytes = unzipSync(readFileSync(join(TEST_DATA, MIDAS)))['arr_0.npy'];
  if (bytes === undefined) throw new Error(`${MIDAS} has no arr_0.npy`);
  const images = decodeNpy(bytes) as NdArray<'complex64'>;
  const [rows, columns, coils] = images.shape as [number, number, number];
  const out = zeros('complex64', [coils, rows, columns]);
  for (let i = 0; i < rows * columns * coils; i++) {
    out.data.set(images.data.subarray(2 * i, 2 * i + 2), 2 * ((i % coils) * rows * columns + Math.floor(i / coils)));
  }
  return scaled(fft2c(out));
}

const sigpy = (): NdArray<'complex64'> => scaled(decodeNpy(readFileSync(join(TEST_DATA, SIGPY))) as NdArray<'complex64'>);

/** What was measured: every point that is not zero in the first coil. */
function measuredPoints({ shape, data }: NdArray<'complex64'>): SamplingPattern {
  const [, rows, columns] = shape as [number, number, number];
  return describePattern({ kind: 'points', rows, columns, mask: Uint8Array.from({ length: rows * columns }, (_, i) => (data[2 * i] !== 0 || data[2 * i + 1] !== 0 ? 1 : 0)) });
}

async function finish(steps: AsyncGenerator<AlgorithmStatus, NdArray<'complex64'>>): Promise<NdArray<'complex64'>> {
  for (;;) {
    const next = await steps.next();
    if (next.done) return next.value;
  }
}

/** Share of the brightest pixel from which a pixel counts as object. */
const OBJECT = 0.1;
/** bart stops after 30 iterations: where the second eigenvalue comes closer than this it has not arrived (0.8 to the power of 30 is 10⁻³). */
const APART = 0.7;
const OPTIONS = { kernel: 6, calibration: 24, threshold: 0.02, crop: 0, sets: 1 } as const;

function centreOf([, rows, columns]: readonly number[]): SamplingPattern['centre'] {
  const middle = (n: number): [number, number] => [Math.floor(n / 2) - 12, Math.floor(n / 2) + 12];
  return { rows: middle(rows as number), columns: middle(columns as number) };
}

/** Root-sum-of-squares of the calibration samples' image, brightest pixel 1: where tissue is, also for an undersampled scan. */
function lowResolutionObject(kspace: NdArray<'complex64'>): Float32Array {
  const [coils, rows, columns] = kspace.shape as [number, number, number];
  const { rows: [top, bottom], columns: [left, right] } = centreOf(kspace.shape);
  const block = Uint8Array.from({ length: rows * columns }, (_, i) => {
    const [r, c] = [Math.floor(i / columns), i % columns];
    return r >= top && r < bottom && c >= left && c < right ? 1 : 0;
  });
  const image = rootSumOfSquares(ifft2c(mask(describePattern({ kind: 'points', rows, columns, mask: block }), coils).apply(kspace))).data;
  const brightest = image.reduce((most, value) => Math.max(most, value), 0);
  return image.map((value) => value / brightest);
}

describe.each([
  { name: 'phantom of 8 coils, 128×128', there: hasBart, kspace: phantom },
  { name: 'brain of 7 coils, 256×216', there: hasBart && present('ESPIRiT of a real brain', { [MIDAS]: hasData(MIDAS) }), kspace: midas },
  { name: 'brain of 8 coils, 230×180, Poisson-disc', there: hasBart && present('ESPIRiT of a real brain', { [SIGPY]: hasData(SIGPY) }), kspace: sigpy },
])('$name', ({ there, kspace }) => {
  let made: NdArray<'complex64'> | null = null;
  const once = (): NdArray<'complex64'> => {
    made ??= kspace();
    return made;
  };

  it.skipIf(!there)('maps point where those of ecalib do', () => {
    const full = once();
    const { maps, eigenvalues } = espirit(full, centreOf(full.shape), { ...OPTIONS, sets: 2 });
    writeCfl(join(folder, 'k'), full);
    // bart's threshold is on eigenvalues, the square of ours.
    bart('ecalib', '-m1', '-k6', '-r24', '-t', '0.0004', '-c0', 'k', 's');
    const theirs = readCfl(join(folder, 's'));
    const [coils, rows, columns] = full.shape as [number, number, number];
    const size = rows * columns;
    const object = lowResolutionObject(full);
    const alike: number[] = [];
    for (let i = 0; i < size; i++) {
      if ((object[i] ?? NaN) < OBJECT) continue;
      const [first, second] = [eigenvalues.data[i] ?? NaN, eigenvalues.data[size + i] ?? NaN];
      if (second > APART * first) continue;
      let [re, im, power] = [0, 0, 0];
      for (let c = 0; c < coils; c++) {
        const at = 2 * (c * size + i);
        const [ar, ai, br, bi] = [maps.data[at] ?? NaN, maps.data[at + 1] ?? NaN, theirs.data[at] ?? NaN, theirs.data[at + 1] ?? NaN];
        re += ar * br + ai * bi;
        im += ar * bi - ai * br;
        power += br * br + bi * bi;
      }
      alike.push(Math.hypot(re, im) / Math.sqrt(power));
    }
    alike.sort((a, b) => a - b);
    expect(alike.length).toBeGreaterThan(size / 8);
    expect(alike[0], 'worst pixel').toBeGreaterThan(0.999);
    expect(alike[Math.floor(alike.length / 100)], '1 % quantile').toBeGreaterThan(0.9999);
  });

  it.skipIf(!there).each([
    { pattern: 'R = 2', lines: 2 },
    { pattern: 'R = 3', lines: 3 },
    { pattern: 'R = 4', lines: 4 },
    { pattern: 'Poisson-disc', lines: 0 },
  ])('SENSE with ESPIRiT maps, $pattern', async ({ lines }) => {
    const full = once();
    const [coils, rows, columns] = full.shape as [number, number, number];
    const measured = measuredPoints(full);
    const whole = measured.kept === measured.total;
    // A scan that was itself undersampled is taken as it is.
    if (!whole && lines > 0) return;
    const { rows: [top, bottom], columns: [left, right] } = centreOf(full.shape);
    const bare = lines > 0
      ? { kind: 'lines' as const, mask: Uint8Array.from({ length: columns }, (_, i) => (i % lines === 0 || (i >= left && i < right) ? 1 : 0)) }
      : { kind: 'points' as const, mask: Uint8Array.from({ length: rows * columns }, (_, i) => {
          const [r, c] = [Math.floor(i / columns), i % columns];
          return new Random(3, i).uniform() < 0.25 || (r >= top && r < bottom && c >= left && c < right) ? 1 : 0;
        }) };
    const pattern = whole ? describePattern({ ...bare, rows, columns }) : measured;
    const y = mask(pattern, coils).apply(full);
    const maps = subArray(espirit(y, calibrationRange([rows, columns], pattern.centre), OPTIONS).maps, 0);
    const ours = await finish(sense(y, maps, pattern, { lambda: 0.001, iterations: 30, tolerance: 0, signal: NEVER_CANCELLED }));
    writeCfl(join(folder, 'y'), y);
    writeCfl(join(folder, 'm'), maps);
    bart('pics', '-w', '1', '-l2', '-r', '0.001', '-i', '30', 'y', 'm', 'x');
    // bart's centred transform of a length ≡ 2 (mod 4) has the other sign.
    const sign = [rows, columns].reduce((product, n) => (n % 4 === 2 ? -product : product), 1);
    const error = relativeError(ours.data, readCfl(join(folder, 'x')).data.map((value) => sign * value));
    expect(error, 'NRMSE').toBeLessThan(1e-4);
  });
});

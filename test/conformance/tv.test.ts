/** Total variation against `bart pics -R T` (https://mrirecon.github.io/bart) on the same k-space and maps. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { NEVER_CANCELLED, type AlgorithmStatus } from '../../src/algorithms/status.ts';
import { ndArray, type NdArray } from '../../src/array/nd-array.ts';
import { rootSumOfSquares } from '../../src/mri/root-sum-of-squares.ts';
import { totalVariation } from '../../src/mri/tv.ts';
import { mask } from '../../src/operators/mask.ts';
import { describePattern } from '../../src/sampling/describe.ts';
import { randomLines } from '../../src/sampling/fastmri.ts';
import { poissonDiscPoints } from '../../src/sampling/poisson-disc.ts';
import { regularLines } from '../../src/sampling/regular.ts';
import { ifft2c } from '../../src/transform/fft.ts';
import { readCfl, writeCfl } from '../support/cfl.ts';
import { relativeError } from '../support/random-array.ts';
import { present } from '../support/tools.ts';

const hasBart = present('agreement of TV with bart', { bart: spawnSync('bart', ['version']).status === 0 });
const folder = mkdtempSync(join(tmpdir(), 'lacuna-bart-tv-'));
afterAll(() => rmSync(folder, { recursive: true }));

const SIZE = 128;
const COILS = 8;

function bart(...args: string[]): void {
  const done = spawnSync('bart', args, { cwd: folder, env: { ...process.env, OMP_NUM_THREADS: '1' }, encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`bart ${args.join(' ')}: ${done.stderr}`);
}

interface Scan {
  /** Of brightest pixel 1. */
  readonly kspace: NdArray<'complex64'>;
  readonly maps: NdArray<'complex64'>;
}
let scan: Scan | undefined;

function phantom(): Scan {
  if (scan !== undefined) return scan;
  bart('phantom', '-x', String(SIZE), '-k', `-s${COILS}`, 'kspace');
  bart('phantom', '-x', String(SIZE), `-S${COILS}`, 'maps');
  const [kspace, maps] = [readCfl(join(folder, 'kspace')), readCfl(join(folder, 'maps'))];
  const brightest = rootSumOfSquares(ifft2c(kspace)).data.reduce((most, value) => Math.max(most, value), 0);
  const size = rootSumOfSquares(maps).data;
  scan = {
    kspace: ndArray('complex64', kspace.shape, kspace.data.map((value) => value / brightest)),
    maps: ndArray('complex64', maps.shape, maps.data.map((value, i) => value / (size[(i >> 1) % size.length] ?? NaN))),
  };
  return scan;
}

async function finish(steps: AsyncGenerator<AlgorithmStatus, NdArray<'complex64'>>): Promise<NdArray<'complex64'>> {
  for (;;) {
    const next = await steps.next();
    if (next.done) return next.value;
  }
}

const patterns = [
  ...[2, 3, 4].map((spacing) => ({ name: `regular R = ${spacing}`, kind: 'lines' as const, kept: regularLines(SIZE, { spacing, calibration: 16, offset: 0 }) })),
  { name: 'random R = 3', kind: 'lines' as const, kept: randomLines(SIZE, { acceleration: 3, centreFraction: 0.1, seed: 2 }) },
  { name: 'Poisson-disc R = 6', kind: 'points' as const, kept: poissonDiscPoints(SIZE, SIZE, { acceleration: 6, centreFraction: 0.1, seed: 2 }) },
];

describe.skipIf(!hasBart).each(patterns)('$name, λ = 0.002, ρ = 0.01, both converged', ({ kind, kept }) => {
  it('agrees with bart', async () => {
    const { kspace, maps } = phantom();
    const pattern = describePattern({ kind, rows: SIZE, columns: SIZE, mask: kept });
    const y = mask(pattern, COILS).apply(kspace);
    writeCfl(join(folder, 'y'), y);
    writeCfl(join(folder, 's'), maps);
    bart('pics', '-w', '1', '-R', 'T:3:0:0.002', '-u', '0.01', '-i', '1000', 'y', 's', 'x');
    const options = { lambda: 0.002, rho: 0.01, iterations: 300, innerIterations: 5, tolerance: 0, signal: NEVER_CANCELLED };
    const ours = await finish(totalVariation(y, maps, pattern, options));
    const difference = relativeError(ours.data, readCfl(join(folder, 'x')).data);
    // Found: 0.004 (regular R = 2) to 0.014 (random lines): ADMM's last percent is slow in both programs.
    expect(difference, 'NRMSE').toBeLessThan(0.02);
  });
});

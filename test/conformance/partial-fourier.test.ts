/** Homodyne against `bart homodyne` (https://mrirecon.github.io/bart) on bart's own phantom with a smooth phase. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ndArray, type NdArray } from '../../src/array/nd-array.ts';
import { homodyne } from '../../src/mri/homodyne.ts';
import { pocs } from '../../src/mri/pocs.ts';
import { NEVER_CANCELLED } from '../../src/algorithms/status.ts';
import { rootSumOfSquares } from '../../src/mri/root-sum-of-squares.ts';
import { mask } from '../../src/operators/mask.ts';
import { describePattern } from '../../src/sampling/describe.ts';
import { partialFourierLines } from '../../src/sampling/partial-fourier.ts';
import { fft2c, ifft2c } from '../../src/transform/fft.ts';
import { readCfl, writeCfl } from '../support/cfl.ts';
import { relativeError } from '../support/random-array.ts';
import { present } from '../support/tools.ts';

const hasBart = present('agreement of partial Fourier with bart', { bart: spawnSync('bart', ['version']).status === 0 });
const folder = mkdtempSync(join(tmpdir(), 'lacuna-bart-pf-'));
afterAll(() => rmSync(folder, { recursive: true }));

const SIZE = 128;

function bart(...args: string[]): void {
  const done = spawnSync('bart', args, { cwd: folder, env: { ...process.env, OMP_NUM_THREADS: '1' }, encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`bart ${args.join(' ')}: ${done.stderr}`);
}

/** [1, row, column] of brightest pixel 1, with a phase that bends over the field of view. */
function phantom(): NdArray<'complex64'> {
  bart('phantom', '-x', String(SIZE), '-k', 'kspace');
  const image = rootSumOfSquares(ifft2c(ndArray('complex64', [1, SIZE, SIZE], readCfl(join(folder, 'kspace')).data)));
  const top = image.data.reduce((most, value) => Math.max(most, value), 0);
  const data = Float32Array.from({ length: 2 * SIZE * SIZE }, (_, k) => {
    const [row, column] = [Math.floor((k >> 1) / SIZE) / SIZE - 0.5, ((k >> 1) % SIZE) / SIZE - 0.5];
    const phase = 1.2 * column + 0.8 * row * row - 0.4;
    return ((image.data[k >> 1] ?? NaN) / top) * (k % 2 === 0 ? Math.cos(phase) : Math.sin(phase));
  });
  return fft2c(ndArray('complex64', [1, SIZE, SIZE], data));
}

/** Found: 0.031 and 0.015. bart takes the phase from the symmetric centre without a window, so the two differ where that rings. */
describe.skipIf(!hasBart).each([{ fraction: 0.625, tolerance: 0.04 }, { fraction: 0.75, tolerance: 0.02 }])('partial Fourier, $fraction of the lines', ({ fraction, tolerance }) => {
  it('homodyne with a ramp agrees, and is nearer to the truth; POCS still nearer', async () => {
    const flags = partialFourierLines(SIZE, { fraction, omit: 'end', spacing: 1, calibration: 0 });
    const pattern = describePattern({ kind: 'lines', rows: SIZE, columns: SIZE, mask: flags });
    const full = phantom();
    const y = mask(pattern, 1).apply(full);
    writeCfl(join(folder, 'y'), y);
    bart('homodyne', '0', String(fraction), 'y', 'x');
    const truth = rootSumOfSquares(ifft2c(full)).data;
    const theirs = rootSumOfSquares(ndArray('complex64', [1, SIZE, SIZE], readCfl(join(folder, 'x')).data)).data;
    const ours = homodyne(y, pattern, 'ramp').data;
    expect(relativeError(ours, theirs), 'NRMSE').toBeLessThan(tolerance);
    expect(relativeError(ours, truth)).toBeLessThan(relativeError(theirs, truth));
    const steps = pocs(y, pattern, { iterations: 30, tolerance: 0, signal: NEVER_CANCELLED });
    let next = await steps.next();
    while (!next.done) next = await steps.next();
    expect(relativeError(rootSumOfSquares(next.value.images).data, truth)).toBeLessThan(relativeError(ours, truth));
  });
});

/**
 * Homodyne against `bart homodyne` (https://mrirecon.github.io/bart), coil by coil: on bart's own phantom with a smooth phase, and on a
 * brain. bart takes the phase from the symmetric centre without a window, ours with one, so the two differ where that rings.
 */
import { describe, expect, it } from 'vitest';
import { NEVER_CANCELLED } from '../../src/algorithms/status.ts';
import { ndArray, subArray, zeros, type NdArray } from '../../src/array/nd-array.ts';
import { homodyne } from '../../src/mri/homodyne.ts';
import { pocs } from '../../src/mri/pocs.ts';
import { rootSumOfSquares } from '../../src/mri/root-sum-of-squares.ts';
import { mask } from '../../src/operators/mask.ts';
import { describePattern } from '../../src/sampling/describe.ts';
import { partialFourierLines } from '../../src/sampling/partial-fourier.ts';
import type { SamplingPattern } from '../../src/sampling/pattern.ts';
import { fft2c, ifft2c } from '../../src/transform/fft.ts';
import { expectAgreement } from '../support/agreement.ts';
import { bartFolder, hasBart } from '../support/bart.ts';
import { readCfl, writeCfl } from '../support/cfl.ts';
import { finish } from '../support/finish.ts';
import { relativeError } from '../support/random-array.ts';
import { MIDAS, midasScan } from '../support/scans.ts';
import { hasData, present } from '../support/tools.ts';

const there = present('agreement of partial Fourier with bart', { bart: hasBart });
const hasBrain = there && present('agreement of partial Fourier with bart on a brain', { [MIDAS]: hasData(MIDAS) });
const bart = bartFolder('lacuna-partial-fourier-');
const SIZE = 128;

/** [1, row, column] of brightest pixel 1, with a phase that bends over the field of view. */
async function phantom(): Promise<NdArray<'complex64'>> {
  await bart.run('phantom', '-x', String(SIZE), '-k', 'kspace');
  const image = rootSumOfSquares(ifft2c(ndArray('complex64', [1, SIZE, SIZE], readCfl(bart.at('kspace')).data)));
  const top = image.data.reduce((most, value) => Math.max(most, value), 0);
  const data = Float32Array.from({ length: 2 * SIZE * SIZE }, (_, k) => {
    const [row, column] = [Math.floor((k >> 1) / SIZE) / SIZE - 0.5, ((k >> 1) % SIZE) / SIZE - 0.5];
    const phase = 1.2 * column + 0.8 * row * row - 0.4;
    return ((image.data[k >> 1] ?? NaN) / top) * (k % 2 === 0 ? Math.cos(phase) : Math.sin(phase));
  });
  return fft2c(ndArray('complex64', [1, SIZE, SIZE], data));
}

/** Each coil on its own, as bart does it; then the root-sum-of-squares. */
function coilByCoil(y: NdArray<'complex64'>, pattern: SamplingPattern): Float32Array {
  const [coils, rows, columns] = y.shape as [number, number, number];
  const size = rows * columns;
  const out = zeros('complex64', y.shape);
  for (let c = 0; c < coils; c++) {
    const { data } = homodyne(ndArray('complex64', [1, rows, columns], subArray(y, c).data), pattern, 'ramp');
    for (let i = 0; i < size; i++) out.data[2 * (c * size + i)] = data[i] ?? NaN;
  }
  return rootSumOfSquares(out).data;
}

interface Half {
  readonly y: NdArray<'complex64'>;
  readonly pattern: SamplingPattern;
  /** Root-sum-of-squares of all samples. */
  readonly truth: Float32Array;
}

function halfOf(full: NdArray<'complex64'>, fraction: number): Half {
  const [coils, rows, columns] = full.shape as [number, number, number];
  const pattern = describePattern({ kind: 'lines', rows, columns, mask: partialFourierLines(columns, { fraction, omit: 'end', spacing: 1, calibration: 0 }) });
  return { pattern, y: mask(pattern, coils).apply(full), truth: rootSumOfSquares(ifft2c(full)).data };
}

describe.each([
  { name: 'phantom, one coil, 128×128', possible: there, make: phantom, cases: [{ fraction: 0.625, tolerance: 0.045 }, { fraction: 0.75, tolerance: 0.023 }] },
  { name: 'brain, 7 coils, 256×216', possible: hasBrain, make: async () => (await midasScan()).kspace, cases: [{ fraction: 0.625, tolerance: 0.052 }, { fraction: 0.75, tolerance: 0.04 }] },
])('$name', ({ name, possible, make, cases }) => {
  let made: Promise<NdArray<'complex64'>> | undefined;
  const once = (): Promise<NdArray<'complex64'>> => {
    made ??= make();
    return made;
  };

  describe.skipIf(!possible).each(cases)('$fraction of the lines', ({ fraction, tolerance }) => {
    it(`homodyne with a ramp: NRMSE below ${tolerance}`, async () => {
      const { y, pattern } = halfOf(await once(), fraction);
      writeCfl(bart.at('y'), y);
      await bart.run('homodyne', '0', String(fraction), 'y', 'x');
      const theirs = rootSumOfSquares(ndArray('complex64', y.shape, readCfl(bart.at('x')).data)).data;
      expectAgreement(`${name} | partial Fourier ${8 * fraction}/8 | homodyne`, relativeError(coilByCoil(y, pattern), theirs), tolerance);
    });

    it('POCS is nearer to the image of all lines than homodyne', async () => {
      const { y, pattern, truth } = halfOf(await once(), fraction);
      const { images } = await finish(pocs(y, pattern, { iterations: 30, tolerance: 0, signal: NEVER_CANCELLED }));
      expect(relativeError(rootSumOfSquares(images).data, truth)).toBeLessThan(relativeError(coilByCoil(y, pattern), truth));
    });
  });
});

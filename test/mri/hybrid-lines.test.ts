import { expect, it } from 'vitest';
import { coils } from '../../src/operators/coils.ts';
import { findCoilCompression } from '../../src/mri/coil-compression.ts';
import { predictSamples, relativeResidual } from '../../src/mri/data-residual.ts';
import { adjointOfLines, hybridOf, maskedLines, residualOfLines, zeroFilledLines } from '../../src/mri/hybrid-lines.ts';
import { zeroFilled } from '../../src/mri/zero-filled.ts';
import { measure } from '../../src/pipeline/measure.ts';
import { describePattern } from '../../src/sampling/describe.ts';
import { ifft2c } from '../../src/transform/fft.ts';
import { randomComplex } from '../support/random-array.ts';

const [COILS, ROWS, COLUMNS] = [3, 12, 10];
const mask = Uint8Array.of(1, 0, 0, 1, 1, 1, 0, 0, 1, 0);
const pattern = describePattern({ kind: 'lines', rows: ROWS, columns: COLUMNS, mask });
const recorded = randomComplex([COILS, ROWS, COLUMNS]);
const maps = randomComplex([COILS, ROWS, COLUMNS], 2);
const seen = measure(recorded, pattern, { output: { rows: ROWS, columns: COLUMNS } }).kspace;

function close(found: Float32Array, expected: Float32Array): void {
  expect(found.length).toBe(expected.length);
  for (const [i, value] of expected.entries()) expect(found[i]).toBeCloseTo(value, 5);
}

it('the zero-filled image from hybrid space is that of the masked samples, twice in a row and for another pattern between', () => {
  close(zeroFilledLines(recorded, mask).data, zeroFilled(seen).data);
  zeroFilledLines(recorded, new Uint8Array(COLUMNS).fill(1));
  close(zeroFilledLines(recorded, mask).data, zeroFilled(seen).data);
});

it('the adjoint and the residual look at the flagged columns alone', () => {
  const hybrid = hybridOf(recorded, null);
  close(adjointOfLines(hybrid, mask, maps).data, coils(maps).adjoint(ifft2c(seen)).data);
  const image = randomComplex([ROWS, COLUMNS], 3);
  expect(residualOfLines(image, maps, hybrid, mask)).toBeCloseTo(relativeResidual(predictSamples(image, maps, pattern), seen), 5);
  expect(residualOfLines(image, maps, hybrid, mask)).toBeCloseTo(residualOfLines(image, maps, maskedLines(hybrid, mask), mask), 12);
});

it('is kept for the slice looked at last: plain and compressed beside each other', () => {
  const compression = findCoilCompression(recorded, { rows: [0, ROWS], columns: [3, 6] }, 2);
  const [plain, compressed] = [hybridOf(recorded, null), hybridOf(recorded, compression)];
  expect(compressed.shape).toEqual([2, ROWS, COLUMNS]);
  expect(hybridOf(recorded, null)).toBe(plain);
  expect(hybridOf(recorded, compression)).toBe(compressed);
  hybridOf(randomComplex([COILS, ROWS, COLUMNS], 5), null);
  expect(hybridOf(recorded, null)).not.toBe(plain);
});

import { describe, expect, it } from 'vitest';
import type { NdArray } from '../../src/array/nd-array.ts';
import { zeros } from '../../src/array/nd-array.ts';
import { estimateMaps } from '../../src/mri/coil-maps.ts';
import { calibrationKey, calibrationRange } from '../../src/mri/calibration-key.ts';
import { dataResidual, dftMatrix, multiplyMaps, toGraphSpace, unrolledInputs } from '../../src/mri/unrolled.ts';
import { unrolledVerification } from '../../src/mri/unrolled-verification.ts';
import { fft1c, fft2c, ifft1c } from '../../src/transform/fft.ts';

const [ROWS, COLUMNS] = [18, 21];

function noise(shape: readonly number[], seed = 1): NdArray<'complex64'> {
  const out = zeros('complex64', shape);
  for (let i = 0; i < out.data.length; i++) out.data[i] = Math.sin(seed + i * 1.37 + ((i * i) % 17));
  return out;
}

describe('dftMatrix', () => {
  it.each([1, 2, 15, 16, 21, 320])('is fft1c as a matrix, N = %i', (n) => {
    const w = dftMatrix(n);
    const x = noise([n]);
    const expected = fft1c(x, 0);
    for (let k = 0; k < n; k++) {
      let [re, im] = [0, 0];
      for (let j = 0; j < n; j++) {
        const [wr, wi] = [w.data[2 * (k * n + j)] as number, w.data[2 * (k * n + j) + 1] as number];
        const [xr, xi] = [x.data[2 * j] as number, x.data[2 * j + 1] as number];
        re += wr * xr - wi * xi;
        im += wr * xi + wi * xr;
      }
      expect(Math.hypot(re - (expected.data[2 * k] as number), im - (expected.data[2 * k + 1] as number))).toBeLessThan(
        2e-6 * Math.sqrt(n),
      );
    }
  });
});

describe('graph inputs', () => {
  const maps = noise([2, ROWS, COLUMNS], 3);

  it('for lines: readout in image space, one flag a column, one DFT', () => {
    const kspace = noise([2, ROWS, COLUMNS]);
    const mask = Uint8Array.from({ length: COLUMNS }, (_, c) => (c % 3 === 0 ? 1 : 0));
    const measured = toGraphSpace(kspace, 'lines');
    expect(measured).toEqual(ifft1c(kspace, 1));
    const inputs = unrolledInputs(measured, maps, { kind: 'lines', mask });
    expect(Object.keys(inputs).sort()).toEqual(['dft_columns', 'kspace', 'maps', 'mask']);
    expect(inputs['kspace']?.shape).toEqual([2, ROWS, COLUMNS, 2]);
    expect(inputs['maps']?.shape).toEqual([2, ROWS, COLUMNS, 2]);
    expect(inputs['dft_columns']?.shape).toEqual([COLUMNS, COLUMNS, 2]);
    expect([...(inputs['mask']?.data ?? [])]).toEqual([...mask]);
  });

  it('for points: k-space as it is, one flag a sample, two DFTs', () => {
    const kspace = noise([2, ROWS, COLUMNS]);
    const measured = toGraphSpace(kspace, 'points');
    expect(measured.data).toBe(kspace.data);
    const inputs = unrolledInputs(measured, maps, { kind: 'points', mask: new Uint8Array(ROWS * COLUMNS) });
    expect(inputs['mask']?.shape).toEqual([ROWS, COLUMNS]);
    expect(inputs['dft_rows']?.shape).toEqual([ROWS, ROWS, 2]);
    expect(inputs['dft_columns']?.shape).toEqual([COLUMNS, COLUMNS, 2]);
  });
});

describe('dataResidual', () => {
  const maps = estimateMaps(noise([3, ROWS, COLUMNS], 5), { rows: [5, 14], columns: [6, 15] });
  const image = noise([ROWS, COLUMNS], 9);
  const kspace = fft2c(multiplyMaps(maps, image));
  const patterns = [
    { kind: 'lines', mask: Uint8Array.from({ length: COLUMNS }, (_, c) => (c % 2 === 0 ? 1 : 0)) },
    { kind: 'points', mask: Uint8Array.from({ length: ROWS * COLUMNS }, (_, i) => (i % 3 === 0 ? 1 : 0)) },
  ] as const;

  it.each(patterns)('vanishes where the image explains the samples ($kind), and is 1 for an empty image', (pattern) => {
    const measured = toGraphSpace(kspace, pattern.kind);
    expect(dataResidual(image, maps, measured, pattern)).toBeLessThan(1e-6);
    expect(dataResidual(zeros('complex64', image.shape), maps, measured, pattern)).toBeCloseTo(1, 12);
  });

  it.each(patterns)('does not look at samples that were not measured ($kind)', (pattern) => {
    const measured = toGraphSpace(kspace, pattern.kind);
    const changed = { ...measured, data: measured.data.slice() };
    for (let i = 0; i < changed.data.length; i++) if (pattern.mask[(i >> 1) % pattern.mask.length] === 0) changed.data[i] = 1e3;
    expect(dataResidual(image, maps, changed, pattern)).toBe(dataResidual(image, maps, measured, pattern));
  });

  it('is 0 for silence', () => {
    const silent = zeros('complex64', kspace.shape);
    expect(dataResidual(zeros('complex64', image.shape), maps, silent, patterns[0])).toBe(0);
  });
});

describe('the verification input', () => {
  it.each(['lines', 'points'] as const)('is the same at every call, small, and not trivial (%s)', (kind) => {
    const inputs = unrolledVerification(kind);
    expect(unrolledVerification(kind)).toEqual(inputs);
    const values = Object.values(inputs).reduce((sum, { data }) => sum + data.length, 0);
    expect(values * 4).toBeLessThan(40_000);
    const mask = inputs['mask']?.data ?? new Float32Array();
    const kept = mask.reduce((sum, value) => sum + value, 0) / mask.length;
    expect(kept).toBeGreaterThan(0.4);
    expect(kept).toBeLessThan(0.8);
    for (const { data } of Object.values(inputs)) expect(data.every(Number.isFinite)).toBe(true);
    expect(inputs['kspace']?.data.some((value) => Math.abs(value) > 0.5)).toBe(true);
  });
});

describe('calibrationKey', () => {
  const kspace = noise([2, ROWS, COLUMNS]);
  const centre = calibrationRange([ROWS, COLUMNS], { rows: [0, ROWS], columns: [8, 13] });
  const key = calibrationKey(kspace, centre);
  const changedAt = (coil: number, row: number, column: number) => {
    const copy = { ...kspace, data: kspace.data.slice() };
    copy.data[2 * ((coil * ROWS + row) * COLUMNS + column) + 1] =
      (copy.data[2 * ((coil * ROWS + row) * COLUMNS + column) + 1] as number) + 1e-3;
    return calibrationKey(copy, centre);
  };

  it('follows the samples inside the centre alone', () => {
    expect(changedAt(0, 3, 2)).toBe(key);
    for (const coil of [0, 1]) expect(changedAt(coil, 9, centre.columns[0])).not.toBe(key);
    expect(changedAt(1, centre.rows[1] - 1, centre.columns[1] - 1)).not.toBe(key);
  });

  it('follows the block itself', () => {
    expect(calibrationKey(kspace, { ...centre, columns: [9, 13] })).not.toBe(key);
  });
});

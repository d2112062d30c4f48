import { describe, expect, it } from 'vitest';
import { type NdArray, ndArray, zeros } from '../../src/array/nd-array.ts';
import { fastmriScores } from '../../src/metrics/fastmri.ts';

/** The closed-form volumes of test/fixtures/scripts/metrics.py. */
function volumes(slices: number, rows: number, columns: number, scale = 1): [NdArray<'float32'>, NdArray<'float32'>] {
  const ref = zeros('float32', [slices, rows, columns]);
  const est = zeros('float32', [slices, rows, columns]);
  for (let i = 0; i < ref.data.length; i++) {
    const s = Math.floor(i / (rows * columns));
    const r = Math.floor(i / columns) % rows;
    const c = i % columns;
    const wave = Math.abs(Math.sin(0.11 * r + 0.3 * s) * Math.cos(0.07 * c));
    ref.data[i] = wave + 0.2 + 0.001 * ((7 * r + 13 * c + 5 * s) % 17);
    est.data[i] = (ref.data[i] as number) + 0.05 * Math.sin(0.9 * r + 0.4 * c + s);
  }
  for (const { data } of [ref, est]) for (let i = 0; i < data.length; i++) data[i] = (data[i] as number) * scale;
  return [ref, est];
}

/** Printed by test/fixtures/scripts/metrics.py (NumPy 2, scikit-image). */
const expected = [
  { shape: [3, 40, 33], psnr: 30.70851372457248, ssim: 0.929497342881057, nmse: 0.0031230651036257464, dataRange: 1.2131017446517944 },
  { shape: [1, 7, 7], psnr: 27.319087899414054, ssim: 0.9832898628006562, nmse: 0.004115752595139699, dataRange: 0.8211168646812439 },
  { shape: [2, 64, 65], psnr: 30.70750805831958, ssim: 0.9380240554789463, nmse: 0.0027102425713394717, dataRange: 1.212923288345337 },
] as const;

function expectScores(found: ReturnType<typeof fastmriScores>, wanted: { psnr: number; ssim: number; nmse: number; dataRange: number }) {
  expect(Math.abs(found.psnr - wanted.psnr)).toBeLessThan(1e-6);
  expect(Math.abs(found.ssim - wanted.ssim)).toBeLessThan(1e-6);
  expect(Math.abs(found.nmse / wanted.nmse - 1)).toBeLessThan(1e-6);
  expect(found.dataRange).toBeCloseTo(wanted.dataRange, 12);
}

describe('fastmriScores', () => {
  it.each(expected)('equals scikit-image and NumPy on $shape', (wanted) => {
    const [slices, rows, columns] = wanted.shape;
    const found = fastmriScores(...volumes(slices, rows, columns));
    expectScores(found, wanted);
    expect(found.shape).toEqual(wanted.shape);
  });

  it('crops at the centre first, and takes the data range after it', () => {
    const found = fastmriScores(...volumes(3, 40, 33), { crop: 20 });
    expectScores(found, { psnr: 30.06047696552733, ssim: 0.9261010111627979, nmse: 0.004152331991424455, dataRange: 1.1259838342666626 });
    expect(found.shape).toEqual([3, 20, 20]);
    expect(found.contract).toContain('centre crop to 20×20');
  });

  it('leaves a side alone that is smaller than the crop', () => {
    expect(fastmriScores(...volumes(3, 40, 33), { crop: 36 }).shape).toEqual([3, 36, 33]);
  });

  it('takes a given data range, and says so', () => {
    const found = fastmriScores(...volumes(3, 40, 33), { dataRange: 2.5 });
    expectScores(found, { psnr: 36.98936935161722, ssim: 0.9477190021479833, nmse: 0.0031230651036257464, dataRange: 2.5 });
    expect(found.contract).toContain('data range 2.500 (given');
  });

  it('does not depend on the scale of the data', () => {
    const found = fastmriScores(...volumes(3, 40, 33, 2 ** -20));
    expectScores(found, {
      psnr: 30.70851372457248,
      ssim: 0.929497342881057,
      nmse: 0.0031230651036257464,
      dataRange: 1.1569039770620293e-6,
    });
  });

  it('gives the closed form for constants 0.5 and 0.6 with range 1', () => {
    // Variances vanish: SSIM = (2·0.5·0.6 + c1)/(0.25 + 0.36 + c1) with c1 = 1e-4.
    const constant = (value: number) => ndArray('float32', [9, 9], new Float32Array(81).fill(value));
    const { ssim } = fastmriScores(constant(0.5), constant(0.6), { dataRange: 1 });
    expect(ssim).toBeCloseTo(0.98360924, 7);
  });

  it('is perfect for equal volumes: PSNR infinite, SSIM 1, NMSE 0', () => {
    const [ref] = volumes(2, 16, 16);
    expect(fastmriScores(ref, ref)).toMatchObject({ psnr: Infinity, nmse: 0, ssim: 1 });
  });

  it('takes one slice without its axis', () => {
    const [ref, est] = volumes(1, 20, 24);
    const flat = (a: NdArray<'float32'>) => ndArray('float32', [20, 24], a.data);
    expect(fastmriScores(flat(ref), flat(est))).toEqual(fastmriScores(ref, est));
  });

  it('states its contract in one sentence', () => {
    expect(fastmriScores(...volumes(3, 40, 33)).contract).toBe(
      'fastMRI definition: magnitudes, data range 1.213 (maximum of the reference volume), no crop (40×33), 7×7 uniform ' +
        'SSIM window with K1 = 0.01 and K2 = 0.03, PSNR and NMSE over the volume, SSIM averaged over 3 slices.',
    );
  });

  it('refuses shapes that differ', () => {
    expect(() => fastmriScores(zeros('float32', [2, 8, 8]), zeros('float32', [2, 8, 9]))).toThrow(
      /reference is \[2, 8, 8\], the estimate \[2, 8, 9\]/,
    );
  });

  it('refuses NaN, naming the array and the place', () => {
    const [ref, est] = volumes(2, 10, 12);
    est.data[1 * 120 + 3 * 12 + 5] = Number.NaN;
    expect(() => fastmriScores(ref, est)).toThrow('The estimate contains NaN or infinity (first at slice 1, row 3, column 5).');
    est.data[1 * 120 + 3 * 12 + 5] = Infinity;
    expect(() => fastmriScores(est, ref)).toThrow(/reference contains NaN or infinity/);
  });

  it('refuses images smaller than the window, complex values, other ranks, and a reference without range', () => {
    expect(() => fastmriScores(zeros('float32', [6, 12]), zeros('float32', [6, 12]))).toThrow(/6×12 after cropping; SSIM needs/);
    expect(() => fastmriScores(...volumes(1, 12, 12), { crop: 5 })).toThrow(/5×5 after cropping/);
    expect(() => fastmriScores(zeros('complex64', [9, 9]), zeros('complex64', [9, 9]))).toThrow(/is complex; take its magnitude/);
    expect(() => fastmriScores(zeros('float32', [1, 1, 9, 9]), zeros('float32', [1, 1, 9, 9]))).toThrow(/expected \[slice, row, column\]/);
    expect(() => fastmriScores(zeros('float32', [0, 9, 9]), zeros('float32', [0, 9, 9]))).toThrow(/shape \[0, 9, 9\]/);
    expect(() => fastmriScores(zeros('float32', [9, 9]), zeros('float32', [9, 9]))).toThrow(/no data range/);
  });
});

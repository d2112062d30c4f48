import { describe, expect, it } from 'vitest';
import type { NdArray } from '../../src/array/nd-array.ts';
import { zeros } from '../../src/array/nd-array.ts';
import { calibrationKey, calibrationRange } from '../../src/mri/calibration-key.ts';
import { limitedWeights } from '../../src/mri/limited-weights.ts';
import { densityOf } from '../../src/mri/noncartesian-gridding.ts';
import { NonCartesianSystem } from '../../src/mri/noncartesian-system.ts';
import { cartesianProblem, trajectoryProblem } from '../../src/mri/unrolled-problem.ts';
import { unrolledVerification } from '../../src/mri/unrolled-verification.ts';
import { type UnrolledProblem, dftMatrix, dftOfLines, roleValues } from '../../src/mri/unrolled.ts';
import { senseOperator } from '../../src/operators/sense.ts';
import radial from '../../src/pipeline/steps/pattern/radial.ts';
import type { SamplingPattern } from '../../src/sampling/pattern.ts';
import { fft1c } from '../../src/transform/fft.ts';
import { kernels } from '../../src/transform/kernels.ts';
import { toeplitzSpectrum } from '../../src/transform/nufft/toeplitz.ts';
import { graphNormal, noise } from './unrolled-graph.ts';

const [ROWS, COLUMNS] = [18, 21];

describe('dftMatrix', () => {
  it.each([1, 2, 15, 16, 21, 320])('is fft1c as a matrix, N = %i', (n) => {
    const w = dftMatrix(n);
    const x = noise([n]);
    const expected = fft1c(x, 0);
    for (let k = 0; k < n; k++) {
      const [re, im] = product(w, x, k, n);
      expect(Math.hypot(re - (expected.data[2 * k] as number), im - (expected.data[2 * k + 1] as number))).toBeLessThan(2e-6 * Math.sqrt(n));
    }
  });

  it('of a larger grid is fft1c of the samples in the middle of zeros', () => {
    const [n, k] = [15, 32];
    const x = noise([n]);
    const padded = zeros('complex64', [k]);
    padded.data.set(x.data, 2 * (k / 2 - Math.floor(n / 2)));
    const expected = fft1c(padded, 0).data;
    const w = dftMatrix(k, n);
    for (let i = 0; i < k; i++) {
      const [re, im] = product(w, x, i, n);
      expect(Math.hypot(re - (expected[2 * i] as number), im - (expected[2 * i + 1] as number))).toBeLessThan(1e-5);
    }
  });

  function product(w: NdArray<'float32'>, x: NdArray<'complex64'>, k: number, n: number): [number, number] {
    let [re, im] = [0, 0];
    for (let j = 0; j < n; j++) {
      const [wr, wi] = [w.data[2 * (k * n + j)] as number, w.data[2 * (k * n + j) + 1] as number];
      const [xr, xi] = [x.data[2 * j] as number, x.data[2 * j + 1] as number];
      re += wr * xr - wi * xi;
      im += wr * xi + wi * xr;
    }
    return [re, im];
  }
});

describe('a Cartesian problem', () => {
  const maps = noise([2, ROWS, COLUMNS], 3);
  const masks = {
    lines: Uint8Array.from({ length: COLUMNS }, (_, c) => (c % 3 === 0 ? 1 : 0)),
    points: Uint8Array.from({ length: ROWS * COLUMNS }, (_, i) => (i % 4 === 1 ? 1 : 0)),
  };

  it.each([
    ['lines', 'lines'],
    ['points', 'points'],
    ['lines', 'points'],
  ] as const)('has the adjoint of the SENSE operator; pattern of %s in graph %s', (pattern, kind) => {
    const mask = masks[pattern];
    const about = { kind: pattern, rows: ROWS, columns: COLUMNS, mask } as unknown as SamplingPattern;
    const operator = senseOperator(maps, about);
    const kspace = operator.apply(noise([ROWS, COLUMNS], 7));
    const problem = cartesianProblem(kspace, maps, about, kind, 0.25);
    const expected = operator.adjoint(kspace);
    for (const [i, value] of expected.data.entries()) expect(problem.adjoint.data[i]).toBeCloseTo(value, 4);
    expect(problem.fraction).toBeCloseTo(mask.reduce((sum, flag) => sum + flag, 0) / mask.length, 12);
    expect([...(roleValues(problem)['condition']?.().data ?? [])]).toEqual([Math.fround(problem.fraction), 0.25]);
  });

  it.each(['lines', 'points'] as const)('is the normal operator that the graph applies (%s)', (kind) => {
    const about = { kind, rows: ROWS, columns: COLUMNS, mask: masks[kind] } as unknown as SamplingPattern;
    const operator = senseOperator(maps, about);
    const x = noise([ROWS, COLUMNS], 11);
    const problem = cartesianProblem(operator.apply(x), maps, about, kind, 0);
    const expected = operator.adjoint(operator.apply(x)).data;
    const found = graphNormal(problem, x);
    for (const [i, value] of expected.entries()) expect(found[i]).toBeCloseTo(value, 3);
  });

  it('gives lines the DFT of the acquired ones alone', () => {
    const problem = cartesianProblem(noise([2, ROWS, COLUMNS]), maps, { kind: 'lines', mask: masks.lines }, 'lines', 0);
    const values = roleValues(problem);
    expect(values['dft-lines']?.().shape).toEqual([7, COLUMNS, 2]);
    expect([...dftOfLines(problem.weights).data.slice(2 * COLUMNS, 4 * COLUMNS)]).toEqual([...dftMatrix(COLUMNS).data.slice(6 * COLUMNS, 8 * COLUMNS)]);
    expect(values['weights']).toBeUndefined();
    expect(values['kspace']?.().shape).toEqual([2, ROWS, COLUMNS, 2]);
    expect(Math.max(...(values['magnitude']?.().data ?? []))).toBeCloseTo(1, 6);
  });
});

describe('a problem along a trajectory', () => {
  it('has the normal operator of the NUFFT, weighted and scaled', async () => {
    const pattern = await radial.create({ rows: 64, columns: 64, output: { rows: 24, columns: 20 } }, { ...radial.params.parse({}), acceleration: 2 });
    const { trajectory } = pattern;
    if (trajectory === undefined) throw new Error('no trajectory');
    const weights = limitedWeights(trajectory, densityOf(trajectory, new Map()));
    const spectrum = toeplitzSpectrum(trajectory, weights);
    const maps = noise([2, 24, 20], 5);
    const problem = trajectoryProblem(noise([2, 24, 20], 6), maps, spectrum, { fraction: 0.3, noise: 0, scale: 1.5 });
    expect(problem.weights.shape[0]).toBeGreaterThanOrEqual(48);
    const x = noise([24, 20], 12);
    const system = new NonCartesianSystem(kernels(), maps, trajectory, weights, spectrum);
    const [from, to] = [system.space.create(), system.space.create()];
    system.space.set(from, x.data);
    system.normal(from, to);
    const expected = system.space.toArray(to).data;
    system.dispose();
    const found = graphNormal(problem, x);
    const largest = expected.reduce((top, value) => Math.max(top, Math.abs(value)), 0);
    for (const [i, value] of expected.entries()) expect(Math.abs(1.5 * (found[i] as number) - value)).toBeLessThan(2e-5 * largest);
  });

  it('counts no sample for more than its share of the readout', () => {
    // One readout along the first axis with half a cell between samples, and another twice as wide.
    const data = Float32Array.from({ length: 5 * 2 * 2 }, (_, i) => (i % 2 === 1 ? 0 : (Math.floor(i / 4) - 2) * (i % 4 < 2 ? 0.5 : 2)));
    const points: NdArray<'float32'> = { dtype: 'float32', shape: [5, 2, 2], data };
    const weights = Float32Array.from({ length: 10 }, (_, m) => (m === 4 ? 0.1 : 3));
    const limited = limitedWeights({ points }, weights);
    expect([...limited]).toEqual([0.5, 1, 0.5, 1, Math.fround(0.1), 1, 0.5, 1, 0.5, 1]);
  });
});

describe('the verification input', () => {
  it.each(['lines', 'points'] as const)('is the same at every call, small, and not trivial (%s)', (kind) => {
    const problem = unrolledVerification(kind);
    const made = (each: UnrolledProblem) => ({ ...each, kspace: each.kspace?.() });
    expect(made(unrolledVerification(kind))).toEqual(made(problem));
    expect(problem.adjoint.shape).toEqual([24, 20]);
    expect(problem.fraction).toBeGreaterThan(0.4);
    expect(problem.fraction).toBeLessThan(0.8);
    expect(problem.adjoint.data.every(Number.isFinite)).toBe(true);
    expect(problem.adjoint.data.some((value) => Math.abs(value) > 0.3)).toBe(true);
  });
});

describe('calibrationKey', () => {
  const kspace = noise([2, ROWS, COLUMNS]);
  const centre = calibrationRange([ROWS, COLUMNS], { rows: [0, ROWS], columns: [8, 13] });
  const key = calibrationKey(kspace, centre);
  const changedAt = (coil: number, row: number, column: number) => {
    const copy = { ...kspace, data: kspace.data.slice() };
    const at = 2 * ((coil * ROWS + row) * COLUMNS + column) + 1;
    copy.data[at] = (copy.data[at] as number) + 1e-3;
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

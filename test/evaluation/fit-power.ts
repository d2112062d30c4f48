/** Least squares of log e = intercept + Σ exponent · log component, and the level that is left to find. */
import { COMPONENTS, predictedError } from '../../src/mri/ensemble.ts';
import type { EnsembleWeights } from '../../src/mri/ensemble-weights.ts';

export type Component = (typeof COMPONENTS)[number];
export type Exponents = Omit<EnsembleWeights, 'level'>;

/** Pixels of one slice, as shares of the image's level. */
export interface TrustSample extends Readonly<Record<Component, Float32Array>> {
  /** Root-mean-square of the true error over the neighbourhood. */
  readonly around: Float32Array;
}

/** Below this nothing is told apart; keeps logarithms finite. */
const SMALLEST = 1e-5;
const log = (value: number | undefined): number => Math.log(Math.max(SMALLEST, value ?? 0));

/** One intercept a group of slices; every slice counts the same. */
export function exponentsOf(groups: readonly (readonly TrustSample[])[]): Exponents {
  const size = COMPONENTS.length;
  // The normal matrix, its right-hand side in the last column.
  const normal = Array.from({ length: size }, () => new Float64Array(size + 1));
  for (const slices of groups) {
    const mean = meanLogs(slices);
    for (const slice of slices) {
      for (let i = 0; i < slice.around.length; i++) {
        const row = logsAt(slice, i).map((value, k) => value - (mean[k] as number));
        for (let a = 0; a < size; a++) {
          for (let b = 0; b <= size; b++) (normal[a] as Float64Array)[b] = ((normal[a] as Float64Array)[b] as number) + ((row[a] as number) * (row[b] as number)) / slice.around.length;
        }
      }
    }
  }
  const solution = solved(normal);
  return Object.fromEntries(COMPONENTS.map((name, k) => [name, Number((solution[k] as number).toFixed(3))])) as unknown as Exponents;
}

/** Geometric mean over slices of true over predicted root-mean-square error. */
export function levelOf(slices: readonly TrustSample[], exponents: Exponents): number {
  const logs = slices.map(({ around, spread, made, mirrored }) => {
    const image = (data: Float32Array) => ({ dtype: 'float32' as const, shape: [1, data.length], data: Float32Array.from(data) });
    const predicted = predictedError({ spread: image(spread), made: image(made), mirrored: image(mirrored) }, { ...exponents, level: 1 });
    return Math.log(rms(around) / rms(predicted.data));
  });
  return Number(Math.exp(logs.reduce((sum, value) => sum + value, 0) / logs.length).toPrecision(3));
}

export function rms(values: Float32Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
}

function logsAt(slice: TrustSample, i: number): number[] {
  return [...COMPONENTS.map((name) => log(slice[name][i])), log(slice.around[i])];
}

function meanLogs(slices: readonly TrustSample[]): readonly number[] {
  const sums = new Array<number>(COMPONENTS.length + 1).fill(0);
  for (const slice of slices) {
    for (let i = 0; i < slice.around.length; i++) {
      for (const [k, value] of logsAt(slice, i).entries()) sums[k] = (sums[k] as number) + value / slice.around.length / slices.length;
    }
  }
  return sums;
}

/** Gaussian elimination with the largest pivot, of [n, n + 1]. Throws where components cannot be told apart. */
function solved(matrix: readonly Float64Array[]): readonly number[] {
  const rows = matrix.map((row) => [...row]);
  const n = rows.length;
  for (let k = 0; k < n; k++) {
    const below = rows.slice(k).map((row) => Math.abs(row[k] as number));
    const pivot = k + below.indexOf(Math.max(...below));
    [rows[k], rows[pivot]] = [rows[pivot] as number[], rows[k] as number[]];
    const top = rows[k] as number[];
    if (!(Math.abs(top[k] as number) > 1e-12)) throw new Error('The components do not vary independently: there is nothing to fit.');
    for (const [r, row] of rows.entries()) {
      if (r === k) continue;
      const factor = (row[k] as number) / (top[k] as number);
      for (let c = k; c <= n; c++) row[c] = (row[c] as number) - factor * (top[c] as number);
    }
  }
  return rows.map((row, k) => (row[n] as number) / (row[k] as number));
}

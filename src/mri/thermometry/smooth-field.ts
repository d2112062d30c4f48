/**
 * Temperature is smooth, noise is not: min ½ Σ w (θ − d)² + ½ m ℓ⁴ ‖Lθ‖² with the five-point Laplacian L on a periodic grid and m
 * the typical weight. Where the weights are even this is the filter 1/(1 + ℓ⁴Λ²), whose width is about ℓ pixels; pixels with
 * little signal take their value from their neighbours. The same penalty serves a field that is seen through an operator
 * (baseline-difference.ts), so the solver takes any N in (N + m ℓ⁴ L²) θ = b.
 */
import { conjugateGradients } from '../../algorithms/cg.ts';
import { NEVER_CANCELLED, type CancelSignal } from '../../algorithms/status.ts';
import { arraySpace } from '../../algorithms/array-space.ts';
import { type NdArray, zeros } from '../../array/nd-array.ts';
import { fft2c, ifft2c } from '../../transform/fft.ts';

export interface SmoothSystem {
  readonly rows: number;
  readonly columns: number;
  /** ℓ, pixels. */
  readonly width: number;
  /** m. */
  readonly weight: number;
  /** out = N θ, real fields [row, column]; N symmetric and positive semi-definite. */
  normal(field: Float64Array, out: Float64Array): void;
  readonly iterations: number;
  /** Of the residual, relative to b. */
  readonly tolerance: number;
  readonly signal: CancelSignal;
}

/**
 * θ of (N + m ℓ⁴ L²) θ = b by conjugate gradients on z with θ = F⁻¹ P F z, P = (1 + ℓ⁴Λ²)^(−½): the penalty becomes
 * m ℓ⁴Λ²/(1 + ℓ⁴Λ²) ≤ m, so a dozen steps do whatever ℓ is. Throws job.cancelled.
 */
export async function solveSmooth(system: SmoothSystem, b: Float64Array): Promise<Float64Array> {
  const { rows, columns, width, weight, iterations, tolerance, signal } = system;
  const shape = [rows, columns];
  const penalty = laplacianPower(rows, columns).map((power) => width ** 4 * power);
  const space = arraySpace(shape);
  const field = new Float64Array(rows * columns);
  const image = new Float64Array(rows * columns);
  const toField = (z: NdArray<'complex64'>): void => {
    const spectrum = scaled(z, (i) => 1 / Math.sqrt(1 + (penalty[i] as number)));
    ifft2c(spectrum, spectrum);
    for (let i = 0; i < field.length; i++) field[i] = spectrum.data[2 * i] as number;
  };
  const toSpectrum = (values: Float64Array): NdArray<'complex64'> => {
    const out = zeros('complex64', shape);
    for (let i = 0; i < values.length; i++) out.data[2 * i] = values[i] as number;
    fft2c(out, out);
    return scaled(out, (i) => 1 / Math.sqrt(1 + (penalty[i] as number)));
  };
  const normal = (z: NdArray<'complex64'>, out: NdArray<'complex64'>): void => {
    toField(z);
    system.normal(field, image);
    const spectrum = toSpectrum(image);
    for (let i = 0; i < penalty.length; i++) {
      const p = (weight * (penalty[i] as number)) / (1 + (penalty[i] as number));
      out.data[2 * i] = (spectrum.data[2 * i] as number) + p * (z.data[2 * i] as number);
      out.data[2 * i + 1] = (spectrum.data[2 * i + 1] as number) + p * (z.data[2 * i + 1] as number);
    }
  };
  const z = space.create();
  for await (const _ of conjugateGradients(space, normal, toSpectrum(b), z, { iterations, tolerance, signal }));
  toField(z);
  return field;
}

/** Lθ·Lθ of each frequency in the order of fft2c: the squared eigenvalues of the five-point Laplacian. */
export function laplacianPower(rows: number, columns: number): Float64Array {
  const eigen = (k: number, n: number): number => 2 - 2 * Math.cos((2 * Math.PI * (k - Math.floor(n / 2))) / n);
  return Float64Array.from({ length: rows * columns }, (_, i) => (eigen(Math.floor(i / columns), rows) + eigen(i % columns, columns)) ** 2);
}

export interface FieldInput {
  readonly map: Float64Array;
  /** 0 where the map says nothing. */
  readonly weights: Float64Array;
  readonly rows: number;
  readonly columns: number;
  readonly width: number;
}

/** The smooth field that fits `map` under its weights; a field without weights is 0. */
export async function smoothField({ map, weights, rows, columns, width }: FieldInput): Promise<Float64Array> {
  const some = weights.filter((w) => w > 0).sort();
  const weight = some[some.length >> 1];
  if (weight === undefined) return new Float64Array(map.length);
  const b = map.map((value, i) => ((weights[i] as number) > 0 ? (weights[i] as number) * value : 0));
  const normal = (field: Float64Array, out: Float64Array): void => {
    for (let i = 0; i < out.length; i++) out[i] = (weights[i] as number) * (field[i] as number);
  };
  return solveSmooth({ rows, columns, width, weight, normal, iterations: 60, tolerance: 1e-5, signal: NEVER_CANCELLED }, b);
}

/** Standard deviation after smoothing over that before, of white noise under even weights: √mean(1/(1 + ℓ⁴Λ²)²). */
export function smoothingNoiseGain(rows: number, columns: number, width: number): number {
  const powers = laplacianPower(rows, columns);
  return Math.sqrt(powers.reduce((sum, power) => sum + (1 + width ** 4 * power) ** -2, 0) / powers.length);
}

function scaled(z: NdArray<'complex64'>, factor: (i: number) => number): NdArray<'complex64'> {
  const out = zeros('complex64', z.shape);
  for (let i = 0; i < z.data.length / 2; i++) {
    const f = factor(i);
    out.data[2 * i] = f * (z.data[2 * i] as number);
    out.data[2 * i + 1] = f * (z.data[2 * i + 1] as number);
  }
  return out;
}

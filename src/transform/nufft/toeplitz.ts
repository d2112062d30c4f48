/**
 * AᴴA of a trajectory as a convolution: AᴴA x[n] = Σ t[n − n′] x[n′] with t[n] = 1/(R·C) Σ_m w_m e^(2πi (k₀n₀/R + k₁n₁/C)), made
 * circular on a grid of twice the size (Fessler et al., IEEE TSP 2005;53:3393). No gridding remains in the iterations.
 */
import { zeros } from '../../array/nd-array.ts';
import type { Trajectory } from '../../array/trajectory.ts';
import { fftn } from '../fft.ts';
import { smoothAtLeast } from '../plan.ts';
import { nufftOf } from './plan-cache.ts';

export interface ToeplitzSpectrum {
  readonly gridRows: number;
  readonly gridColumns: number;
  /** [gridRows, gridColumns]: the transform of t, which is real because t[−n] = conj t[n], divided by the number of grid points. */
  readonly values: Float32Array;
}

/** `weights` (one a sample, 1 where absent) make it Aᴴ W A. Throws as nufftOf. */
export function toeplitzSpectrum(trajectory: Trajectory, weights?: Float32Array): ToeplitzSpectrum {
  const { rows, columns } = trajectory.matrix;
  const [gridRows, gridColumns] = [smoothAtLeast(2 * rows), smoothAtLeast(2 * columns)];
  const quadrants = [startsOf(rows), startsOf(columns)] as const;
  const lags = nufftOf(trajectory).adjoint(shifted(trajectory, quadrants, weights)).data;
  const kernel = zeros('complex64', [gridRows, gridColumns]);
  for (let q = 0; q < 4; q++) {
    const [down, across] = [quadrants[0][q >> 1] as number, quadrants[1][q & 1] as number];
    for (let r = 0; r < rows; r++) {
      const lagRow = down + r;
      const line = (lagRow < 0 ? lagRow + gridRows : lagRow) * gridColumns;
      for (let c = 0; c < columns; c++) {
        const lagColumn = across + c;
        // Lags of a whole image never occur, and would break the symmetry.
        if (lagRow === -rows || lagColumn === -columns) continue;
        const from = 2 * ((q * rows + r) * columns + c);
        const to = 2 * (line + (lagColumn < 0 ? lagColumn + gridColumns : lagColumn));
        kernel.data[to] = lags[from] as number;
        kernel.data[to + 1] = lags[from + 1] as number;
      }
    }
  }
  const spectrum = fftn(kernel, {}, kernel).data;
  const values = new Float32Array(gridRows * gridColumns);
  for (let i = 0; i < values.length; i++) values[i] = (spectrum[2 * i] as number) / values.length;
  return { gridRows, gridColumns, values };
}

/** The first lag of the two halves −n … −1 and 0 … n − 1. */
const startsOf = (n: number): readonly [number, number] => [-n, 0];

/**
 * Four sets of samples whose adjoint images are the four quadrants of t: an image covers the lags −⌊n/2⌋ …, and a phase ramp in k
 * moves it to where the quadrant starts. [quadrant, sample, readout]
 */
function shifted({ points, matrix }: Trajectory, quadrants: readonly [readonly number[], readonly number[]], weights?: Float32Array) {
  const [samples, readouts] = points.shape as [number, number, number];
  const count = samples * readouts;
  const out = zeros('complex64', [4, samples, readouts]);
  const scale = 1 / Math.sqrt(matrix.rows * matrix.columns);
  for (let q = 0; q < 4; q++) {
    const down = ((quadrants[0][q >> 1] as number) + Math.floor(matrix.rows / 2)) / matrix.rows;
    const across = ((quadrants[1][q & 1] as number) + Math.floor(matrix.columns / 2)) / matrix.columns;
    for (let m = 0; m < count; m++) {
      const angle = 2 * Math.PI * ((points.data[2 * m] as number) * down + (points.data[2 * m + 1] as number) * across);
      const size = scale * (weights === undefined ? 1 : (weights[m] as number));
      out.data[2 * (q * count + m)] = size * Math.cos(angle);
      out.data[2 * (q * count + m) + 1] = size * Math.sin(angle);
    }
  }
  return out;
}

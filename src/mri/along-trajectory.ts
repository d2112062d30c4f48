/** Measurements along a trajectory: readouts picked from a non-Cartesian recording, or Cartesian k-space measured anew. */
import { centreCrop, type NdArray, zeros } from '../array/nd-array.ts';
import { LacunaError } from '../errors.ts';
import type { Trajectory } from '../array/trajectory.ts';
import { nufft } from '../operators/nufft.ts';
import type { SamplingPattern } from '../sampling/pattern.ts';
import { ifft2c } from '../transform/fft.ts';

interface Measured {
  /** [coil, sample, readout] */
  readonly kspace: NdArray<'complex64'>;
  readonly trajectory: Trajectory;
}

/** The readouts whose flag in `pattern.mask` (one a column) is set, with their part of the trajectory. */
export function keptReadouts(kspace: NdArray<'complex64'>, trajectory: Trajectory, { mask, kept }: SamplingPattern): Measured {
  const [coils, samples, readouts] = kspace.shape as [number, number, number];
  if (kept === readouts) return { kspace, trajectory };
  const columns = [...mask.keys()].filter((column) => mask[column] !== 0);
  return {
    kspace: pick(kspace, [coils, samples, columns.length], columns),
    trajectory: { ...trajectory, points: pick(trajectory.points, [1, samples, columns.length], columns, [samples, columns.length, 2]) },
  };
}

/** Columns of [a, row, column] pairs of floats. */
function pick<A extends NdArray<'complex64'> | NdArray<'float32'>>(from: A, [outer, rows, count]: readonly [number, number, number], columns: readonly number[], shape = [outer, rows, count]): A {
  const out = zeros(from.dtype, shape) as A;
  const width = from.data.length / (outer * rows);
  for (let line = 0; line < outer * rows; line++) {
    for (const [i, column] of columns.entries()) {
      const source = line * width + 2 * column;
      const target = 2 * (line * count + i);
      out.data[target] = from.data[source] as number;
      out.data[target + 1] = from.data[source + 1] as number;
    }
  }
  return out;
}

/**
 * Fully sampled Cartesian k-space [coil, row, column] as if it had been measured along `pattern.trajectory`: the coil images,
 * cropped to `output` (readout oversampling is outside the trajectory's field of view), through the NUFFT. Throws `input.mismatch`
 * for a trajectory of another matrix and `usage.unsupported` where `output` is larger than k-space.
 */
export function alongTrajectory(kspace: NdArray<'complex64'>, pattern: SamplingPattern, output: { readonly rows: number; readonly columns: number }): Measured {
  const { trajectory } = pattern;
  if (trajectory === undefined) throw new LacunaError('internal', 'a pattern of kind trajectory without one');
  const { matrix } = trajectory;
  if (output.rows !== matrix.rows || output.columns !== matrix.columns) {
    throw new LacunaError('input.mismatch', `The trajectory is for ${matrix.rows}×${matrix.columns} images; this recording has ${output.rows}×${output.columns}.`, { field: 'pattern' });
  }
  const [coils, rows, columns] = kspace.shape as [number, number, number];
  if (rows < output.rows || columns < output.columns) {
    throw new LacunaError('usage.unsupported', `A trajectory through ${matrix.rows}×${matrix.columns} needs k-space of at least that size; this recording has ${rows}×${columns}.`, { field: 'pattern' });
  }
  const images = centreCrop(ifft2c(kspace), output.rows, output.columns);
  return { kspace: nufft(trajectory, coils).apply(images), trajectory };
}

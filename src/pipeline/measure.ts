/** k-space seen through a pattern. */
import { type NdArray, zeros } from '../array/nd-array.ts';
import type { Series } from '../array/recording.ts';
import { LacunaError } from '../errors.ts';
import type { MriMeasurement } from '../mri/measurement.ts';
import { alongTrajectory, keptReadouts } from '../mri/along-trajectory.ts';
import type { SamplingPattern } from '../sampling/pattern.ts';

/**
 * The slice that `series.read` gave, seen through `pattern`. With a trajectory, the readouts that are kept. A pattern that is a
 * trajectory itself measures Cartesian k-space anew. Throws input.mismatch when pattern and data differ in size.
 */
export function measure(kspace: NdArray<'complex64'>, pattern: SamplingPattern, { output, trajectory }: Pick<Series, 'output' | 'trajectory'>): MriMeasurement {
  if (pattern.kind === 'trajectory') return { ...alongTrajectory(kspace, pattern, output), pattern, output };
  const [, rows, columns] = kspace.shape as [number, number, number];
  if (pattern.rows !== rows || pattern.columns !== columns) {
    throw new LacunaError('input.mismatch', `The pattern is for ${pattern.rows}×${pattern.columns} k-space; this recording has ${rows}×${columns}.`, { field: 'pattern' });
  }
  if (trajectory !== undefined) return { ...keptReadouts(kspace, trajectory, pattern), pattern, output };
  let made: NdArray<'complex64'> | null = null;
  return {
    // Patterns of lines are often reconstructed from what is kept of the recorded slice, without these samples.
    get kspace() {
      made ??= masked(kspace, pattern);
      return made;
    },
    pattern,
    output,
    recorded: kspace,
  };
}

function masked(kspace: NdArray<'complex64'>, pattern: SamplingPattern): NdArray<'complex64'> {
  const [coils, rows, columns] = kspace.shape as [number, number, number];
  const out = zeros('complex64', kspace.shape);
  const from = kspace.data;
  const to = out.data;
  const lines = pattern.kind === 'lines';
  for (let coil = 0; coil < coils; coil++) {
    for (let row = 0; row < rows; row++) {
      const base = (coil * rows + row) * columns;
      for (let column = 0; column < columns; column++) {
        if (pattern.mask[lines ? column : row * columns + column] === 0) continue;
        const i = 2 * (base + column);
        to[i] = from[i] as number;
        to[i + 1] = from[i + 1] as number;
      }
    }
  }
  return out;
}

/** log10 of the root-sum-of-squares over coils, [row, column]; zeros become the smallest value found. */
export function logMagnitude(kspace: NdArray<'complex64'>): NdArray<'float32'> {
  const [coils, rows, columns] = kspace.shape as [number, number, number];
  const out = zeros('float32', [rows, columns]);
  const n = rows * columns;
  for (let coil = 0; coil < coils; coil++) {
    for (let i = 0; i < n; i++) {
      const re = kspace.data[2 * (coil * n + i)] as number;
      const im = kspace.data[2 * (coil * n + i) + 1] as number;
      out.data[i] = (out.data[i] as number) + re * re + im * im;
    }
  }
  let floor = Infinity;
  for (const power of out.data) if (power > 0 && power < floor) floor = power;
  if (!Number.isFinite(floor)) floor = 1;
  for (let i = 0; i < n; i++) out.data[i] = 0.5 * Math.log10(Math.max(out.data[i] as number, floor));
  return out;
}

/** The non-uniform Fourier transform of images onto a trajectory. */
import { type NdArray, zeros } from '../../src/array/nd-array.ts';
import type { Trajectory } from '../../src/array/trajectory.ts';
import type { LinearOperator } from '../../src/operators/linear-operator.ts';

/** Images [coil, row, column] of `trajectory.matrix` → samples [coil, sample, readout], by the sum that defines it (see Trajectory). */
export function directNufft(trajectory: Trajectory, coils: number): LinearOperator {
  const { rows, columns } = trajectory.matrix;
  const [samples, readouts] = trajectory.points.shape as [number, number, number];
  const domain = [coils, rows, columns];
  const range = [coils, samples, readouts];
  const points = trajectory.points.data;
  const visit = (each: (image: number, sample: number, cos: number, sin: number) => void): void => {
    const scale = 1 / Math.sqrt(rows * columns);
    for (let m = 0; m < samples * readouts; m++) {
      for (let r = 0; r < rows; r++) {
        for (let c = 0; c < columns; c++) {
          const angle = -2 * Math.PI * (((points[2 * m] as number) * (r - (rows >> 1))) / rows + ((points[2 * m + 1] as number) * (c - (columns >> 1))) / columns);
          each(r * columns + c, m, scale * Math.cos(angle), scale * Math.sin(angle));
        }
      }
    }
  };
  const add = (out: Float32Array, to: number, x: Float32Array, from: number, cos: number, sin: number): void => {
    const [re, im] = [x[2 * from] as number, x[2 * from + 1] as number];
    out[2 * to] = (out[2 * to] as number) + re * cos - im * sin;
    out[2 * to + 1] = (out[2 * to + 1] as number) + re * sin + im * cos;
  };
  return {
    name: 'NUFFT',
    domain,
    range,
    apply(x, out = zeros('complex64', range)) {
      out.data.fill(0);
      for (let coil = 0; coil < coils; coil++) {
        visit((i, m, cos, sin) => add(out.data, coil * samples * readouts + m, x.data, coil * rows * columns + i, cos, sin));
      }
      return out;
    },
    adjoint(y: NdArray<'complex64'>, out = zeros('complex64', domain)) {
      out.data.fill(0);
      for (let coil = 0; coil < coils; coil++) {
        visit((i, m, cos, sin) => add(out.data, coil * rows * columns + i, y.data, coil * samples * readouts + m, cos, -sin));
      }
      return out;
    },
  };
}

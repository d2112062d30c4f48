/** The non-uniform Fourier transform of coil images onto a trajectory. */
import { zeros } from '../array/nd-array.ts';
import type { Trajectory } from '../array/trajectory.ts';
import { nufftOf } from '../transform/nufft/plan-cache.ts';
import { ACCURATE, type NufftOptions } from '../transform/nufft/nufft.ts';
import type { LinearOperator } from './linear-operator.ts';

/**
 * Images [coil, row, column] of `trajectory.matrix` → samples [coil, sample, readout], as Trajectory defines. Both directions
 * throw what making the plan throws (see Nufft).
 */
export function nufft(trajectory: Trajectory, coils: number, options: NufftOptions = ACCURATE): LinearOperator {
  const { rows, columns } = trajectory.matrix;
  const [samples, readouts] = trajectory.points.shape as [number, number, number];
  const domain = [coils, rows, columns];
  const range = [coils, samples, readouts];
  return {
    name: 'NUFFT',
    domain,
    range,
    apply: (x, out = zeros('complex64', range)) => nufftOf(trajectory, options).forward(x, out),
    adjoint: (y, out = zeros('complex64', domain)) => nufftOf(trajectory, options).adjoint(y, out),
  };
}

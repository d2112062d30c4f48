/** Density-compensated gridding: the image that samples along a trajectory give without a model of the coils. */
import type { NdArray } from '../array/nd-array.ts';
import type { Trajectory } from '../array/trajectory.ts';
import { LacunaError } from '../errors.ts';
import { denseRadius } from '../sampling/dense-centre.ts';
import { fft2c } from '../transform/fft.ts';
import { pipeMenon } from '../transform/nufft/density.ts';
import { nufftOf, trajectoryKey } from '../transform/nufft/plan-cache.ts';
import type { Calibration } from './cached-maps.ts';
import { SMALLEST_CALIBRATION } from './coil-maps.ts';
import { weighted } from './noncartesian-system.ts';

const PREFIX = 'density:';
const MOST_KEPT = 16;
/** Beyond this radius, in cycles per field of view of the output, maps gain nothing but noise: 25×25 samples, as ESPIRiT's usual 24×24. */
const CALIBRATION_RADIUS = 12;

/** Pipe–Menon weights in cells of the Cartesian grid, remembered in `cache` under the points. */
export function densityOf(trajectory: Trajectory, cache: Map<string, unknown>): Float32Array {
  const key = PREFIX + trajectoryKey(trajectory);
  const weights = (cache.get(key) as Float32Array | undefined) ?? pipeMenon(trajectory);
  cache.delete(key);
  cache.set(key, weights);
  const kept = [...cache.keys()].filter((name) => name.startsWith(PREFIX));
  for (const name of kept.slice(0, -MOST_KEPT)) cache.delete(name);
  return weights;
}

/** Aᴴ W y: samples [coil, sample, readout] → coil images [coil, row, column] on the scale of a Cartesian reconstruction. */
export function gridded(kspace: NdArray<'complex64'>, trajectory: Trajectory, weights: Float32Array): NdArray<'complex64'> {
  return nufftOf(trajectory).adjoint(weighted(kspace, weights));
}

/** Why coil maps cannot be made from such a trajectory, or null. */
export function refuseSparseCentre(trajectory: Trajectory): string | null {
  const side = 2 * denseRadius(trajectory, SMALLEST_CALIBRATION) + 1;
  if (side >= SMALLEST_CALIBRATION) return null;
  return (
    `Coil maps need a centre of k-space without gaps, at least ${SMALLEST_CALIBRATION} cells across; this trajectory covers ${Math.max(0, side)}. ` +
    'More readouts, or more density in the centre, help.'
  );
}

/**
 * Gridded coil images as Cartesian k-space, with the block that the trajectory covers without gaps: what coil maps are made of.
 * `output` says how much of the matrix is the field of view. Throws usage.unsupported where the block is too small.
 */
export function griddedCalibration(images: NdArray<'complex64'>, trajectory: Trajectory, output: Trajectory['matrix'] = trajectory.matrix): Calibration {
  const refusal = refuseSparseCentre(trajectory);
  if (refusal !== null) throw new LacunaError('usage.unsupported', refusal, { field: 'pattern' });
  const [, rows, columns] = images.shape as [number, number, number];
  const oversampling = Math.max(rows / output.rows, columns / output.columns);
  const radius = denseRadius(trajectory, Math.ceil(CALIBRATION_RADIUS * oversampling));
  const around = (n: number): [number, number] => [Math.max(0, Math.floor(n / 2) - radius), Math.min(n, Math.floor(n / 2) + radius + 1)];
  return { kspace: fft2c(images), pattern: { centre: { rows: around(rows), columns: around(columns) } } };
}

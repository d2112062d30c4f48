/** What reconstructions along a trajectory begin with whatever their parameters are: kept while a slider moves. */
import type { NdArray } from '../array/nd-array.ts';
import type { Trajectory } from '../array/trajectory.ts';
import { trajectoryKey } from '../transform/nufft/plan-cache.ts';
import { toeplitzSpectrum, type ToeplitzSpectrum } from '../transform/nufft/toeplitz.ts';
import type { Calibration } from './cached-maps.ts';
import { calibrationKey } from './calibration-key.ts';
import type { MriMeasurement } from './measurement.ts';
import { densityOf, gridded, griddedCalibration } from './noncartesian-gridding.ts';

export interface Beginning {
  /** Density compensation, one a sample. */
  readonly weights: Float32Array;
  /** Gridded coil images [coil, row, column]. */
  readonly images: NdArray<'complex64'>;
  readonly calibration: Calibration;
  readonly spectrum: ToeplitzSpectrum;
}

const PREFIX = 'beginning:';
/** The newest is always kept, others as long as all of them fit: frames and slices that come round. */
const MOST_BYTES = 128 * 2 ** 20;

/** Remembered in `cache` under the content of the samples and their points; the arrays are shared, so nobody may write them. Throws as griddedCalibration. */
export function beginningOf({ kspace, output }: MriMeasurement, trajectory: Trajectory, cache: Map<string, unknown>): Beginning {
  const [, samples, readouts] = kspace.shape as [number, number, number];
  const content = calibrationKey(kspace, { rows: [0, samples], columns: [0, readouts] });
  const key = `${PREFIX}${trajectoryKey(trajectory)}:${output.rows}×${output.columns}:${content}`;
  const beginning = (cache.get(key) as Beginning | undefined) ?? begin(kspace, trajectory, output, cache);
  // Deleting first puts a hit at the end, so that the one unused for longest is dropped.
  cache.delete(key);
  cache.set(key, beginning);
  let bytes = 0;
  for (const [i, name] of [...cache.keys()].filter((other) => other.startsWith(PREFIX)).reverse().entries()) {
    bytes += bytesOf(cache.get(name) as Beginning);
    if (i > 0 && bytes > MOST_BYTES) cache.delete(name);
  }
  return beginning;
}

function begin(kspace: NdArray<'complex64'>, trajectory: Trajectory, output: MriMeasurement['output'], cache: Map<string, unknown>): Beginning {
  const weights = densityOf(trajectory, cache);
  const images = gridded(kspace, trajectory, weights);
  return { weights, images, calibration: griddedCalibration(images, trajectory, output), spectrum: toeplitzSpectrum(trajectory, weights) };
}

function bytesOf({ images, calibration, spectrum }: Beginning): number {
  return images.data.byteLength + calibration.kspace.data.byteLength + spectrum.values.byteLength;
}

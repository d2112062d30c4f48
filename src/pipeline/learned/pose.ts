/** A measurement made ready for networks: channels compressed, maps estimated, the problem posed; along a trajectory too. */
import { NEVER_CANCELLED } from '../../algorithms/status.ts';
import { zeros, type NdArray } from '../../array/nd-array.ts';
import type { Trajectory } from '../../array/trajectory.ts';
import { calibrationKey, calibrationRange } from '../../mri/calibration-key.ts';
import { compressCoils, findCoilCompression, type CoilCompression } from '../../mri/coil-compression.ts';
import { calibrationBlock, estimateMaps } from '../../mri/coil-maps.ts';
import { predictSamples } from '../../mri/data-residual.ts';
import type { MriMeasurement } from '../../mri/measurement.ts';
import { cartesianNoise, trajectoryNoise } from '../../mri/noise-level.ts';
import { beginningOf, type Beginning } from '../../mri/noncartesian-beginning.ts';
import { largestEigenvalue, predictAlong } from '../../mri/noncartesian-solvers.ts';
import { NonCartesianSystem } from '../../mri/noncartesian-system.ts';
import { refinedMaps } from '../../mri/refined-maps.ts';
import { cartesianProblem, trajectoryProblem } from '../../mri/unrolled-problem.ts';
import type { UnrolledProblem } from '../../mri/unrolled.ts';
import type { SamplingPattern } from '../../sampling/pattern.ts';
import { kernels } from '../../transform/kernels.ts';
import { trajectoryKey } from '../../transform/nufft/plan-cache.ts';
import type { MethodContext } from '../step.ts';
import { keep } from './network.ts';

export interface Posed {
  /** Null where no channels were combined. */
  readonly compression: CoilCompression | null;
  /** Calibration samples that the maps were made of. */
  readonly block: { readonly rows: number; readonly columns: number };
  readonly problem: UnrolledProblem;
  /** The problem with maps from the centre of k-space that `image` fills in. */
  refined(image: NdArray<'complex64'>): UnrolledProblem;
  /** Samples of the channels that `problem` has, and what an image predicts for them. */
  readonly samples: NdArray<'complex64'>;
  predict(image: NdArray<'complex64'>, maps: NdArray<'complex64'>): NdArray<'complex64'>;
}

type Cache = MethodContext['cache'];
/** Coil maps kept while sliders move and slices are leafed through. */
const KEPT_MAPS = 6;

/** Channels beyond `virtualCoils` are compressed. Throws usage.unsupported where there is no centre to make maps of. */
export async function pose(measurement: MriMeasurement, kind: UnrolledProblem['kind'], virtualCoils: number, cache: Cache): Promise<Posed> {
  const { trajectory } = measurement;
  return trajectory === undefined ? poseCartesian(measurement, kind, virtualCoils, cache) : poseAlong(measurement, trajectory, virtualCoils, cache);
}

interface Calibrated {
  readonly compression: CoilCompression | null;
  readonly maps: NdArray<'complex64'>;
}

/** From k-space [coil, row, column] whose samples within `centre` are those of the grid. */
function calibrate(kspace: NdArray<'complex64'>, centre: SamplingPattern['centre'], virtualCoils: number, cache: Cache): Calibrated {
  const [coils, rows, columns] = kspace.shape as [number, number, number];
  const range = calibrationRange([rows, columns], centre);
  return keep(
    cache,
    `unrolled-maps/${virtualCoils}/${calibrationKey(kspace, range)}`,
    () => {
      if (coils <= virtualCoils) return { compression: null, maps: estimateMaps(kspace, centre) };
      const compression = findCoilCompression(kspace, range, virtualCoils);
      return { compression, maps: estimateMaps(compressCoils(kspace, compression), centre) };
    },
    KEPT_MAPS,
  );
}

const compressed = (array: NdArray<'complex64'>, compression: CoilCompression | null): NdArray<'complex64'> =>
  compression === null ? array : compressCoils(array, compression);

function poseCartesian({ kspace, pattern, output }: MriMeasurement, kind: UnrolledProblem['kind'], virtualCoils: number, cache: Cache): Posed {
  const { compression, maps } = calibrate(kspace, pattern.centre, virtualCoils, cache);
  const samples = compressed(kspace, compression);
  const noise = cartesianNoise(kspace, pattern);
  const { mask, columns } = pattern;
  const measured = (row: number, column: number): boolean => mask[pattern.kind === 'lines' ? column : row * columns + column] !== 0;
  return {
    compression,
    block: calibrationBlock([pattern.rows, columns], pattern.centre),
    problem: cartesianProblem(samples, maps, pattern, kind, noise),
    refined: (image) => cartesianProblem(samples, refinedMaps(image, maps, { kspace: samples, measured, output }), pattern, kind, noise),
    samples,
    predict: (image, wanted) => predictSamples(image, wanted, pattern),
  };
}

async function poseAlong({ kspace, pattern, output }: MriMeasurement, trajectory: Trajectory, virtualCoils: number, cache: Cache): Promise<Posed> {
  const beginning = beginningOf({ kspace, pattern, output }, trajectory, cache);
  const { calibration, spectrum, weights } = beginning;
  const { centre } = calibration.pattern;
  const { compression, maps } = calibrate(calibration.kspace, centre, virtualCoils, cache);
  const images = compressed(beginning.images, compression);
  const gridded = compressed(calibration.kspace, compression);
  const scale = await scaleOf(trajectory, beginning, cache);
  const fraction = Math.min(1, spectrum.values.reduce((sum, value) => sum + value, 0) / scale);
  const noise = griddedNoise(trajectoryNoise(kspace, trajectory), weights, trajectory, fraction) / scale;
  const about = { fraction, noise, scale };
  const within = (i: number, [start, end]: readonly [number, number]): boolean => i >= start && i < end;
  const measured = (row: number, column: number): boolean => within(row, centre.rows) && within(column, centre.columns);
  const samples = compressed(kspace, compression);
  return {
    compression,
    block: { rows: centre.rows[1] - centre.rows[0], columns: centre.columns[1] - centre.columns[0] },
    problem: trajectoryProblem(images, maps, spectrum, about),
    refined: (image) => trajectoryProblem(images, refinedMaps(image, maps, { kspace: gridded, measured, output }), spectrum, about),
    samples,
    predict: (image, wanted) => predictAlong(image, wanted, trajectory),
  };
}

/** Largest eigenvalue of Aᴴ W A without maps: those have unit root-sum-of-squares and can only make it smaller. */
async function scaleOf(trajectory: Trajectory, { weights, spectrum }: Beginning, cache: Cache): Promise<number> {
  const key = `unrolled-scale/${trajectoryKey(trajectory)}`;
  const known = cache.get(key);
  if (typeof known === 'number') return known;
  const { rows, columns } = trajectory.matrix;
  const ones = zeros('complex64', [1, rows, columns]);
  for (let i = 0; i < ones.data.length; i += 2) ones.data[i] = 1;
  const system = new NonCartesianSystem(kernels(), ones, trajectory, weights, spectrum);
  const start = system.space.create();
  try {
    system.space.set(start, noiseLike(2 * rows * columns));
    const value = await largestEigenvalue(system, start, NEVER_CANCELLED);
    return keep(cache, key, () => value);
  } finally {
    system.space.free(start);
    system.dispose();
  }
}

/** A start that no eigenvector is orthogonal to; the same at every call. */
function noiseLike(length: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => Math.sin(1.7 * i + (i * i) / 97));
}

/**
 * The noise per sample of a Cartesian scan of that fraction whose zero-filled image would be as noisy as Aᴴ W y:
 * there it is σ √fraction in each pixel, here σ √(Σ w² / (R·C)).
 */
function griddedNoise(sigma: number, weights: Float32Array, { matrix }: Trajectory, fraction: number): number {
  const squares = weights.reduce((sum, weight) => sum + weight * weight, 0);
  return fraction > 0 ? sigma * Math.sqrt(squares / (matrix.rows * matrix.columns) / fraction) : 0;
}

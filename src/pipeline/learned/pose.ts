/** A measurement made ready for networks: channels compressed, maps estimated, the problem posed; along a trajectory too. */
import { NEVER_CANCELLED } from '../../algorithms/status.ts';
import { zeros, type NdArray } from '../../array/nd-array.ts';
import { shared } from '../../array/shared.ts';
import type { Trajectory } from '../../array/trajectory.ts';
import type { Calibration } from '../../mri/cached-maps.ts';
import { calibrationKey, calibrationRange } from '../../mri/calibration-key.ts';
import { compressCoils, findCoilCompression, type CoilCompression } from '../../mri/coil-compression.ts';
import { calibrationBlock, estimateMaps } from '../../mri/coil-maps.ts';
import { predictSamples, relativeResidual, residualMap } from '../../mri/data-residual.ts';
import { hybridOf, residualOfLines } from '../../mri/hybrid-lines.ts';
import type { MriMeasurement } from '../../mri/measurement.ts';
import { cartesianNoise, findQuietChannel, type QuietChannel, trajectoryNoise } from '../../mri/noise-level.ts';
import { limitedWeights } from '../../mri/limited-weights.ts';
import { densityOf, gridded, griddedCalibration } from '../../mri/noncartesian-gridding.ts';
import { largestEigenvalue, predictAlong } from '../../mri/noncartesian-solvers.ts';
import { NonCartesianSystem } from '../../mri/noncartesian-system.ts';
import { canRefine, refinedMaps } from '../../mri/refined-maps.ts';
import { cartesianProblem, linesProblem, trajectoryProblem } from '../../mri/unrolled-problem.ts';
import type { UnrolledProblem } from '../../mri/unrolled.ts';
import type { SamplingPattern } from '../../sampling/pattern.ts';
import { kernels } from '../../transform/kernels.ts';
import { trajectoryKey } from '../../transform/nufft/plan-cache.ts';
import { toeplitzSpectrum, type ToeplitzSpectrum } from '../../transform/nufft/toeplitz.ts';
import type { MethodContext } from '../step.ts';
import { keep } from './network.ts';

export interface Posed {
  /** Null where no channels were combined. */
  readonly compression: CoilCompression | null;
  /** Calibration samples that the maps were made of. */
  readonly block: { readonly rows: number; readonly columns: number };
  readonly problem: UnrolledProblem;
  /** Whether a second pass has a larger centre to make maps of than was measured. */
  readonly refines: boolean;
  /** The problem with maps from the centre of k-space that `image` fills in. */
  refined(image: NdArray<'complex64'>): UnrolledProblem;
  /** ‖A x − y‖ / ‖y‖ of an image with the maps of a problem, and |A x − y| as root-sum-of-squares over the channels. */
  residual(image: NdArray<'complex64'>, maps: NdArray<'complex64'>): number;
  residualMap(image: NdArray<'complex64'>, maps: NdArray<'complex64'>): NdArray<'float32'>;
}

type Cache = MethodContext['cache'];
/** Coil maps kept while sliders move and slices are leafed through. */
const KEPT_MAPS = 6;
const KEPT_BEGINNINGS = 2;
/**
 * The bulk of the eigenvalues along a trajectory is about 1, few are up to 2. Accelerated gradient steps of length 1 converge up
 * to 4/3; scaled to that instead of to 1, images of radial and spiral scans gained 1 dB.
 */
const LARGEST_EIGENVALUE = 1.3;

/** Channels beyond `virtualCoils` are compressed. Throws usage.unsupported where there is no centre to make maps of. */
export async function pose(measurement: MriMeasurement, kind: UnrolledProblem['kind'], virtualCoils: number, cache: Cache): Promise<Posed> {
  const { trajectory } = measurement;
  return trajectory === undefined ? poseCartesian(measurement, kind, virtualCoils, cache) : poseAlong(measurement, trajectory, virtualCoils, cache);
}

interface Calibrated {
  readonly compression: CoilCompression | null;
  readonly maps: NdArray<'complex64'>;
  /** Follows from the content of what the maps were made of. */
  readonly key: string;
  readonly quiet: QuietChannel | null;
}

/** From k-space [coil, row, column] whose samples within `centre` are those of the grid. */
function calibrate(kspace: NdArray<'complex64'>, centre: SamplingPattern['centre'], virtualCoils: number, cache: Cache): Calibrated {
  const [coils, rows, columns] = kspace.shape as [number, number, number];
  const range = calibrationRange([rows, columns], centre);
  const key = `unrolled-maps/${virtualCoils}/${calibrationKey(kspace, range)}`;
  return keep(
    cache,
    key,
    () => {
      const quiet = findQuietChannel(kspace, range);
      const compression = coils <= virtualCoils ? null : findCoilCompression(kspace, range, virtualCoils);
      return { compression, quiet, key, maps: shared(estimateMaps(compressed(kspace, compression), centre)) };
    },
    KEPT_MAPS,
  );
}

const compressed = (array: NdArray<'complex64'>, compression: CoilCompression | null): NdArray<'complex64'> =>
  compression === null ? array : compressCoils(array, compression);

function poseCartesian(measurement: MriMeasurement, kind: UnrolledProblem['kind'], virtualCoils: number, cache: Cache): Posed {
  const { pattern, output, calibration } = measurement;
  // At the samples that the pattern keeps, which alone are looked at, the recorded slice is the same, and it is there already.
  const recorded = measurement.recorded ?? measurement.kspace;
  const calibrating = calibration ?? { kspace: recorded, pattern };
  const { compression, maps, quiet, key } = calibrate(calibrating.kspace, calibrating.pattern.centre, virtualCoils, cache);
  const noise = cartesianNoise(recorded, pattern, quiet);
  const { mask, columns } = pattern;
  const hybrid = kind === 'lines' ? hybridOf(recorded, compression) : null;
  let made: NdArray<'complex64'> | null = null;
  const samples = (): NdArray<'complex64'> => {
    made ??= compressed(measurement.kspace, compression);
    return made;
  };
  const problemWith = (wanted: NdArray<'complex64'>): UnrolledProblem =>
    hybrid === null ? cartesianProblem(samples(), wanted, pattern, kind, noise) : linesProblem(hybrid, wanted, mask, noise);
  const block = calibrationBlock([pattern.rows, columns], pattern.centre);
  const measured = (row: number, column: number): boolean => mask[pattern.kind === 'lines' ? column : row * columns + column] !== 0;
  return {
    compression,
    block,
    // Maps that another frame gave stay: made again, they would take up the phase of this one.
    refines: calibration === undefined && canRefine(block, [pattern.rows, columns], output),
    problem: { ...problemWith(maps), mapsKey: key },
    refined: (image) => problemWith(refinedMaps(image, maps, { kspace: samples(), measured, output })),
    residual: (image, wanted) => (hybrid === null ? relativeResidual(predictSamples(image, wanted, pattern), samples()) : residualOfLines(image, wanted, hybrid, mask)),
    residualMap: (image, wanted) => residualMap(predictSamples(image, wanted, pattern), samples()),
  };
}

interface Beginning {
  readonly weights: Float32Array;
  /** Aᴴ W y of each coil without maps, [coil, row, column]. */
  readonly images: NdArray<'complex64'>;
  readonly calibration: Calibration;
  readonly spectrum: ToeplitzSpectrum;
  /** What Aᴴ W A and Aᴴ W y are divided by. */
  readonly scale: number;
}

async function poseAlong({ kspace, output }: MriMeasurement, trajectory: Trajectory, virtualCoils: number, cache: Cache): Promise<Posed> {
  const { weights, spectrum, calibration, scale, images } = await begin(kspace, trajectory, output, cache);
  const { centre } = calibration.pattern;
  const { compression, maps, quiet, key } = calibrate(calibration.kspace, centre, virtualCoils, cache);
  const samples = compressed(kspace, compression);
  const centreSamples = compressed(calibration.kspace, compression);
  const fraction = Math.min(1, spectrum.values.reduce((sum, value) => sum + value, 0) / scale);
  const noise = griddedNoise(trajectoryNoise(kspace, trajectory, quiet), weights, trajectory, fraction) / scale;
  const pose = (wanted: NdArray<'complex64'>): UnrolledProblem =>
    trajectoryProblem(compressed(images, compression), wanted, spectrum, { fraction, noise, scale });
  const block = { rows: centre.rows[1] - centre.rows[0], columns: centre.columns[1] - centre.columns[0] };
  const within = (i: number, [start, end]: readonly [number, number]): boolean => i >= start && i < end;
  const measured = (row: number, column: number): boolean => within(row, centre.rows) && within(column, centre.columns);
  return {
    compression,
    block,
    refines: canRefine(block, [trajectory.matrix.rows, trajectory.matrix.columns], output),
    problem: { ...pose(maps), mapsKey: key },
    refined: (image) => pose(refinedMaps(image, maps, { kspace: centreSamples, measured, output })),
    residual: (image, wanted) => relativeResidual(predictAlong(image, wanted, trajectory), samples),
    residualMap: (image, wanted) => residualMap(predictAlong(image, wanted, trajectory), samples),
  };
}

async function begin(kspace: NdArray<'complex64'>, trajectory: Trajectory, output: MriMeasurement['output'], cache: Cache): Promise<Beginning> {
  const [, samples, readouts] = kspace.shape as [number, number, number];
  const content = calibrationKey(kspace, { rows: [0, samples], columns: [0, readouts] });
  const key = `unrolled-beginning/${trajectoryKey(trajectory)}:${output.rows}×${output.columns}:${content}`;
  const known = cache.get(key) as Beginning | undefined;
  if (known !== undefined) return keep(cache, key, () => known, KEPT_BEGINNINGS);
  const weights = limitedWeights(trajectory, densityOf(trajectory, cache));
  const images = gridded(kspace, trajectory, weights);
  const spectrum = toeplitzSpectrum(trajectory, weights);
  const scale = Math.max(1, (await normOf(trajectory, weights, spectrum)) / LARGEST_EIGENVALUE);
  const made: Beginning = { weights, images, spectrum, scale, calibration: griddedCalibration(images, trajectory, output) };
  return keep(cache, key, () => made, KEPT_BEGINNINGS);
}

/** ‖Aᴴ W A‖ without maps, which have unit root-sum-of-squares and can only make it smaller. */
async function normOf(trajectory: Trajectory, weights: Float32Array, spectrum: ToeplitzSpectrum): Promise<number> {
  const { rows, columns } = trajectory.matrix;
  const ones = zeros('complex64', [1, rows, columns]);
  for (let i = 0; i < ones.data.length; i += 2) ones.data[i] = 1;
  const system = new NonCartesianSystem(kernels(), ones, trajectory, weights, spectrum);
  const start = system.space.create();
  try {
    system.space.set(start, noiseLike(2 * rows * columns));
    return await largestEigenvalue(system, start, NEVER_CANCELLED);
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

/**
 * The methods' way with measurements along a trajectory: density, gridded images, maps from the centre they cover, solver, estimate.
 *
 * The data term is weighted by the density compensation: AᴴWA is then close to the identity, as AᴴA of a Cartesian scan is, so that λ
 * means the same, and a few iterations do (Pruessmann et al., Magn Reson Med 2001;46:638, section on density correction).
 */
import { centreCrop, type NdArray } from '../array/nd-array.ts';
import type { AlgorithmStatus } from '../algorithms/status.ts';
import type { Trajectory } from '../array/trajectory.ts';
import type { SamplingPattern } from '../sampling/pattern.ts';
import { usefulLevels } from '../transform/wavelet.ts';
import type { CalibratedMaps, Calibration } from './cached-maps.ts';
import { deliverEstimate, type EstimateStatus } from './deliver-estimate.ts';
import type { L1WaveletOptions } from './l1-wavelet.ts';
import type { MriEstimate, MriMeasurement } from './measurement.ts';
import { beginningOf } from './noncartesian-beginning.ts';
import { densityOf, gridded, refuseSparseCentre } from './noncartesian-gridding.ts';
import { l1WaveletAlong, predictAlong, senseAlong, type AlongTrajectory } from './noncartesian-solvers.ts';
import { rootSumOfSquares } from './root-sum-of-squares.ts';
import type { SenseOptions } from './sense.ts';

export interface TrajectoryContext {
  readonly cache: Map<string, unknown>;
  /** The coil maps that the method's parameters ask for. */
  readonly mapsOf: (calibration: Calibration) => Promise<CalibratedMaps>;
}

type Run = AsyncGenerator<EstimateStatus, MriEstimate>;

/** As refuseWithoutCentre. Readouts of a recording are only looked at when it is measured, so nothing is refused before. */
export function refuseTrajectory({ trajectory }: SamplingPattern): string | null {
  return trajectory === undefined ? null : refuseSparseCentre(trajectory);
}

/** Root-sum-of-squares of the density-compensated coil images, cropped to the output. */
export function griddedEstimate({ kspace, output }: MriMeasurement, trajectory: Trajectory, cache: Map<string, unknown>): MriEstimate {
  const images = gridded(kspace, trajectory, densityOf(trajectory, cache));
  return {
    image: centreCrop(rootSumOfSquares(images), output.rows, output.columns),
    provider: 'cpu (TypeScript)',
    notes: ['Gridding: Pipe–Menon density compensation'],
  };
}

export async function* senseEstimate(measurement: MriMeasurement, trajectory: Trajectory, options: SenseOptions, context: TrajectoryContext): Run {
  const { data, calibrated } = await begin(measurement, trajectory, context);
  return yield* deliver(measurement, calibrated, senseAlong(data, calibrated.maps, options), data);
}

/** `lambda` is for an image whose brightest parts are about 1, and `levels` 0 takes as many as are useful. `scaleOf` measures the image. */
export async function* l1WaveletEstimate(
  measurement: MriMeasurement,
  trajectory: Trajectory,
  { lambda, levels, ...options }: L1WaveletOptions,
  scaleOf: (image: NdArray<'float32'>) => number,
  context: TrajectoryContext,
): Run {
  const { data, calibrated } = await begin(measurement, trajectory, context);
  const { rows, columns } = trajectory.matrix;
  const scale = scaleOf(rootSumOfSquares(data.images));
  const steps = l1WaveletAlong(data, calibrated.maps, {
    ...options,
    lambda: lambda * scale,
    levels: Math.min(levels === 0 ? Infinity : levels, usefulLevels(rows, columns)),
  });
  return yield* deliver(measurement, calibrated, steps, data, [`Scale ${scale.toPrecision(3)}`]);
}

interface Start {
  readonly data: AlongTrajectory & { readonly images: NdArray<'complex64'> };
  readonly calibrated: CalibratedMaps;
}

async function begin(measurement: MriMeasurement, trajectory: Trajectory, { cache, mapsOf }: TrajectoryContext): Promise<Start> {
  const { weights, images, calibration, spectrum } = beginningOf(measurement, trajectory, cache);
  return { data: { kspace: measurement.kspace, trajectory, weights, images, spectrum }, calibrated: await mapsOf(calibration) };
}

function deliver(
  measurement: MriMeasurement,
  calibrated: CalibratedMaps,
  steps: AsyncGenerator<AlgorithmStatus, NdArray<'complex64'>>,
  { trajectory }: AlongTrajectory,
  notes: readonly string[] = [],
): Run {
  const predict = (x: NdArray<'complex64'>): NdArray<'complex64'> => predictAlong(x, calibrated.maps, trajectory);
  return deliverEstimate(measurement, calibrated, steps, [...notes, 'Data term weighted by the sampling density'], predict);
}

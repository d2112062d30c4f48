/** A measurement as one complex image and the way back to its samples: what networks that know no coils are put between. */
import { subArray, type NdArray } from '../../array/nd-array.ts';
import type { Trajectory } from '../../array/trajectory.ts';
import { calibratedMaps, type MapParams } from '../../mri/cached-maps.ts';
import { predictSamples } from '../../mri/data-residual.ts';
import { consistentAlong, consistentWithCoils, replaceSamples, uniformMaps } from '../../mri/kspace-replacement.ts';
import type { MriMeasurement } from '../../mri/measurement.ts';
import { beginningOf } from '../../mri/noncartesian-beginning.ts';
import { densityOf, gridded } from '../../mri/noncartesian-gridding.ts';
import { predictAlong, type AlongTrajectory } from '../../mri/noncartesian-solvers.ts';
import { coils } from '../../operators/coils.ts';
import { ifft2c } from '../../transform/fft.ts';
import type { MethodContext } from '../step.ts';

export interface Combined {
  /** Zero-filled or gridded, coils combined with their maps: [row, column], on the scale of the data. */
  readonly image: NdArray<'complex64'>;
  /** Puts what was measured back into an estimate [row, column]. Throws `job.cancelled`, `job.memory`. */
  consistent(estimate: NdArray<'complex64'>): Promise<NdArray<'complex64'>>;
  /** The samples an image stands for, in the shape of the measurement's k-space. */
  predict(image: NdArray<'complex64'>): NdArray<'complex64'>;
  readonly notes: readonly string[];
}

interface Options {
  readonly maps: MapParams;
  /** Conjugate-gradient steps at most, where replacement is not exact. */
  readonly steps: number;
  readonly context: Pick<MethodContext, 'cache' | 'signal'>;
}

/** Throws usage.unsupported where several coils have no centre of k-space to make maps of. */
export function combine(measurement: MriMeasurement, options: Options): Promise<Combined> {
  const { trajectory } = measurement;
  if (trajectory !== undefined) return combineAlong(measurement, trajectory, options);
  return measurement.kspace.shape[0] === 1 ? Promise.resolve(single(measurement)) : combineCoils(measurement, options);
}

function single({ kspace, pattern }: MriMeasurement): Combined {
  const samples = subArray(kspace, 0);
  const [rows, columns] = samples.shape as [number, number];
  return {
    image: ifft2c(samples),
    consistent: (estimate) => Promise.resolve(replaceSamples(estimate, samples, pattern)),
    predict: (image) => predictSamples(image, uniformMaps(rows, columns), pattern),
    notes: ['Data consistency: measured samples replace those of the network'],
  };
}

async function combineCoils({ kspace, pattern }: MriMeasurement, { maps: params, steps, context }: Options): Promise<Combined> {
  const { maps, note } = await calibratedMaps({ kspace, pattern }, params, context.cache);
  return {
    image: coils(maps).adjoint(ifft2c(kspace)),
    consistent: (estimate) => consistentWithCoils(estimate, kspace, maps, pattern, { iterations: steps, signal: context.signal }),
    predict: (image) => predictSamples(image, maps, pattern),
    notes: [note, `Data consistency: ${steps} conjugate-gradient steps on all coils`],
  };
}

async function combineAlong(measurement: MriMeasurement, trajectory: Trajectory, { maps: params, steps, context }: Options): Promise<Combined> {
  const { maps, note, data } = await alongOf(measurement, trajectory, params, context.cache);
  return {
    image: coils(maps).adjoint(data.images),
    consistent: (estimate) => consistentAlong(estimate, data, maps, { iterations: steps, signal: context.signal }),
    predict: (image) => predictAlong(image, maps, trajectory),
    notes: [...note, `Data consistency: ${steps} conjugate-gradient steps along the trajectory, weighted by the sampling density`],
  };
}

async function alongOf(measurement: MriMeasurement, trajectory: Trajectory, params: MapParams, cache: MethodContext['cache']) {
  const { kspace } = measurement;
  if (kspace.shape[0] === 1) {
    const weights = densityOf(trajectory, cache);
    const data = { kspace, trajectory, weights, images: gridded(kspace, trajectory, weights) } satisfies AlongTrajectory;
    return { maps: uniformMaps(trajectory.matrix.rows, trajectory.matrix.columns), note: [], data };
  }
  const { weights, images, spectrum, calibration } = beginningOf(measurement, trajectory, cache);
  const { maps, note } = await calibratedMaps(calibration, params, cache);
  return { maps, note: [note], data: { kspace, trajectory, weights, images, spectrum } satisfies AlongTrajectory };
}

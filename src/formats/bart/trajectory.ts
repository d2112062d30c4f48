/** A trajectory file of BART: [3, sample, readout], the real parts in units of 1/FOV (kx, ky, kz), as `bart traj` writes and `bart nufft` reads. */
import { zeros } from '../../array/nd-array.ts';
import type { Finding } from '../../array/read-options.ts';
import type { Trajectory } from '../../array/trajectory.ts';
import { LacunaError } from '../../errors.ts';
import type { ByteSource } from '../reader.ts';

export interface ReadTrajectory {
  readonly trajectory: Trajectory;
  readonly output: { readonly rows: number; readonly columns: number };
  readonly findings: readonly Finding[];
}

/** More than any readout needs; also bounds the memory taken. */
const MAX_POINTS = 16 * 1024 * 1024;
const MAX_SIDE = 4096;

/**
 * Both axes of the image are BART's x (rows here) and y. Throws `input.unsupported` for trajectories in three dimensions or
 * that change along another axis, `input.malformed` for coordinates that are no numbers.
 */
export async function readTrajectory(cfl: ByteSource, dims: readonly number[]): Promise<ReadTrajectory> {
  const file = cfl.name;
  const [, samples, readouts] = dims as [number, number, number];
  if (dims.slice(3).some((n) => n > 1)) {
    throw new LacunaError('input.unsupported', 'The trajectory changes along further axes; one that holds for the whole series is read.', { file, field: 'Dimensions' });
  }
  if (samples * readouts > MAX_POINTS) throw new LacunaError('input.too-large', `A trajectory of ${samples * readouts} points is beyond the limit of ${MAX_POINTS}.`, { file, field: 'Dimensions' });
  const points = await readPoints(cfl, samples, readouts);
  const kind = kindOf(points, samples, readouts);
  const findings = scaleNormalised(points, samples, file);
  const step = kind === 'radial' ? medianStep(points, samples, readouts) : 1;
  // Finer steps along the spokes than 1/FOV cover a larger field of view: the grid has to hold it.
  const oversampling = Math.max(1, Math.round(1 / step));
  const extent = extentOf(points, kind);
  const side = 2 * Math.max(1, Math.ceil(extent - 1e-3));
  if (side * oversampling > MAX_SIDE) {
    throw new LacunaError('input.unsupported', `The trajectory reaches out to ${extent.toFixed(1)} cycles per field of view; up to ${MAX_SIDE / 2} are supported.`, { file, field: 'values' });
  }
  for (let i = 0; i < points.length; i++) points[i] = (points[i] as number) * oversampling;
  return {
    trajectory: {
      kind,
      points: { dtype: 'float32', shape: [samples, readouts, 2], data: points },
      matrix: { rows: side * oversampling, columns: side * oversampling },
    },
    output: { rows: side, columns: side },
    findings,
  };
}

/** [sample, readout, 2] out of [3, sample, readout] with the first axis fastest. */
async function readPoints(cfl: ByteSource, samples: number, readouts: number): Promise<Float32Array> {
  const bytes = await cfl.read(0, cfl.size);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { data } = zeros('float32', [samples, readouts, 2]);
  for (let m = 0; m < samples * readouts; m++) {
    const [x, y, z] = [0, 1, 2].map((axis) => view.getFloat32(8 * (3 * m + axis), true)) as [number, number, number];
    if (!Number.isFinite(x + y + z)) throw new LacunaError('input.malformed', `Point ${m} of the trajectory is no number.`, { file: cfl.name, field: 'values' });
    if (Math.abs(z) > 1e-3) throw new LacunaError('input.unsupported', 'The trajectory leaves the plane (kz is not 0); trajectories in two dimensions are read.', { file: cfl.name, field: 'values' });
    const to = 2 * ((m % samples) * readouts + Math.floor(m / samples));
    data[to] = x;
    data[to + 1] = y;
  }
  return data;
}

/** Coordinates within ±½ are cycles per pixel: other programs' habit. */
function scaleNormalised(points: Float32Array, samples: number, field: string): Finding[] {
  const largest = points.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (largest > 1 || largest === 0 || samples < 8) return [];
  for (let i = 0; i < points.length; i++) points[i] = (points[i] as number) * samples;
  return [{
    id: 'trajectory-in-pixels',
    severity: 'warning',
    field,
    stated: 'BART gives coordinates in units of 1/FOV, up to half the matrix.',
    found: `The largest coordinate is ${largest.toFixed(3)}, as in cycles per pixel.`,
    remedy: `All coordinates were multiplied by the ${samples} samples of a readout.`,
  }];
}

function kindOf(points: Float32Array, samples: number, readouts: number): Trajectory['kind'] {
  const at = (sample: number, readout: number): [number, number] => {
    const i = 2 * (sample * readouts + readout);
    return [points[i] as number, points[i + 1] as number];
  };
  let straight = true;
  let outward = true;
  for (let readout = 0; readout < readouts; readout++) {
    const [a, b] = [at(0, readout), at(samples - 1, readout)];
    const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
    const length = Math.hypot(dx, dy);
    const radii = [0, 0.25, 0.5, 0.75, 1].map((part) => at(Math.round(part * (samples - 1)), readout));
    // Distance of the points, and of the centre, from the line between the ends: gradient delays move spokes by a sample or so.
    const apart = ([x, y]: readonly [number, number]): number => Math.abs(dx * (y - a[1]) - dy * (x - a[0])) / (length || 1);
    const allowed = 0.01 * length + 2 * (length / samples);
    if (length === 0 || !radii.every((point) => apart(point) < allowed) || apart([0, 0]) > allowed) straight = false;
    const distances = radii.map(([x, y]) => Math.hypot(x, y));
    if (!distances.every((distance, i) => i === 0 || distance >= (distances[i - 1] as number))) outward = false;
  }
  return straight ? 'radial' : outward ? 'spiral' : 'other';
}

/** Usual distance of neighbouring samples of a spoke, in 1/FOV. */
function medianStep(points: Float32Array, samples: number, readouts: number): number {
  const steps: number[] = [];
  for (let readout = 0; readout < Math.min(readouts, 16); readout++) {
    const at = (sample: number): number => 2 * (sample * readouts + readout);
    for (let s = 1; s < samples; s++) {
      steps.push(Math.hypot((points[at(s)] as number) - (points[at(s - 1)] as number), (points[at(s) + 1] as number) - (points[at(s - 1) + 1] as number)));
    }
  }
  return steps.sort((a, b) => a - b)[Math.floor(steps.length / 2)] || 1;
}

/** Largest distance from the centre that the image has to resolve: along the axes for grids, radially for the rest. */
function extentOf(points: Float32Array, kind: Trajectory['kind']): number {
  let most = 0;
  for (let i = 0; i < points.length; i += 2) {
    const [x, y] = [Math.abs(points[i] as number), Math.abs(points[i + 1] as number)];
    most = Math.max(most, kind === 'other' ? Math.max(x, y) : Math.hypot(x, y));
  }
  return most;
}

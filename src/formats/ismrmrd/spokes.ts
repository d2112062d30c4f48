/** Non-Cartesian measurements: each acquisition is a readout along its own `traj`, and becomes a column of the k-space. */
import { type NdArray, ndArray, zeros } from '../../array/nd-array.ts';
import type { Axis, Series } from '../../array/recording.ts';
import type { Trajectory } from '../../array/trajectory.ts';
import { LacunaError } from '../../errors.ts';
import type { Acquisition } from './acquisitions.ts';
import { type Leading, leadingAxes } from './counters.ts';
import type { Doctor } from './doctor.ts';
import { type TableOf, visitRecords } from './fill.ts';
import type { Encoding } from './header.ts';
import { cyclesPerUnit, unitOf } from './trajectory-units.ts';

/** One series to be: its slice indices' readouts, all along one trajectory. */
export interface SpokeGroup {
  readonly title: string;
  readonly axes: readonly Axis[];
  readonly slices: readonly (readonly Acquisition[])[];
  readonly trajectory: Trajectory;
}

interface Shape {
  readonly samples: number;
  readonly kept: number;
  readonly before: number;
  readonly dimensions: number;
  readonly coils: number;
}

const MAX_POINTS = 2 ** 25;
/** Frames that are measured along other angles each make a series; more are only in the series of all. */
const MOST_FRAMES = 64;

/** `lines`: the imaging readouts of one encoding space. Throws `input.*`. */
export async function spokeGroups(table: TableOf, lines: readonly Acquisition[], encoding: Encoding, doctor: Doctor): Promise<{ groups: SpokeGroup[]; shape: Shape }> {
  const shape = shapeOf(lines, table);
  const raw = await readTrajectories(table, lines, shape);
  checkThird(raw, shape, doctor, table);
  const points = scaled(raw, shape, encoding, doctor);
  const partitions = stackOf(lines);
  const leading = leadingAxes(lines, partitions, table.file.name, table.path);
  const slices = evenly(lines, leading, doctor);
  const matrix = matrixOf(encoding, shape);
  const trajectoryOf = (spokes: readonly Acquisition[]): Trajectory => ({ kind: kindOf(encoding), points: gather(points, spokes, shape.kept), matrix });
  const first = slices[0] as readonly Acquisition[];
  const common = trajectoryOf(first);
  if (slices.every((spokes) => sameTrajectory(points, first, spokes))) {
    return { groups: [{ title: '', axes: leading.axes, slices, trajectory: common }], shape };
  }
  return { groups: framesApart(slices, leading, trajectoryOf, doctor), shape };
}

function shapeOf(lines: readonly Acquisition[], { file, path }: TableOf): Shape {
  const first = lines[0] as Acquisition;
  const { samples, channels, discardBefore, discardAfter, trajectoryDimensions } = first;
  const field = { file: file.name, field: path };
  const other = lines.find((a) => a.samples !== samples || a.channels !== channels || a.discardBefore !== discardBefore || a.discardAfter !== discardAfter || a.trajectoryDimensions !== trajectoryDimensions);
  if (other !== undefined) {
    throw new LacunaError('input.unsupported', `Acquisition ${other.record} has another number of samples, channels or trajectory dimensions than the first; along a trajectory all must agree.`, field);
  }
  if (trajectoryDimensions === 0) {
    throw new LacunaError('input.unsupported', 'The header says that the measurement is not Cartesian, but the acquisitions bring no trajectory (traj is empty).', { ...field, field: 'trajectory_dimensions' });
  }
  if (trajectoryDimensions !== 2 && trajectoryDimensions !== 3) {
    throw new LacunaError('input.unsupported', `The trajectory has ${trajectoryDimensions} dimensions; two are read, or three where the third is constant.`, { ...field, field: 'trajectory_dimensions' });
  }
  const kept = samples - discardBefore - discardAfter;
  if (kept < 1) throw new LacunaError('input.malformed', `Acquisition ${first.record} discards ${discardBefore} + ${discardAfter} of its ${samples} samples.`, field);
  if (kept * lines.length > MAX_POINTS || kept * lines.length * channels * 8 > 2 ** 32) {
    throw new LacunaError('input.too-large', `A trajectory of ${kept} × ${lines.length} samples is beyond the limit of ${MAX_POINTS}.`, field);
  }
  return { samples, kept, before: discardBefore, dimensions: trajectoryDimensions, coils: channels };
}

/** By record: the kept samples, [sample, dimension]. */
async function readTrajectories(table: TableOf, lines: readonly Acquisition[], { kept, before, dimensions }: Shape): Promise<Map<number, Float32Array>> {
  const out = new Map<number, Float32Array>();
  await visitRecords(table, lines.map((acquisition) => ({ acquisition })), ({ acquisition }, _samples, trajectory) => {
    const points = trajectory.slice(before * dimensions, (before + kept) * dimensions);
    if (!points.every(Number.isFinite)) {
      throw new LacunaError('input.malformed', `The trajectory of acquisition ${acquisition.record} holds something that is not a number.`, { file: table.file.name, field: `${table.path} traj` });
    }
    out.set(acquisition.record, points);
  });
  return out;
}

/** A third coordinate may be kz, if it stays the same along every readout, or the density weights that some spiral writers put there. */
function checkThird(raw: ReadonlyMap<number, Float32Array>, { kept, dimensions }: Shape, doctor: Doctor, { file, path }: TableOf): void {
  if (dimensions < 3) return;
  let varies = false;
  let negative = false;
  for (const points of raw.values()) {
    for (let i = 0; i < kept; i++) {
      const third = points[3 * i + 2] as number;
      varies ||= Math.abs(third - (points[2] as number)) > 1e-6 * Math.max(1, Math.abs(third));
      negative ||= third < 0;
    }
  }
  if (!varies) return;
  if (negative) throw new LacunaError('input.unsupported', 'The trajectory moves through kz along a readout; trajectories in a plane are read.', { file: file.name, field: `${path} traj` });
  doctor.note({
    id: 'trajectory-third', severity: 'info', field: 'traj',
    stated: 'The trajectory has three dimensions.', found: 'The third changes along the readouts and is nowhere negative.', remedy: 'It is taken for density weights and left out; weights are computed anew.',
  });
}

/** By record: cycles per field of view, [sample, 2]. */
function scaled(raw: ReadonlyMap<number, Float32Array>, { kept, dimensions }: Shape, encoding: Encoding, doctor: Doctor): Map<number, Float32Array> {
  const reach = [0, 0];
  for (const points of raw.values()) {
    for (let i = 0; i < kept; i++) for (const d of [0, 1] as const) reach[d] = Math.max(reach[d] as number, Math.abs(points[i * dimensions + d] as number));
  }
  const size = (d: 0 | 1): number => encoding.encoded?.matrix[d] ?? kept;
  const far = (reach[0] as number) / size(0) >= (reach[1] as number) / size(1) ? 0 : 1;
  const unit = unitOf(reach[far] as number, size(far), doctor);
  // One factor for both where the edge decides it, or the trajectory would be sheared.
  const factors = ([0, 1] as const).map((d) => cyclesPerUnit(unit, size(d), unit === 'scaled' ? ((reach[far] as number) * size(d)) / size(far) : 0));
  const out = new Map<number, Float32Array>();
  for (const [record, points] of raw) {
    out.set(record, Float32Array.from({ length: 2 * kept }, (_, i) => (factors[i % 2] as number) * (points[Math.floor(i / 2) * dimensions + (i % 2)] as number)));
  }
  return out;
}

/** A stack: the same readouts at several steps of a Cartesian second phase encoding. */
function stackOf(lines: readonly Acquisition[]): { first: number; length: number } | null {
  const steps = lines.map((a) => a.step2);
  const lowest = steps.reduce((least, step) => Math.min(least, step), Number.POSITIVE_INFINITY);
  const highest = steps.reduce((most, step) => Math.max(most, step), 0);
  return highest > lowest ? { first: lowest, length: highest - lowest + 1 } : null;
}

/** Readouts of each slice index in the order of the table, as many of each as the poorest has. */
function evenly(lines: readonly Acquisition[], leading: Leading, doctor: Doctor): Acquisition[][] {
  const all: Acquisition[][] = Array.from({ length: leading.count }, () => []);
  for (const acquisition of lines) all[leading.indexOf(acquisition)]?.push(acquisition);
  const slices = all.filter((spokes) => spokes.length > 0);
  const fewest = slices.reduce((least, spokes) => Math.min(least, spokes.length), Number.POSITIVE_INFINITY);
  const most = slices.reduce((greatest, spokes) => Math.max(greatest, spokes.length), 0);
  if (slices.length < all.length) {
    throw new LacunaError('input.unsupported', `Of ${all.length} combinations of the counters ${all.length - slices.length} have no readout; along a trajectory every frame needs some.`, { field: 'idx' });
  }
  if (fewest < most) {
    doctor.note({
      id: 'spokes-differ', severity: 'warning', field: 'idx',
      stated: 'The frames are parts of one series.', found: `They have ${fewest} to ${most} readouts.`, remedy: `The first ${fewest} of each are used.`,
    });
  }
  return slices.map((spokes) => spokes.slice(0, fewest));
}

function sameTrajectory(points: ReadonlyMap<number, Float32Array>, a: readonly Acquisition[], b: readonly Acquisition[]): boolean {
  return a.every((spoke, i) => {
    const [p, q] = [points.get(spoke.record), points.get((b[i] as Acquisition).record)];
    return p !== undefined && q !== undefined && p.every((value, at) => Math.abs(value - (q[at] as number)) < 1e-3);
  });
}

/** A series has one trajectory: golden-angle frames, whose angles differ, are a series each, after one of all readouts together. */
function framesApart(slices: readonly (readonly Acquisition[])[], leading: Leading, trajectoryOf: (spokes: readonly Acquisition[]) => Trajectory, doctor: Doctor): SpokeGroup[] {
  const changing = leading.axes.filter((axis) => axis.length > 1);
  const groups: SpokeGroup[] = [];
  const only: readonly Axis[] = [{ name: 'slice', length: 1 }];
  const [axis] = changing;
  if (changing.length === 1 && axis !== undefined && axis.name !== 'slice' && axis.name !== 'partition') {
    const together = slices.flat();
    groups.push({ title: `all ${axis.length} ${axis.name}s together`, axes: only, slices: [together], trajectory: trajectoryOf(together) });
  }
  for (const [i, spokes] of slices.entries()) {
    if (groups.length > MOST_FRAMES) break;
    groups.push({ title: changing.length === 1 ? `${axis?.name} ${i + 1} of ${slices.length}` : `part ${i + 1} of ${slices.length}`, axes: only, slices: [spokes], trajectory: trajectoryOf(spokes) });
  }
  doctor.note({
    id: 'trajectories-differ', severity: 'info', field: 'traj',
    stated: `The counters tell ${slices.length} ${changing.length === 1 ? `${axis?.name}s` : 'parts'} apart.`, found: 'Each was measured along a trajectory of its own (turning angles).',
    remedy: slices.length > MOST_FRAMES ? `The first ${MOST_FRAMES} are a series each.` : 'They are a series each.',
  });
  return groups;
}

/** The encoded matrix; where the header has none, as many pixels as a readout has samples. */
function matrixOf({ encoded }: Encoding, { kept }: Shape): Trajectory['matrix'] {
  return { rows: encoded?.matrix[0] ?? kept, columns: encoded?.matrix[1] ?? kept };
}

function kindOf({ trajectory }: Encoding): Trajectory['kind'] {
  if (trajectory === 'radial' || trajectory === 'goldenangle') return 'radial';
  return trajectory === 'spiral' ? 'spiral' : 'other';
}

/** [row, column, 2]. */
function gather(points: ReadonlyMap<number, Float32Array>, spokes: readonly Acquisition[], kept: number): NdArray<'float32'> {
  const out = new Float32Array(kept * spokes.length * 2);
  for (const [column, { record }] of spokes.entries()) {
    const from = points.get(record) as Float32Array;
    for (let row = 0; row < kept; row++) {
      const to = 2 * (row * spokes.length + column);
      out[to] = from[2 * row] as number;
      out[to + 1] = from[2 * row + 1] as number;
    }
  }
  return ndArray('float32', [kept, spokes.length, 2], out);
}

/** [coil, sample, readout]. */
export function spokeReader(table: TableOf, slices: readonly (readonly Acquisition[])[], { kept, before, samples: count, coils }: Shape): (slice: number) => ReturnType<Series['read']> {
  return async (slice) => {
    const spokes = slices[slice] as readonly Acquisition[];
    const columns = spokes.length;
    const out = zeros('complex64', [coils, kept, columns]);
    await visitRecords(table, spokes.map((acquisition, column) => ({ acquisition, column })), ({ column }, samples) => {
      for (let coil = 0; coil < coils; coil++) {
        for (let row = 0; row < kept; row++) {
          const from = 2 * (coil * count + before + row);
          const to = 2 * ((coil * kept + row) * columns + column);
          out.data[to] = samples[from] as number;
          out.data[to + 1] = samples[from + 1] as number;
        }
      }
    });
    return out;
  };
}

/** Sorts the readouts of a measurement: which is image, noise or navigator, and which line of which slice it gives. */
import type { Axis, AxisName } from '../../array/recording.ts';
import { LacunaError } from '../../errors.ts';
import type { Matrix } from './matrix.ts';
import { BIT, hasBit, type Scan } from './mdh.ts';

/** A readout with its place in k-space. */
export interface Line {
  readonly scan: Scan;
  readonly column: number;
  /** Row of its first sample. */
  readonly row: number;
}

/** One image, or one slab of partitions. */
export interface Group {
  readonly lines: readonly Line[];
  readonly navigators: readonly Scan[];
  readonly slice: number;
}

export interface Arrangement {
  readonly leading: readonly Axis[];
  readonly coils: number;
  readonly groups: readonly Group[];
  readonly acquired: Uint8Array | null;
  /** Which columns were read backwards; null where all were read the same way. */
  readonly backwards: Uint8Array | null;
}

export interface Sorted {
  /** With calibration lines. */
  readonly measured: readonly Scan[];
  readonly imaging: readonly Scan[];
  readonly noise: readonly Scan[];
  readonly navigators: readonly Scan[];
  readonly others: number;
}

const NOT_IMAGING: readonly number[] = [
  BIT.feedbackRt,
  BIT.feedbackHp,
  BIT.rawDataCorrection,
  BIT.phaseStabilizationReference,
  BIT.phaseStabilization,
  BIT.multibandReference,
  BIT.multibandPhaseCorrection,
  BIT.dummy,
];
/** Counters that make leading axes, slowest first. `set` follows `phase` in the axis of frames; averages and segments are merged. */
const AXES: readonly (readonly [AxisName, (scan: Scan) => number])[] = [
  ['volume', (scan) => scan.repetition],
  ['echo', (scan) => scan.echo],
  ['frame', (scan) => scan.phase * 65_536 + scan.set],
  ['slice', (scan) => scan.slice],
];
const MAX_SLICES = 100_000;

export function sortScans(scans: readonly Scan[]): Sorted {
  const measured: Scan[] = [];
  const noise: Scan[] = [];
  const navigators: Scan[] = [];
  let others = 0;
  for (const scan of scans) {
    if (hasBit(scan, BIT.noise)) noise.push(scan);
    else if (hasBit(scan, BIT.phaseCorrection) && !isCalibrationOnly(scan)) navigators.push(scan);
    else if (hasBit(scan, BIT.phaseCorrection) || NOT_IMAGING.some((bit) => hasBit(scan, bit))) others++;
    else measured.push(scan);
  }
  const imaging = measured.filter((scan) => !isCalibrationOnly(scan));
  // Calibration lines alone are a measurement of their own.
  return { measured, imaging: imaging.length > 0 ? imaging : measured, noise, navigators, others };
}

export function isCalibrationOnly(scan: Scan): boolean {
  return hasBit(scan, BIT.calibration) && !hasBit(scan, BIT.calibrationAndImaging);
}

export interface Place {
  readonly file: string;
  readonly field: string;
  readonly warnings: string[];
}

/** Throws `input.*`; notes what was worked around in `warnings`. Unless `ended`, the last repetition may be incomplete. */
export function arrange({ measured, imaging, navigators }: Sorted, matrix: Matrix, ended: boolean, place: Place): Arrangement {
  const { rows, columns } = matrix;
  const coils = imaging[0]?.channels ?? 0;
  check([...measured, ...navigators], coils, matrix, place);
  const present = AXES.map(([, value]) => [...new Set(imaging.map(value))].sort((a, b) => a - b));
  if (!ended) dropCutRepetition(present[0] as number[], imaging);
  const count = present.reduce((product, values) => product * values.length, 1);
  if (count > MAX_SLICES) throw new LacunaError('input.too-large', `The counters of the readouts span ${count} slices; up to ${MAX_SLICES} are read.`, place);
  const found = indexer(present);
  const groups = Array.from({ length: count }, () => ({ lines: [] as Line[], navigators: [] as Scan[], slice: 0 }));
  let [outside, homeless] = [0, 0];
  for (const scan of measured) {
    const group = groups[found(scan)];
    const column = scan.line - matrix.centreLine + Math.floor(columns / 2);
    if (group === undefined) homeless++;
    else if (column < 0 || column >= columns) outside++;
    else {
      group.lines.push({ scan, column, row: firstRow(scan, rows) });
      group.slice = scan.slice;
    }
  }
  if (groups.every(({ lines }) => lines.length === 0)) throw new LacunaError('input.malformed', 'No readout lies inside the matrix.', place);
  if (outside > 0) place.warnings.push(`${outside} readouts lie outside the matrix of ${rows}×${columns} and were left out.`);
  if (homeless > 0) place.warnings.push(`${homeless} readouts belong to no complete image and were left out.`);
  for (const scan of navigators) groups[found(scan)]?.navigators.push(scan);

  const kept = groups.map((group) => ({ ...group, lines: preferImaging(group.lines) }));
  if (kept.some(({ lines }) => new Set(lines.map(({ scan, column }) => scan.partition * columns + column)).size < lines.length)) {
    place.warnings.push('Lines that were measured more than once (averages) were averaged.');
  }
  const leading = AXES.flatMap(([name], i): Axis[] => {
    const { length } = present[i] as number[];
    return length > 1 || name === 'slice' ? [{ name, length }] : [];
  });
  return { leading, coils, groups: kept, acquired: acquiredLines(kept, columns, place.warnings), backwards: backwardColumns(kept, columns) };
}

/** A repetition with fewer readouts than the first was cut off: it goes, where there is another. */
function dropCutRepetition(repetitions: number[], imaging: readonly Scan[]): void {
  const count = (repetition: number | undefined): number => imaging.filter((scan) => scan.repetition === repetition).length;
  if (repetitions.length > 1 && count(repetitions.at(-1)) < count(repetitions[0])) repetitions.pop();
}

function check(scans: readonly Scan[], coils: number, { rows, columns }: Matrix, place: Place): void {
  const other = scans.find((scan) => scan.channels !== coils);
  if (other !== undefined) {
    throw new LacunaError('input.unsupported', `The readout at byte ${other.offset} has ${other.channels} channels, the first has ${coils}; they must agree.`, place);
  }
  const empty = scans.find((scan) => scan.cutBefore + scan.cutAfter >= scan.samples);
  if (empty !== undefined) {
    throw new LacunaError('input.malformed', `The readout at byte ${empty.offset} cuts ${empty.cutBefore} + ${empty.cutAfter} of its ${empty.samples} samples.`, place);
  }
  if (coils * rows * columns * 8 > 1024 ** 3) {
    throw new LacunaError('input.too-large', `One slice of ${coils} channels × ${rows} × ${columns} is larger than 1 GiB.`, place);
  }
}

/** Index of the group that a readout belongs to, −1 for none. */
function indexer(present: readonly (readonly number[])[]): (scan: Scan) => number {
  const places = present.map((values) => new Map(values.map((value, i) => [value, i])));
  return (scan) => {
    let index = 0;
    for (const [i, [, value]] of AXES.entries()) {
      const at = places[i]?.get(value(scan));
      if (at === undefined) return -1;
      index = index * (places[i]?.size ?? 1) + at;
    }
    return index;
  };
}

/** A full readout fills its column; the centre of a shorter one goes to ⌊rows/2⌋. */
export function firstRow(scan: Scan, rows: number): number {
  if (scan.samples >= rows) return 0;
  const stated = scan.centreColumn === 0 || scan.centreColumn >= scan.samples ? Math.floor(scan.samples / 2) : scan.centreColumn;
  const centre = hasBit(scan, BIT.reflect) ? scan.samples - stated : stated;
  return Math.max(0, Math.min(rows - scan.samples, Math.floor(rows / 2) - centre));
}

/** A calibration line serves only where the line was not measured for the image itself. */
function preferImaging(lines: readonly Line[]): Line[] {
  const key = ({ scan, column }: Line): number => scan.partition * 65_536 + column;
  const imaged = new Set(lines.filter(({ scan }) => !isCalibrationOnly(scan)).map(key));
  return lines.filter((line) => !isCalibrationOnly(line.scan) || !imaged.has(key(line)));
}

/** Lines that every image has; null where that is all of them. */
function acquiredLines(groups: readonly Group[], columns: number, warnings: string[]): Uint8Array | null {
  const hits = new Int32Array(columns);
  const filled = groups.filter(({ lines }) => lines.length > 0);
  for (const { lines } of filled) for (const column of new Set(lines.map((line) => line.column))) hits[column] = (hits[column] as number) + 1;
  if (filled.length < groups.length) warnings.push(`${groups.length - filled.length} of ${groups.length} images have no readouts; they are empty.`);
  const every = filled.length;
  const common = hits.some((n) => n === every);
  if (hits.some((n) => n > 0 && n < every)) {
    warnings.push(`The slices were sampled differently; lines that ${common ? 'not every slice has are taken as not acquired' : 'any slice has are taken as acquired, since none is common to all'}.`);
  }
  const least = common ? every : 1;
  return hits.every((n) => n >= least) ? null : Uint8Array.from(hits, (n) => (n >= least ? 1 : 0));
}

function backwardColumns(groups: readonly Group[], columns: number): Uint8Array | null {
  const out = new Uint8Array(columns);
  let [forward, backward] = [false, false];
  for (const { lines } of groups) {
    for (const { scan, column } of lines) {
      if (hasBit(scan, BIT.reflect)) [out[column], backward] = [1, true];
      else forward = true;
    }
  }
  return forward && backward ? out : null;
}

/** Sorts the acquisitions of one encoding space into k-space slices: which record gives which line of which slice. */
import type { Axis, AxisName } from '../../array/recording.ts';
import { LacunaError } from '../../errors.ts';
import { type Acquisition, FLAG, hasFlag } from './acquisitions.ts';
import type { Encoding } from './header.ts';

export interface Line {
  readonly acquisition: Acquisition;
  readonly column: number;
  /** Row of the first kept sample. */
  readonly row: number;
}

export interface Arrangement {
  readonly leading: readonly Axis[];
  readonly coils: number;
  readonly rows: number;
  readonly columns: number;
  readonly output: { readonly rows: number; readonly columns: number };
  /** Lines of each slice index; several of one column are averaged. */
  readonly slices: readonly (readonly Line[])[];
  readonly acquired: Uint8Array | null;
}

/** Not part of the picture: noise, navigators, corrections, feedback. */
const NOT_IMAGING = [
  FLAG.noise,
  FLAG.navigation,
  FLAG.phaseCorrection,
  FLAG.feedbackHp,
  FLAG.dummy,
  FLAG.feedbackRt,
  FLAG.surfaceCoilCorrection,
  FLAG.phaseStabilizationReference,
  FLAG.phaseStabilization,
];

/** Header counters that make leading axes, slowest first. `set` follows `phase` in the axis of frames. */
const AXES: readonly (readonly [AxisName, (a: Acquisition) => number])[] = [
  ['volume', (a) => a.repetition],
  ['echo', (a) => a.contrast],
  ['frame', (a) => a.phase * 65_536 + a.set],
  ['slice', (a) => a.slice],
];
const MAX_SLICES = 100_000;

export function isMeasured(acquisition: Acquisition): boolean {
  return !NOT_IMAGING.some((flag) => hasFlag(acquisition, flag)) && acquisition.samples > 0 && acquisition.channels > 0;
}

/** `acquisitions`: the measured ones of one encoding space. Throws `input.*`; notes what was worked around in `warnings`. */
export function arrange(acquisitions: readonly Acquisition[], encoding: Encoding, file: string, field: string, warnings: string[]): Arrangement {
  const imaging = acquisitions.filter((a) => !isCalibrationOnly(a));
  // A file of calibration lines alone is a (low-resolution) measurement of its own.
  const basis = imaging.length > 0 ? imaging : acquisitions;
  const { coils } = checkAlike(acquisitions, file, field);
  const matrix = encoding.encoded?.matrix;
  const longest = acquisitions.reduce((most, a) => Math.max(most, a.samples - a.discardBefore - a.discardAfter), 1);
  const highest = acquisitions.reduce((most, a) => Math.max(most, a.step1 + 1), 1);
  const rows = Math.max(matrix?.[0] ?? 1, longest);
  const columns = matrix?.[1] ?? highest;
  if (coils * rows * columns * 8 > 1024 ** 3) {
    throw new LacunaError('input.too-large', `One slice of ${coils} channels × ${rows} × ${columns} is larger than 1 GiB.`, { file, field });
  }

  const present = AXES.map(([, value]) => [...new Set(basis.map(value))].sort((a, b) => a - b));
  const count = present.reduce((product, values) => product * values.length, 1);
  if (count > MAX_SLICES) throw new LacunaError('input.too-large', `The counters of the acquisitions span ${count} slices; up to ${MAX_SLICES} are read.`, { file, field });
  const slices: Line[][] = Array.from({ length: count }, () => []);
  const centre = encoding.step1?.centre ?? Math.floor(columns / 2);
  let outside = 0;
  let homeless = 0;
  for (const acquisition of acquisitions) {
    const slice = sliceIndex(acquisition, present);
    const column = acquisition.step1 - centre + Math.floor(columns / 2);
    const line = { acquisition, column, row: firstRow(acquisition, rows) };
    if (slice < 0) homeless++;
    else if (column < 0 || column >= columns || line.row < 0) outside++;
    else (slices[slice] as Line[]).push(line);
  }
  if (slices.every((lines) => lines.length === 0)) {
    throw new LacunaError('input.malformed', 'No acquisition lies inside the encoded matrix of the header.', { file, field });
  }
  if (outside > 0) warnings.push(`${outside} acquisitions lie outside the encoded matrix of ${rows}×${columns} and were left out.`);
  if (homeless > 0) warnings.push(`${homeless} calibration lines belong to no imaged slice and were left out.`);

  const kept = slices.map((lines) => preferImaging(lines));
  warnAboutRepeats(kept, warnings);
  const leading = AXES.flatMap(([name], i): Axis[] => {
    const { length } = present[i] as number[];
    return length > 1 || name === 'slice' ? [{ name, length }] : [];
  });
  return { leading, coils, rows, columns, output: outputOf(encoding, rows, columns), slices: kept, acquired: acquiredLines(kept, columns, warnings) };
}

export function isCalibrationOnly(acquisition: Acquisition): boolean {
  return hasFlag(acquisition, FLAG.calibration) && !hasFlag(acquisition, FLAG.calibrationAndImaging);
}

function checkAlike(acquisitions: readonly Acquisition[], file: string, field: string): { coils: number } {
  const coils = acquisitions[0]?.channels ?? 0;
  const other = acquisitions.find((a) => a.channels !== coils);
  if (other !== undefined) {
    throw new LacunaError('input.unsupported', `Acquisition ${other.record} has ${other.channels} channels, the first has ${coils}; they must agree.`, { file, field });
  }
  const empty = acquisitions.find((a) => a.discardBefore + a.discardAfter >= a.samples);
  if (empty !== undefined) {
    throw new LacunaError('input.malformed', `Acquisition ${empty.record} discards ${empty.discardBefore} + ${empty.discardAfter} of its ${empty.samples} samples.`, { file, field });
  }
  return { coils };
}

/** -1 where the counters name no slice of the picture. */
function sliceIndex(acquisition: Acquisition, present: readonly (readonly number[])[]): number {
  let index = 0;
  for (const [i, [, value]] of AXES.entries()) {
    const values = present[i] as readonly number[];
    const at = values.indexOf(value(acquisition));
    if (at < 0) return -1;
    index = index * values.length + at;
  }
  return index;
}

/** The centre sample belongs on the centre row; writers that leave it at 0 mean the middle of the readout. */
function firstRow(a: Acquisition, rows: number): number {
  const kept = a.samples - a.discardBefore - a.discardAfter;
  const centre = a.centreSample > a.discardBefore ? a.centreSample - a.discardBefore : Math.floor(kept / 2);
  const row = Math.floor(rows / 2) - centre;
  return row + kept <= rows ? row : -1;
}

/** A calibration line serves only where the line was not measured for the image itself. */
function preferImaging(lines: readonly Line[]): Line[] {
  const imaged = new Set(lines.filter((line) => !isCalibrationOnly(line.acquisition)).map((line) => line.column));
  return lines.filter((line) => !isCalibrationOnly(line.acquisition) || !imaged.has(line.column));
}

function warnAboutRepeats(slices: readonly (readonly Line[])[], warnings: string[]): void {
  const repeated = slices.some((lines) => new Set(lines.map((line) => line.column)).size < lines.length);
  if (repeated) warnings.push('Lines that were measured more than once (averages) were averaged.');
}

/** Lines that every slice has; null where that is all of them. */
function acquiredLines(slices: readonly (readonly Line[])[], columns: number, warnings: string[]): Uint8Array | null {
  const hits = new Int32Array(columns);
  for (const lines of slices) for (const column of new Set(lines.map((line) => line.column))) hits[column] = (hits[column] as number) + 1;
  if (hits.some((n) => n > 0 && n < slices.length)) warnings.push('The slices were sampled differently; lines that not every slice has are taken as not acquired.');
  return hits.every((n) => n === slices.length) ? null : Uint8Array.from(hits, (n) => (n === slices.length ? 1 : 0));
}

/**
 * Readout oversampling and phase oversampling are a larger field of view: the image is the central part of it. k-space is
 * kept as measured and `output` says how much of the image to show.
 */
function outputOf({ encoded, recon }: Encoding, rows: number, columns: number): { rows: number; columns: number } {
  const part = (axis: 0 | 1, size: number) => {
    const full = encoded?.fieldOfView?.[axis];
    const shown = recon?.fieldOfView?.[axis];
    const wanted = encoded !== null && full !== undefined && shown !== undefined ? Math.round((encoded.matrix[axis] * shown) / full) : (recon?.matrix[axis] ?? size);
    return Math.max(1, Math.min(size, wanted));
  };
  return { rows: part(0, rows), columns: part(1, columns) };
}

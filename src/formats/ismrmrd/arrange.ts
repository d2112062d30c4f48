/** Sorts the acquisitions of one Cartesian encoding space into k-space slices: which record gives which line of which slice. */
import type { Axis } from '../../array/recording.ts';
import { LacunaError } from '../../errors.ts';
import type { Acquisition } from './acquisitions.ts';
import { type Leading, leadingAxes, type Partitions } from './counters.ts';
import { counted, type Doctor } from './doctor.ts';
import { isReversed, roleOf } from './flags.ts';
import type { Encoding } from './header.ts';
import { centreLine, readoutIsResolution, wholeMatrix } from './header-checks.ts';

export interface Line {
  readonly acquisition: Acquisition;
  readonly column: number;
  /** Row of the first kept sample. */
  readonly row: number;
}

export interface Arrangement {
  readonly leading: Leading;
  readonly axes: readonly Axis[];
  readonly coils: number;
  readonly rows: number;
  readonly columns: number;
  readonly output: { readonly rows: number; readonly columns: number };
  /** Lines of each slice index; several of one column are averaged. */
  readonly slices: readonly (readonly Line[])[];
  readonly acquired: Uint8Array | null;
  /** Which columns were read backwards; absent where none was, or where the slices differ in it. */
  readonly backwards?: Uint8Array;
}

const MAX_SLICE_BYTES = 1024 ** 3;

/** `acquisitions`: imaging and calibration lines of one encoding space. Throws `input.*`. */
export function arrange(acquisitions: readonly Acquisition[], encoding: Encoding, doctor: Doctor, file: string, field: string, warnings: string[]): Arrangement {
  const lines = withoutForeignCalibration(acquisitions, encoding, doctor);
  const imaging = lines.filter((a) => roleOf(a) === 'imaging');
  // A file of calibration lines alone is a (low-resolution) measurement of its own.
  const basis = imaging.length > 0 ? imaging : lines;
  const coils = channelsOf(lines, file, field);
  const longest = lines.reduce((most, a) => Math.max(most, a.samples - a.discardBefore - a.discardAfter), 1);
  const rows = Math.max(encoding.encoded?.matrix[0] ?? 1, longest);
  const columns = wholeMatrix(basis, encoding, doctor);
  if (coils * rows * columns * 8 > MAX_SLICE_BYTES) {
    throw new LacunaError('input.too-large', `One slice of ${coils} channels × ${rows} × ${columns} is larger than 1 GiB.`, { file, field });
  }
  const leading = leadingAxes(basis, partitionsOf(basis, encoding), file, field);
  const centre = centreLine(basis, encoding, columns, doctor);
  const slices: Line[][] = Array.from({ length: leading.count }, () => []);
  let outside = 0;
  let homeless = 0;
  for (const acquisition of lines) {
    const slice = leading.indexOf(acquisition);
    const line = { acquisition, column: acquisition.step1 - centre + Math.floor(columns / 2), row: firstRow(acquisition, rows) };
    if (slice === -1) homeless++;
    else if (slice < 0 || line.column < 0 || line.column >= columns || line.row < 0) outside++;
    else (slices[slice] as Line[]).push(line);
  }
  if (slices.every((placed) => placed.length === 0)) {
    throw new LacunaError('input.malformed', 'No acquisition lies inside the encoded matrix of the header.', { file, field });
  }
  if (outside > 0) {
    warnings.push(`${outside} acquisitions lie outside the encoded matrix of ${rows}×${columns} and were left out.`);
    doctor.note({
      id: 'lines-outside', severity: 'warning', field: 'kspace_encode_step_1, kspace_encode_step_2, center_sample',
      stated: `The encoded matrix is ${rows}×${columns}, its centre line ${centre}.`, found: `${counted(outside, 'readout')} would lie outside it.`, remedy: 'They were left out.',
    });
  }
  if (homeless > 0) warnings.push(`${homeless} calibration lines belong to no imaged slice and were left out.`);

  const kept = slices.map((placed) => preferImaging(placed));
  warnAboutRepeats(kept, warnings);
  const depth = leading.axes.find((axis) => axis.name === 'partition')?.length;
  const backwards = backwardsColumns(kept, columns, doctor);
  return {
    leading,
    axes: leading.axes,
    coils,
    rows,
    columns,
    output: outputOf(encoding, rows, columns, readoutIsResolution(encoding, longest, doctor)),
    slices: kept,
    acquired: acquiredLines(kept, columns, depth ?? null, warnings),
    ...(backwards === null ? {} : { backwards }),
  };
}

/** Calibration of another resolution does not fit between the lines of the image; of the same, a person may want it out. */
function withoutForeignCalibration(acquisitions: readonly Acquisition[], encoding: Encoding, doctor: Doctor): readonly Acquisition[] {
  const imaging = acquisitions.filter((a) => roleOf(a) === 'imaging');
  const like = imaging[0];
  if (like === undefined || imaging.length === acquisitions.length) return acquisitions;
  const fitting = acquisitions.filter((a) => roleOf(a) === 'imaging' || (a.samples === like.samples && a.channels === like.channels));
  const foreign = acquisitions.length - fitting.length;
  if (foreign > 0) {
    doctor.note({
      id: 'calibration-of-other-size', severity: 'info', field: 'number_of_samples',
      stated: `${counted(foreign, 'readout')} of ${acquisitions.length} are flagged as calibration.`,
      found: `They have other numbers of samples or channels than the ${like.samples} samples of ${like.channels} channels of the image.`, remedy: 'They were left out of the image.',
    });
  }
  if (fitting.length === imaging.length) return imaging;
  const leaveOut = doctor.offer(
    {
      id: 'calibration-left-out', severity: 'info', field: 'encoding/parallelImaging/calibrationMode',
      stated: `The calibration mode is ${encoding.calibrationMode ?? 'not stated'}.`,
      found: `${counted(fitting.length - imaging.length, 'readout')} serve calibration alone.`,
      remedy: 'They fill lines of k-space that the image has not; leave them out where they were measured with another contrast.',
    },
    'Leave the calibration lines out of the image',
  );
  return leaveOut ? imaging : fitting;
}

function channelsOf(acquisitions: readonly Acquisition[], file: string, field: string): number {
  const coils = acquisitions[0]?.channels ?? 0;
  const other = acquisitions.find((a) => a.channels !== coils);
  if (other !== undefined) {
    throw new LacunaError('input.unsupported', `Acquisition ${other.record} has ${other.channels} channels, the first has ${coils}; they must agree.`, { file, field });
  }
  const empty = acquisitions.find((a) => a.discardBefore + a.discardAfter >= a.samples);
  if (empty !== undefined) {
    throw new LacunaError('input.malformed', `Acquisition ${empty.record} discards ${empty.discardBefore} + ${empty.discardAfter} of its ${empty.samples} samples.`, { file, field });
  }
  return coils;
}

/** The second phase encoding is an axis where it takes more than one step. */
function partitionsOf(basis: readonly Acquisition[], { encoded, step2 }: Encoding): Partitions | null {
  const steps = basis.map((a) => a.step2);
  const highest = steps.reduce((most, step) => Math.max(most, step), 0);
  if (steps.every((step) => step === steps[0])) return null;
  const length = Math.max(encoded?.matrix[2] ?? 1, 2);
  const centre = step2?.centre ?? Math.floor(Math.max(length, highest + 1) / 2);
  // A header that says 1 describes a two-dimensional encoding: the counters then say how many there are.
  return (encoded?.matrix[2] ?? 1) > 1 ? { first: centre - Math.floor(length / 2), length } : { first: 0, length: highest + 1 };
}

/**
 * The centre sample belongs on the centre row; writers that leave it at 0 mean the middle of the readout. A line read
 * backwards is turned round, so that what was discarded last comes first. -1 where the readout does not fit.
 */
export function firstRow(a: Acquisition, rows: number): number {
  const kept = a.samples - a.discardBefore - a.discardAfter;
  const before = isReversed(a) ? a.discardAfter : a.discardBefore;
  const centre = a.centreSample > before && a.centreSample < before + kept ? a.centreSample - before : Math.floor(kept / 2);
  const row = Math.floor(rows / 2) - centre;
  return row < 0 || row + kept > rows ? -1 : row;
}

/** A calibration line serves only where the line was not measured for the image itself. */
function preferImaging(lines: readonly Line[]): Line[] {
  const imaged = new Set(lines.filter((line) => roleOf(line.acquisition) === 'imaging').map((line) => line.column));
  return lines.filter((line) => roleOf(line.acquisition) === 'imaging' || !imaged.has(line.column));
}

function warnAboutRepeats(slices: readonly (readonly Line[])[], warnings: string[]): void {
  const repeated = slices.some((lines) => new Set(lines.map((line) => line.column)).size < lines.length);
  if (repeated) warnings.push('Lines that were measured more than once (averages) were averaged.');
}

/**
 * Lines that every slice has; null where that is all of them. Of the partitions of a volume, which are transformed
 * together, those with no line at all (partial Fourier) do not count, and a line counts that most of the others have: the
 * corners that an elliptical scan skips are zero.
 */
function acquiredLines(slices: readonly (readonly Line[])[], columns: number, partitions: number | null, warnings: string[]): Uint8Array | null {
  const measured = partitions === null ? slices : slices.filter((lines) => lines.length > 0);
  const hits = new Int32Array(columns);
  for (const lines of measured) for (const column of new Set(lines.map((line) => line.column))) hits[column] = (hits[column] as number) + 1;
  const enough = partitions === null ? measured.length : Math.floor(measured.length / 2) + 1;
  if (hits.some((n) => n > 0 && n < measured.length)) {
    warnings.push(
      partitions === null
        ? 'The slices were sampled differently; lines that not every slice has are taken as not acquired.'
        : 'The partitions were sampled differently; lines that most of them lack are taken as not acquired, the others as zero where they are missing.',
    );
  }
  return hits.every((n) => n >= enough) ? null : Uint8Array.from(hits, (n) => (n >= enough ? 1 : 0));
}

/** Null where no line was read backwards. */
function backwardsColumns(slices: readonly (readonly Line[])[], columns: number, doctor: Doctor): Uint8Array | null {
  const backwards = new Uint8Array(columns);
  const forwards = new Uint8Array(columns);
  for (const lines of slices) for (const { acquisition, column } of lines) (isReversed(acquisition) ? backwards : forwards)[column] = 1;
  if (!backwards.includes(1)) return null;
  if (backwards.every((flag, column) => flag + (forwards[column] as number) < 2)) return backwards;
  doctor.note({
    id: 'directions-differ', severity: 'warning', field: 'flags',
    stated: 'Some lines were read backwards.', found: 'A line that is read backwards in one slice or average is read forwards in another.', remedy: 'They are turned round; ghosts cannot be corrected by line.',
  });
  return null;
}

/**
 * Readout oversampling and phase oversampling are a larger field of view: the image is the central part of it. k-space is
 * kept as measured and `output` says how much of the image to show.
 */
export function outputOf({ encoded, recon }: Encoding, rows: number, columns: number, allRows = false): { rows: number; columns: number } {
  const part = (axis: 0 | 1, size: number) => {
    const full = encoded?.fieldOfView?.[axis];
    const shown = recon?.fieldOfView?.[axis];
    const wanted = encoded !== null && full !== undefined && shown !== undefined ? Math.round((encoded.matrix[axis] * shown) / full) : (recon?.matrix[axis] ?? size);
    return Math.max(1, Math.min(size, wanted));
  };
  return { rows: allRows ? rows : part(0, rows), columns: part(1, columns) };
}
